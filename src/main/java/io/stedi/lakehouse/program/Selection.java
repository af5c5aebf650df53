package io.stedi.lakehouse.program;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.RecordKind;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a run fills.
 *
 * @param command the command that fills it
 * @param tables the tables of the lake that it writes
 * @param outputs the folders of raw files that it writes
 * @param fromLake the tables that its jobs read from the lake; all others flow through memory
 * @param snapshots of which snapshots they are read; of the current one where none is named
 */
public record Selection(
    String command,
    Set<String> tables,
    Set<String> outputs,
    Set<String> fromLake,
    Map<String, Long> snapshots) {

  /** The pipeline: every table but those of the history. */
  static Selection pipeline(SqlProgram program) {
    return new Selection(
        SqlProgram.RUN, program.tablesFilledBy(SqlProgram.RUN), Set.of(), Set.of(), Map.of());
  }

  /**
   * A part of the pipeline, which reads the rest from the lake.
   *
   * @throws LakehouseException if there is no such table
   */
  static Selection only(SqlProgram program, Set<String> tables) {
    Selection all = pipeline(program);
    for (String table : tables) {
      if (!all.tables.contains(table)) {
        throw LakehouseException.usage(
            "There is no table '%s' to run. The tables are: %s."
                .formatted(table, String.join(", ", all.tables)));
      }
    }
    Set<String> rest = new LinkedHashSet<>(all.tables);
    rest.removeAll(tables);
    return new Selection(SqlProgram.RUN, Set.copyOf(tables), Set.of(), rest, Map.of());
  }

  /**
   * The cleaned history.
   *
   * @param reduced whether the reduced data is written as well
   */
  static Selection history(SqlProgram program, boolean reduced) {
    return new Selection(
        SqlProgram.PREPARE,
        program.tablesFilledBy(SqlProgram.PREPARE),
        reduced ? program.outputs().keySet() : Set.of(),
        Set.of(),
        Map.of());
  }

  /**
   * What the tables of the pipeline should hold, by what raw files gave to those at its beginning.
   *
   * @param landed the tables that hold what raw files gave
   * @param snapshots of which snapshots these are read
   * @param raw whether what is in the raw files is read as well
   */
  static Selection check(
      SqlProgram program, Set<String> landed, Map<String, Long> snapshots, boolean raw) {
    Set<String> names = new LinkedHashSet<>(program.tablesFilledBy(SqlProgram.RUN));
    if (raw) {
      for (RecordKind kind : RecordKind.values()) {
        names.add(kind.tableName() + "_record");
      }
    }
    return new Selection(SqlProgram.CHECK, names, Set.of(), landed, snapshots);
  }

  /** The places in raw files of those who are forgotten. */
  static Selection forgottenRecords() {
    return new Selection(
        SqlProgram.FORGET, Set.of(Planner.FORGOTTEN_RECORD), Set.of(), Set.of(), Map.of());
  }
}
