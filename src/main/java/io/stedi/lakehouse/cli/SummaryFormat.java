package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.catalog.TableContent;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the summary of a run is printed. */
enum SummaryFormat {
  TABLE {
    @Override
    void print(RunSummary summary, PrintWriter out) {
      List<List<String>> rows = new ArrayList<>();
      for (TableContent table : summary.result().tables()) {
        rows.add(
            List.of(
                table.table(),
                grouped(table.rows()),
                grouped(table.dataFiles()),
                grouped(table.deleteFiles()),
                grouped(table.bytes())));
      }
      TextTable.print(out, List.of("table", "rows", "files", "delete files", "bytes"), 1, rows);
      counts(out, "rejected", summary.result().rejects());
      counts(out, "undeclared fields", summary.result().undeclared());
      summary.ignored().forEach(file -> out.println("ignored, no kind of record: " + file));
      out.printf(
          Locale.ROOT,
          "%s run, %.1f seconds%n",
          summary.mode().lowerCaseName(),
          summary.took().toMillis() / 1000.0);
      out.flush();
    }
  },

  JSON {
    @Override
    void print(RunSummary summary, PrintWriter out) throws IOException {
      try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeStringField("mode", summary.mode().lowerCaseName());
        json.writeObjectFieldStart("tables");
        for (TableContent table : summary.result().tables()) {
          json.writeObjectFieldStart(table.table());
          json.writeNumberField("rows", table.rows());
          json.writeNumberField("files", table.dataFiles());
          json.writeNumberField("delete_files", table.deleteFiles());
          json.writeNumberField("bytes", table.bytes());
          json.writeEndObject();
        }
        json.writeEndObject();
        counts(json, "rejects", summary.result().rejects());
        counts(json, "undeclared_fields", summary.result().undeclared());
        json.writeArrayFieldStart("ignored_files");
        for (String file : summary.ignored()) {
          json.writeString(file);
        }
        json.writeEndArray();
        json.writeNumberField("seconds", summary.took().toMillis() / 1000.0);
        json.writeEndObject();
      }
      out.println();
      out.flush();
    }
  };

  abstract void print(RunSummary summary, PrintWriter out) throws IOException;

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static void counts(PrintWriter out, String title, Map<String, Long> counts) {
    counts.forEach(
        (what, count) -> out.println("%s: %s %s".formatted(title, grouped(count), what)));
  }

  private static void counts(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Long> count : counts.entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
