package io.stedi.lakehouse.report;

import io.stedi.lakehouse.check.CheckReport;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Version;
import io.stedi.lakehouse.report.LakeReport.Answer;
import io.stedi.lakehouse.report.LakeReport.Column;
import io.stedi.lakehouse.report.LakeReport.Content;
import io.stedi.lakehouse.report.LakeReport.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A lake as one page that needs nothing else: no script, no network. */
public final class ReportPage {

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --text: #1d2330; --back: #ffffff; --soft: #f2f4f8; --line: #c5cbd8; --accent: #1c5fb0; }
      @media (prefers-color-scheme: dark) { :root { --text: #e6e9f0; --back: #14171f; --soft: #1f2430; --line: #465068; --accent: #78b2ff; } }
      * { box-sizing: border-box; }
      body { margin: 0 auto; max-width: 72rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); }
      h1 { font-size: 1.6rem; margin: 0.5rem 0; } h2 { font-size: 1.25rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); } h3 { font-size: 1rem; margin: 0.5rem 0; }
      nav a { margin-right: 1rem; } a { color: var(--accent); }
      .wide { overflow-x: auto; margin: 0.5rem 0; } table { border-collapse: collapse; width: 100%; font-size: 0.875rem; } caption { text-align: left; font-weight: 600; padding: 0.25rem 0; }
      th, td { text-align: left; padding: 0.2rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top; } th { background: var(--soft); } td:first-child { white-space: nowrap; }
      .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
      .charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
      figure { margin: 0; padding: 0.75rem; background: var(--soft); border-radius: 6px; min-width: 0; break-inside: avoid; } figcaption { font-weight: 600; margin-bottom: 0.5rem; }
      svg { display: block; width: 100%; height: auto; } .flow { min-width: 50rem; } svg text { fill: var(--text); font: 12px system-ui, sans-serif; }
      .bar { fill: var(--accent); } .box { fill: var(--back); stroke: var(--accent); rx: 4; } .line { fill: none; stroke: var(--line); stroke-width: 1.5; }
      .tables { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); } .tables table { font-size: 0.8rem; }
      @media print { body { max-width: none; padding: 0; font-size: 11px; } .flow { min-width: 0; } nav { display: none; } h2 { break-after: avoid; } @page { size: A4; margin: 15mm; } }
      """;

  private ReportPage() {}

  /**
   * Writes the page.
   *
   * @param check what a check of the lake found; null if there was none
   * @throws io.stedi.lakehouse.failure.LakehouseException if the lake has no tables yet, or cannot
   *     be read
   */
  public static String of(Settings settings, Lake lake, CheckReport check) {
    return page(LakeReport.of(settings, lake, check));
  }

  private static String page(LakeReport report) {
    Html html = new Html();
    html.raw(
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'><title>STEDI lakehouse</title><style>\n"
            + STYLE
            + "</style></head><body>\n<header><h1>STEDI lakehouse</h1>\n");
    html.paragraph(
        "%s, as it was at %s. Version %s%s."
            .formatted(
                report.lake(),
                time(report.made()),
                Version.NUMBER,
                report.fingerprint().isEmpty()
                    ? ""
                    : "; fingerprint of the pseudonym key: " + report.fingerprint()));
    html.raw(
        "</header><nav aria-label='Sections'><a href='#flow'>Flow</a><a href='#data'>Data</a><a href='#rejects-and-gaps'>Rejects and gaps</a><a href='#health'>Health</a><a href='#runs'>Runs</a><a href='#tables'>Tables</a></nav>\n<main>\n");
    flow(report, html);
    data(report, html);
    html.section("Rejects and gaps");
    report.answers().stream().filter(answer -> !answer.chart()).forEach(a -> table(a, html));
    check(report.check(), html);
    health(report, html);
    runs(report, html);
    tables(report, html);
    return html.raw("</main></body></html>\n").toString();
  }

  private static void flow(LakeReport report, Html html) {
    html.section("Flow");
    html.paragraph(
        "From raw files to what may be used for research, with the rows that there are.");
    Map<String, String> rows = new HashMap<>();
    report.tables().forEach((name, table) -> rows.put(name, Svg.grouped(table.rows()) + " rows"));
    html.raw(
        "<figure class='wide' tabindex='0' role='region' aria-label='Flow'><div class='flow'>"
            + Svg.flow("Which table is made of which", report.flow(), rows)
            + "</div></figure>\n");
  }

  private static void data(LakeReport report, Html html) {
    html.section("Data");
    html.paragraph(
        "Accounts that are forgotten: %s; not yet erased everywhere: %s."
            .formatted(Svg.grouped(report.forgotten()), Svg.grouped(report.pending())));
    html.raw("<div class='charts'>\n");
    for (Answer answer : report.answers()) {
      if (answer.chart()) {
        html.raw("<figure><figcaption>" + Html.escaped(answer.title()) + "</figcaption>");
        html.raw(
            answer.rows().isEmpty()
                ? "<p>No data.</p>"
                : Svg.bars(
                    answer.title() + ": " + String.join(", ", answer.columns()), Svg.bars(answer)));
        html.raw("<details><summary>as a table</summary>");
        table(answer, html);
        html.raw("</details></figure>\n");
      }
    }
    html.raw("</div>\n");
  }

  private static void table(Answer answer, Html html) {
    int numbers = firstNumber(answer);
    html.table(
        answer.title(),
        answer.columns().stream().map(column -> column.replace('_', ' ')).toList(),
        numbers,
        answer.rows());
  }

  /** The first of the columns at the end that hold whole numbers only. */
  private static int firstNumber(Answer answer) {
    int column = answer.columns().size();
    while (column > 0 && isNumber(answer, column - 1)) {
      column--;
    }
    return column;
  }

  private static boolean isNumber(Answer answer, int column) {
    return answer.rows().stream().allMatch(row -> row.get(column).matches("-?\\d+"));
  }

  private static void check(CheckReport check, Html html) {
    if (check == null) {
      return;
    }
    html.section("Check");
    List<List<String>> rows = new ArrayList<>();
    for (CheckReport.Result result : check.results()) {
      rows.add(
          List.of(
              result.check(),
              result.asked() ? Svg.grouped(result.rows()) : "not asked",
              "%.1f".formatted(result.took().toMillis() / 1000.0)));
    }
    html.table("What was looked for", List.of("check", "wrong rows", "seconds"), 1, rows);
    List<List<String>> findings = new ArrayList<>();
    for (CheckReport.Result result : check.results()) {
      for (CheckReport.Finding finding : result.findings()) {
        findings.add(
            List.of(
                finding.table(),
                finding.what(),
                String.join("; ", finding.first()),
                Svg.grouped(finding.rows())));
      }
    }
    html.table("Findings", List.of("table", "what", "first places", "rows"), 3, findings);
  }

  private static void health(LakeReport report, Html html) {
    html.section("Health");
    List<List<String>> rows = new ArrayList<>();
    for (Map.Entry<String, Content> table : report.tables().entrySet()) {
      Content content = table.getValue();
      rows.add(
          List.of(
              table.getKey(),
              content.committed() == null
                  ? "never"
                  : age(Duration.between(content.committed(), report.made())),
              Svg.grouped(content.rows()),
              Svg.grouped(content.health().after().dataFiles()),
              Svg.grouped(content.health().after().deleteFiles()),
              Svg.grouped(content.health().after().bytes()),
              Svg.grouped(content.health().after().snapshots()),
              Svg.grouped(content.health().after().metadataBytes())));
    }
    html.table(
        "Files and snapshots",
        List.of(
            "table",
            "last change",
            "rows",
            "files",
            "delete files",
            "bytes",
            "snapshots",
            "metadata bytes"),
        2,
        rows);
  }

  private static String age(Duration age) {
    if (age.toMinutes() < 2) {
      return age.toSeconds() + " s ago";
    }
    return age.toHours() < 2
        ? age.toMinutes() + " min ago"
        : age.toDays() < 3 ? age.toHours() + " h ago" : age.toDays() + " days ago";
  }

  private static void runs(LakeReport report, Html html) {
    html.section("Runs");
    List<List<String>> rows = new ArrayList<>();
    for (Run run : report.runs()) {
      rows.add(
          List.of(
              time(run.ended()),
              run.command(),
              run.mode(),
              run.outcome(),
              run.version(),
              run.settings(),
              "%.1f".formatted(Duration.between(run.began(), run.ended()).toMillis() / 1000.0),
              Svg.grouped(run.tables()),
              Svg.grouped(run.rows())));
    }
    html.table(
        "The newest runs",
        List.of(
            "ended",
            "command",
            "mode",
            "outcome",
            "version",
            "settings",
            "seconds",
            "tables",
            "rows written"),
        6,
        rows);
  }

  private static void tables(LakeReport report, Html html) {
    html.section("Tables");
    html.raw("<div class='tables'>\n");
    report
        .tables()
        .forEach(
            (name, table) -> {
              List<List<String>> rows = new ArrayList<>();
              for (Column column : table.columns()) {
                rows.add(
                    List.of(
                        column.name() + (column.key() ? " (key)" : ""),
                        column.type(),
                        column.doc()));
              }
              html.table(name, List.of("column", "type", "meaning"), 3, rows);
            });
    html.raw("</div>\n");
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
