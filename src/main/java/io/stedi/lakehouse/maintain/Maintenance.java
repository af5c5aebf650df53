package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.OrphanFiles;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.RunReport.Part;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pass over a lake's tables, beside whoever writes to them: compaction, then expiry, then files
 * that nothing refers to. One table at a time, and one pass at a time over a lake.
 */
public final class Maintenance {

  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** The property that tells when files that nothing refers to were deleted last. */
  private static final String ORPHANS_DELETED = "orphans.deleted";

  /** To find them, the whole folder of each table is listed. */
  private static final Duration BETWEEN_ORPHANS = Duration.ofDays(1);

  private final Lake lake;
  private final MaintenanceOptions options;

  /**
   * What became of a table.
   *
   * @param before how it was; null if that could not be told
   * @param after how it is; null if it could not be maintained
   * @param failure why it could not be maintained; null if it was
   */
  public record Result(
      String table, TableHealth before, TableHealth after, LakehouseException failure) {}

  public Maintenance(Lake lake, MaintenanceOptions options) {
    this.lake = requireNonNull(lake, "lake");
    this.options = requireNonNull(options, "options");
  }

  /**
   * Maintains tables. One that fails does not keep the others from it.
   *
   * @param tables the names of tables; those that the lake does not have are passed over
   * @param each is told of each table when it is done
   * @return what became of each
   * @throws LakehouseException if another process maintains the lake
   */
  public List<Result> run(List<String> tables, Consumer<Result> each) {
    List<Result> results = new ArrayList<>();
    try (Lease lease = Lease.forMaintenance(lake, UUID.randomUUID().toString())) {
      Instant now = Instant.now();
      String deleted = lease.property(ORPHANS_DELETED);
      boolean orphans =
          deleted.isEmpty() || Instant.parse(deleted).plus(BETWEEN_ORPHANS).isBefore(now);
      LOG.info("pass {} of maintenance", lease.run());
      for (String name : tables) {
        lake.table(name)
            .ifPresent(
                table -> {
                  Result result = maintain(name, table, orphans);
                  results.add(result);
                  each.accept(result);
                });
      }
      if (orphans) {
        lease.set(ORPHANS_DELETED, now.toString());
      }
      report(lease.run(), now, results);
    }
    return results;
  }

  private void report(String pass, Instant began, List<Result> results) {
    boolean failed = results.stream().anyMatch(result -> result.failure() != null);
    new RunReport(pass, "maintain", null, Map.of(), began)
        .add(
            lake,
            failed ? Outcome.FAILED : Outcome.DONE,
            results.stream()
                .filter(result -> !Objects.equals(result.before(), result.after()))
                .map(result -> Part.of(result.table(), detail(result)))
                .toList(),
            RunReport.now());
  }

  private static String detail(Result result) {
    if (result.failure() != null) {
      return result.failure().getMessage();
    }
    TableHealth before = result.before();
    TableHealth after = result.after();
    return "data files %d -> %d, delete files %d -> %d, bytes %d -> %d, snapshots %d -> %d"
        .formatted(
            before.dataFiles(),
            after.dataFiles(),
            before.deleteFiles(),
            after.deleteFiles(),
            before.bytes(),
            after.bytes(),
            before.snapshots(),
            after.snapshots());
  }

  /** The tables that the program keeps for itself, which are maintained too. */
  public static List<String> ownTables() {
    return List.of(RunReport.NAME, ForgottenTable.NAME);
  }

  /** What a pass would find, which changes nothing. */
  public List<Result> look(List<String> tables) {
    List<Result> results = new ArrayList<>();
    for (String name : tables) {
      lake.table(name)
          .map(TableHealth::of)
          .ifPresent(health -> results.add(new Result(name, health, health, null)));
    }
    return results;
  }

  private Result maintain(String name, Table table, boolean orphans) {
    TableHealth before = null;
    try {
      before = TableHealth.of(table);
      new Compaction(table, options).run();
      Instant now = Instant.now();
      new Expiry(table, options).run(now);
      if (orphans) {
        OrphanFiles.delete(table, now);
      }
      table.refresh();
      return new Result(name, before, TableHealth.of(table), null);
    } catch (RuntimeException | IOException e) {
      LakehouseException failure =
          Failures.explain("The table %s cannot be maintained".formatted(name), e);
      LOG.error("{}: not maintained", name, e);
      return new Result(name, before, null, failure);
    }
  }
}
