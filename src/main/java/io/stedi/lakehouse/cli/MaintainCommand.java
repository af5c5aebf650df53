package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.maintain.Maintenance;
import io.stedi.lakehouse.maintain.TableHealth;
import io.stedi.lakehouse.program.SqlProgram;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi maintain}: one pass of maintenance over the lake's tables. */
@Command(
    name = "maintain",
    mixinStandardHelpOptions = true,
    description =
        "Merges small files, applies deletes, expires snapshots and deletes files that nothing refers to, beside whoever writes to the lake.")
final class MaintainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "TABLE",
      description = "Maintains only these tables.")
  private Set<String> only = new LinkedHashSet<>();

  @Option(names = "--dry-run", description = "Says how the tables are, and changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "How what was done is printed: table or json (default: table).")
  private ReportFormat format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing but the result.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    List<Maintenance.Result> results;
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      List<String> tables = tables();
      Settings settings = local.settings();
      Maintenance maintenance = new Maintenance(local.lake(), settings.maintenance());
      results =
          dryRun
              ? maintenance.look(tables)
              : maintenance.run(tables, result -> progress.say(line(result)));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    PrintWriter out = spec.commandLine().getOut();
    if (format == ReportFormat.JSON) {
      json(results, took, out);
    } else {
      table(results, took, out);
    }
    out.flush();
    return results.stream().allMatch(result -> result.failure() == null)
        ? 0
        : LakehouseException.Kind.SYSTEM.exitCode();
  }

  private List<String> tables() {
    List<String> all = new ArrayList<>(SqlProgram.load().tables().keySet());
    all.addAll(Maintenance.ownTables());
    for (String name : only) {
      if (!all.contains(name)) {
        throw LakehouseException.usage(
            "There is no table '%s' to maintain. The tables are: %s."
                .formatted(name, String.join(", ", all)));
      }
    }
    return only.isEmpty() ? all : List.copyOf(only);
  }

  private static String line(Maintenance.Result result) {
    return (result.failure() == null ? "maintained " : "not maintained: ") + result.table();
  }

  private static void table(List<Maintenance.Result> results, Duration took, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    for (Maintenance.Result result : results) {
      if (result.failure() != null) {
        continue;
      }
      TableHealth before = result.before();
      TableHealth after = result.after();
      rows.add(
          List.of(
              result.table(),
              change(before.dataFiles(), after.dataFiles()),
              change(before.deleteFiles(), after.deleteFiles()),
              change(before.deleteRows(), after.deleteRows()),
              change(before.bytes(), after.bytes()),
              change(before.snapshots(), after.snapshots()),
              change(before.metadataBytes(), after.metadataBytes())));
    }
    TextTable.print(
        out,
        List.of(
            "table", "files", "delete files", "deletes", "bytes", "snapshots", "metadata bytes"),
        1,
        rows);
    for (Maintenance.Result result : results) {
      if (result.failure() != null) {
        out.println(Visible.line(line(result) + ". " + result.failure().getMessage()));
      }
    }
    out.printf(Locale.ROOT, "maintenance, %.1f seconds%n", took.toMillis() / 1000.0);
  }

  private static String change(long before, long after) {
    return before == after
        ? String.format(Locale.ROOT, "%,d", after)
        : String.format(Locale.ROOT, "%,d -> %,d", before, after);
  }

  private static void json(List<Maintenance.Result> results, Duration took, PrintWriter out)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeObjectFieldStart("tables");
      for (Maintenance.Result result : results) {
        json.writeObjectFieldStart(result.table());
        if (result.failure() == null) {
          health(json, "before", result.before());
          health(json, "after", result.after());
        } else {
          json.writeStringField("failure", result.failure().getMessage());
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeNumberField("seconds", took.toMillis() / 1000.0);
      json.writeEndObject();
    }
    out.println();
  }

  private static void health(JsonGenerator json, String name, TableHealth health)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("files", health.dataFiles());
    json.writeNumberField("delete_files", health.deleteFiles());
    json.writeNumberField("deletes", health.deleteRows());
    json.writeNumberField("bytes", health.bytes());
    json.writeNumberField("snapshots", health.snapshots());
    json.writeNumberField("metadata_bytes", health.metadataBytes());
    json.writeEndObject();
  }
}
