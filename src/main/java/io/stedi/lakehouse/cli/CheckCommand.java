package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.check.CheckReport;
import io.stedi.lakehouse.check.LakeCheck;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.RawInput;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stedi check}: looks for what is wrong with the lake. */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Makes every derived table anew from the landing tables and compares it, row by row, with the lake's; changes nothing. Give the settings that the run had.")
final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Option(
      names = "--input",
      paramLabel = "DIR|ZIP|URI",
      description =
          "The raw files, to be read again: are all bytes of those still there in the landing tables or the rejects? (default: not asked)")
  private String input;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "How what was found is printed: table or json (default: table).")
  private ReportFormat format;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    CheckReport report;
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      LakeCheck check = new LakeCheck(local.settings(), local.lake());
      if (input == null) {
        report = check.run(null);
      } else {
        try (RawInput raw = local.lookedAt(input)) {
          report = check.run(raw.root());
        }
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    PrintWriter out = spec.commandLine().getOut();
    if (format == ReportFormat.JSON) {
      json(report, took, out);
    } else {
      table(report, took, out);
    }
    out.flush();
    return report.isClean() ? 0 : LakehouseException.Kind.DATA.exitCode();
  }

  private static void table(CheckReport report, Duration took, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    for (CheckReport.Result result : report.results()) {
      rows.add(List.of(result.check(), seconds(result.took()), wrong(result)));
    }
    TextTable.print(out, List.of("check", "seconds", "wrong"), 1, rows);
    for (CheckReport.Result result : report.results()) {
      for (CheckReport.Finding finding : result.findings()) {
        out.printf(
            Locale.ROOT,
            "%s: %s: %s (%,d)%s%n",
            result.check(),
            finding.table(),
            finding.what(),
            finding.rows(),
            finding.first().stream()
                .map(place -> "\n  " + Visible.line(place))
                .collect(Collectors.joining()));
      }
    }
    if (!report.isClean()) {
      out.println("made anew with " + settings(report.meaning()));
    }
    out.printf(Locale.ROOT, "check, %s seconds%n", seconds(took));
  }

  private static String seconds(Duration took) {
    return String.format(Locale.ROOT, "%.1f", took.toMillis() / 1000.0);
  }

  private static String wrong(CheckReport.Result result) {
    return result.asked() ? String.format(Locale.ROOT, "%,d", result.rows()) : "not asked";
  }

  private static String settings(Map<String, String> meaning) {
    List<String> settings = new ArrayList<>();
    meaning.forEach((key, value) -> settings.add(key + " = " + value));
    return String.join(", ", settings);
  }

  private static void json(CheckReport report, Duration took, PrintWriter out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeBooleanField("clean", report.isClean());
      json.writeArrayFieldStart("checks");
      for (CheckReport.Result result : report.results()) {
        json.writeStartObject();
        json.writeStringField("check", result.check());
        json.writeBooleanField("asked", result.asked());
        json.writeNumberField("wrong", result.rows());
        json.writeNumberField("seconds", result.took().toMillis() / 1000.0);
        json.writeArrayFieldStart("findings");
        for (CheckReport.Finding finding : result.findings()) {
          json.writeStartObject();
          json.writeStringField("table", finding.table());
          json.writeStringField("what", finding.what());
          json.writeNumberField("rows", finding.rows());
          json.writeArrayFieldStart("first");
          for (String place : finding.first()) {
            json.writeString(place);
          }
          json.writeEndArray();
          json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("settings");
      for (Map.Entry<String, String> setting : report.meaning().entrySet()) {
        json.writeStringField(setting.getKey(), setting.getValue());
      }
      json.writeEndObject();
      json.writeNumberField("seconds", took.toMillis() / 1000.0);
      json.writeEndObject();
    }
    out.println();
  }
}
