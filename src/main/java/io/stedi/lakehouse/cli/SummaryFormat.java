package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.lake.TableContent;
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
      for (TableContent table : summary.lake().tables()) {
        rows.add(
            List.of(
                table.table(),
                grouped(table.rows()),
                grouped(table.dataFiles()),
                grouped(table.deleteFiles()),
                grouped(table.bytes())));
      }
      TextTable.print(out, List.of("table", "rows", "files", "delete files", "bytes"), 1, rows);
      counts(out, "rejected", summary.lake().rejects());
      if (summary.lake().rejectedAccounts() > 0) {
        out.printf(
            Locale.ROOT,
            "rejected records name %s accounts, %s of them trusted now: their consent may be out of"
                + " date. They are in rejected_landing, column account.%n",
            grouped(summary.lake().rejectedAccounts()),
            grouped(summary.lake().rejectedAccountsTrusted()));
      }
      counts(out, "undeclared fields", summary.lake().undeclared());
      counts(out, "taken for null", summary.lake().unusable());
      counts(out, "repeats", summary.lake().repeats());
      summary
          .ignored()
          .forEach(file -> out.println("ignored, no kind of record: " + Visible.line(file)));
      if (!summary.answers().isEmpty()) {
        List<List<String>> answers = new ArrayList<>();
        for (RunSummary.Answer answer : summary.answers()) {
          answers.add(
              List.of(
                  answer.query(),
                  answer.rows().size() == 1 ? answer.line() : answer.rows().size() + " rows",
                  String.format(Locale.ROOT, "%.1f", answer.took().toMillis() / 1000.0),
                  grouped(answer.bytes())));
        }
        out.println();
        TextTable.print(out, List.of("query", "result", "seconds", "table bytes"), 2, answers);
        out.println();
      }
      if (summary.reducedBytes() > 0) {
        out.printf(
            Locale.ROOT,
            "reduced data: %s of %s bytes, %.1f times smaller%n",
            grouped(summary.reducedBytes()),
            grouped(summary.inputBytes()),
            (double) summary.inputBytes() / summary.reducedBytes());
      }
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
        for (TableContent table : summary.lake().tables()) {
          json.writeObjectFieldStart(table.table());
          json.writeNumberField("rows", table.rows());
          json.writeNumberField("files", table.dataFiles());
          json.writeNumberField("delete_files", table.deleteFiles());
          json.writeNumberField("bytes", table.bytes());
          json.writeEndObject();
        }
        json.writeEndObject();
        counts(json, "rejects", summary.lake().rejects());
        counts(json, "undeclared_fields", summary.lake().undeclared());
        counts(json, "unusable_values", summary.lake().unusable());
        counts(json, "repeats", summary.lake().repeats());
        json.writeObjectFieldStart("rejected_accounts");
        json.writeNumberField("accounts", summary.lake().rejectedAccounts());
        json.writeNumberField("trusted", summary.lake().rejectedAccountsTrusted());
        json.writeEndObject();
        json.writeObjectFieldStart("queries");
        for (RunSummary.Answer answer : summary.answers()) {
          json.writeObjectFieldStart(answer.query());
          json.writeStringField("result", answer.line());
          json.writeNumberField("seconds", answer.took().toMillis() / 1000.0);
          json.writeNumberField("table_bytes", answer.bytes());
          json.writeEndObject();
        }
        json.writeEndObject();
        json.writeNumberField("input_bytes", summary.inputBytes());
        json.writeNumberField("reduced_bytes", summary.reducedBytes());
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
        (what, count) ->
            out.println("%s: %s %s".formatted(title, grouped(count), Visible.line(what))));
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
