package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeAddress;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.program.Plan;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A run as its job knows it.
 *
 * @param id the run's id
 * @param lake that it writes to
 * @param tables that it fills
 * @param replaces whether the tables are published at the end of the job; else it commits as it
 *     goes
 * @param command that it is of
 * @param mode in which it is run
 * @param settings those that decide what the tables hold
 * @param began when it was submitted
 */
record JobRun(
    String id,
    LakeAddress lake,
    List<String> tables,
    boolean replaces,
    String command,
    String mode,
    Map<String, String> settings,
    Instant began)
    implements Serializable {

  JobRun {
    tables = List.copyOf(tables);
    settings = Map.copyOf(settings);
  }

  static JobRun of(String id, Lake lake, Plan plan, boolean replaces) {
    return new JobRun(
        id,
        new LakeAddress(lake.properties(), lake.database()),
        plan.targets(),
        replaces,
        plan.command(),
        plan.mode().lowerCaseName(),
        plan.meaning(),
        Instant.now());
  }

  Lake openLake() {
    return lake.open();
  }

  /** The report of it, or of the part that began then. */
  RunReport report(Instant began) {
    return new RunReport(id, command, mode, settings, began);
  }
}
