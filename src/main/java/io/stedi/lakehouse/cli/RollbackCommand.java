package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.Rollback;
import io.stedi.lakehouse.lake.StagedWrite;
import io.stedi.lakehouse.pipeline.Pipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.iceberg.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi rollback}: all tables as they were at a former moment. */
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description =
        "Makes what all tables held at a former moment their content again. A streaming run then begins anew with --fresh.")
final class RollbackCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "TIME|SNAPSHOT",
      description =
          "A time, such as 2026-11-30T12:00:00Z (without a zone: UTC), or the id of a snapshot of any table.")
  private String to;

  @Option(names = "--dry-run", description = "Says what would be done, and does nothing.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    LocalLake.requireThere(lakeOptions);
    try (LocalLake local = LocalLake.forWriting(lakeOptions, Settings::onOneMachine);
        Lease lease = Lease.take(local.lake(), UUID.randomUUID().toString())) {
      if (!dryRun) {
        StagedWrite.finishReady(local.lake(), lease);
      }
      List<String> tables = new Pipeline(local.settings(), local.lake()).tables();
      Rollback rollback =
          to.matches("\\d+")
              ? Rollback.to(local.lake(), tables, Long.parseLong(to))
              : Rollback.to(local.lake(), tables, time(to));
      if (!dryRun) {
        rollback.apply(lease);
      }
      print(rollback, out);
    }
    out.flush();
    return 0;
  }

  private static Instant time(String text) {
    try {
      return text.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(text.replace(' ', 'T')).toInstant()
          : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw LakehouseException.usage(
          "--to takes a time, such as 2026-11-30T12:00:00Z, or the id of a snapshot, and not '%s'."
              .formatted(text),
          e);
    }
  }

  private void print(Rollback rollback, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    for (Rollback.Step step : rollback.steps()) {
      Snapshot former = step.former();
      rows.add(
          List.of(
              step.name(),
              former == null ? "empty" : String.valueOf(former.snapshotId()),
              former == null ? "" : Instant.ofEpochMilli(former.timestampMillis()).toString(),
              step.isChange() ? dryRun ? "would go back" : "went back" : "as it was"));
    }
    TextTable.print(out, List.of("table", "snapshot", "committed", "what"), 4, rows);
    out.printf("content of %s%n", rollback.moment());
  }
}
