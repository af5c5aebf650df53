package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.program.SqlProgram;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stedi forget}: people who ask to be erased. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description =
        "Erases people from all tables and snapshots, and drops their records from then on. Without an address it resumes what was interrupted.")
final class ForgetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Parameters(paramLabel = "ADDRESS", description = "E-mail addresses, in any spelling.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--accounts",
      paramLabel = "FILE|-",
      description = "Read addresses from a file or from standard input, one per line.")
  private String accounts;

  @Option(names = "--dry-run", description = "Print what would be erased, and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--verify",
      description =
          "Search every file of the tables' folders for erased people, and change nothing.")
  private boolean verify;

  @Option(
      names = "--raw-files",
      paramLabel = "list|blank",
      description =
          "With --input: list where in the raw files their records are, or overwrite these with blanks.")
  private RawAction rawAction;

  @Option(names = "--input", paramLabel = "DIR|URI", description = "The folder of raw files.")
  private String input;

  /** What is done about raw files. */
  enum RawAction {
    LIST,
    BLANK
  }

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "5min",
      description =
          "How long to wait for a run that writes to the lake (default: ${DEFAULT-VALUE}).")
  private String wait;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "Print the receipt as table or json (default: table).")
  private ReportFormat format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print only the receipt.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    PrintWriter out = spec.commandLine().getOut();
    if ((rawAction == null) != (input == null) || dryRun && rawAction != null) {
      throw LakehouseException.usage(
          "--raw-files and --input go together, and not with --dry-run: raw files are looked through for those who are forgotten already.");
    }
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      Forgetting forgetting = forgetting(local);
      if (verify) {
        return verify(forgetting.verify(), out);
      }
      Set<String> people = people();
      Forgetting.Receipt receipt =
          dryRun ? forgetting.look(people) : forgetting.run(people, waiting(), progress::say);
      RawPlaces raw =
          rawAction == null
              ? RawPlaces.of(receipt)
              : RawPlaces.in(local, input, rawAction == RawAction.BLANK);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (format == ReportFormat.JSON) {
        json(receipt, raw, took, out);
      } else {
        table(receipt, raw, took, out);
      }
      out.flush();
      return receipt.isDone() ? 0 : LakehouseException.Kind.SYSTEM.exitCode();
    }
  }

  private static Forgetting forgetting(LocalLake local) {
    return Forgetting.of(
        local.lake(),
        local.settings().maintenance(),
        local.settings().pseudonymKey(),
        SqlProgram.load().tables().keySet());
  }

  private Duration waiting() {
    try {
      return TimeUtils.parseDuration(wait);
    } catch (IllegalArgumentException e) {
      throw LakehouseException.usage(
          "--wait takes a duration, such as 30s or 5min, and not '%s'.".formatted(wait), e);
    }
  }

  private Set<String> people() throws IOException {
    Set<String> people = new LinkedHashSet<>(Forgetting.addresses(String.join("\n", addresses)));
    if (accounts != null) {
      people.addAll(
          Forgetting.addresses(
              accounts.equals("-")
                  ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                  : read(Location.of(accounts))));
    }
    return people;
  }

  private String read(Location file) throws IOException {
    try {
      return file.readText();
    } catch (FileNotFoundException e) {
      throw LakehouseException.usage(
          "The file %s that --accounts names does not exist.".formatted(accounts), e);
    }
  }

  private int verify(List<Forgetting.Place> places, PrintWriter out) {
    for (Forgetting.Place place : places) {
      out.println(Visible.line("%s: %s holds somebody".formatted(place.table(), place.file())));
    }
    out.println(
        places.isEmpty()
            ? "nothing is left of anybody who is forgotten"
            : "%d files hold somebody who is forgotten".formatted(places.size()));
    out.flush();
    return places.isEmpty() ? 0 : LakehouseException.Kind.DATA.exitCode();
  }

  private void table(Forgetting.Receipt receipt, RawPlaces raw, Duration took, PrintWriter out) {
    List<List<String>> rows = new ArrayList<>();
    receipt
        .tables()
        .forEach(
            (name, erased) ->
                rows.add(
                    List.of(
                        name,
                        grouped(erased.rows()),
                        grouped(erased.cleared()),
                        grouped(erased.files()),
                        grouped(erased.snapshots()))));
    TextTable.print(
        out, List.of("table", "rows", "rejects cleared", "files rewritten", "snapshots"), 1, rows);
    long unknown = receipt.accounts().values().stream().filter(found -> !found).count();
    out.printf(
        Locale.ROOT,
        "%s accounts, %s of them without a customer here; %s devices that were theirs alone, %s shared ones that stay%n",
        grouped(receipt.accounts().size()),
        grouped(unknown),
        grouped(receipt.devices()),
        grouped(receipt.sharedDevices()));
    raw.print(out);
    if (dryRun) {
      out.println("nothing was changed");
    } else {
      receipt.left().forEach(left -> out.println("pending: " + Visible.line(left)));
      raw.notReached().forEach(place -> out.println("outside the lake: " + place));
      out.println(receipt.isDone() ? "nothing is left in the tables" : "not complete yet");
    }
    out.printf(Locale.ROOT, "forget, %.1f seconds%n", took.toMillis() / 1000.0);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void json(Forgetting.Receipt receipt, RawPlaces raw, Duration took, PrintWriter out)
      throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeBooleanField("dry_run", dryRun);
      json.writeStringField("asked", receipt.asked().toString());
      json.writeBooleanField("done", !dryRun && receipt.isDone());
      if (!dryRun && receipt.isDone()) {
        json.writeStringField("at", Instant.now().toString());
      }
      json.writeObjectFieldStart("accounts");
      for (Map.Entry<String, Boolean> account : receipt.accounts().entrySet()) {
        json.writeStringField(account.getKey(), account.getValue() ? "found" : "no customer");
      }
      json.writeEndObject();
      json.writeNumberField("devices", receipt.devices());
      json.writeNumberField("shared_devices", receipt.sharedDevices());
      json.writeObjectFieldStart("tables");
      for (Map.Entry<String, Forgetting.Erased> table : receipt.tables().entrySet()) {
        json.writeObjectFieldStart(table.getKey());
        json.writeNumberField("rows", table.getValue().rows());
        json.writeNumberField("cleared", table.getValue().cleared());
        json.writeNumberField("files", table.getValue().files());
        json.writeNumberField("snapshots", table.getValue().snapshots());
        json.writeNumberField("references", table.getValue().references());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeNumberField("orphan_files", receipt.orphans());
      raw.write(json);
      strings(json, "pending", receipt.left());
      strings(json, "outside", raw.notReached());
      json.writeNumberField("seconds", took.toMillis() / 1000.0);
      json.writeEndObject();
    }
    out.println();
  }

  private static void strings(JsonGenerator json, String name, List<String> strings)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String string : strings) {
      json.writeString(string);
    }
    json.writeEndArray();
  }
}
