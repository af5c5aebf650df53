package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.program.SqlProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
        "Erases people from all tables, former snapshots included, and leaves out their records from then on. Without an address it goes on with those of before.")
final class ForgetCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @Parameters(paramLabel = "ADDRESS", description = "E-mail addresses, in any spelling.")
  private List<String> addresses = new ArrayList<>();

  @Option(
      names = "--accounts",
      paramLabel = "FILE|-",
      description = "Reads addresses from a file, or from standard input: one a line.")
  private String accounts;

  @Option(names = "--dry-run", description = "Says what would go, and changes nothing.")
  private boolean dryRun;

  @Option(
      names = "--verify",
      description =
          "Looks for everybody who is forgotten in every file of the tables' folders, and changes nothing.")
  private boolean verify;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "5min",
      description =
          "For how long a run that writes to the lake is waited for (default: ${DEFAULT-VALUE}).")
  private String wait;

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "How the receipt is printed: table or json (default: table).")
  private ReportFormat format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Says nothing but the receipt.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    Progress progress = new Progress(spec.commandLine().getErr(), quiet);
    PrintWriter out = spec.commandLine().getOut();
    try (LocalLake local = LocalLake.forReading(lakeOptions)) {
      Forgetting forgetting = forgetting(local);
      if (verify) {
        return verify(forgetting.verify(), out);
      }
      Set<String> people = people();
      Forgetting.Receipt receipt =
          dryRun ? forgetting.look(people) : forgetting.run(people, waiting(), progress::say);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (format == ReportFormat.JSON) {
        json(receipt, took, out);
      } else {
        table(receipt, took, out);
      }
      out.flush();
      return receipt.isDone() ? 0 : LakehouseException.Kind.SYSTEM.exitCode();
    }
  }

  private static Forgetting forgetting(LocalLake local) {
    Settings settings = local.settings();
    String given =
        settings
            .pseudonymKey()
            .fingerprint()
            .orElseThrow(
                () ->
                    LakehouseException.usage(
                        "People are recognised by the key of the pseudonyms. Give the one that the lake was written with, as for stedi run."));
    Lease.keyFingerprint(local.lake())
        .filter(tied -> !tied.equals(given))
        .ifPresent(
            tied -> {
              throw LakehouseException.usage(
                  "The pseudonym key is not the one that this lake was written with: its fingerprint is %s, the lake's is %s. Nobody would be recognised; give the lake's."
                      .formatted(given, tied));
            });
    return new Forgetting(
        local.lake(),
        settings.maintenance(),
        settings.pseudonymKey().hash(),
        List.copyOf(SqlProgram.load().tables().keySet()));
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
    Set<String> people = new LinkedHashSet<>();
    addresses.forEach(address -> add(address, people));
    if (accounts != null) {
      try (Reader reader =
              accounts.equals("-")
                  ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
                  : Files.newBufferedReader(Path.of(accounts));
          BufferedReader lines = new BufferedReader(reader)) {
        lines.lines().filter(line -> !line.isBlank()).forEach(line -> add(line, people));
      } catch (NoSuchFileException e) {
        throw LakehouseException.usage(
            "The file %s that --accounts names does not exist.".formatted(accounts), e);
      }
    }
    return people;
  }

  private static void add(String address, Set<String> people) {
    String stripped = address.strip();
    if (stripped.indexOf('@') < 1) {
      // Not repeated here: it may be somebody's name.
      throw LakehouseException.usage(
          "An argument or line without @ is no e-mail address, by which accounts go. Give addresses, such as kim@lake.example; nobody was forgotten.");
    }
    people.add(stripped);
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

  private void table(Forgetting.Receipt receipt, Duration took, PrintWriter out) {
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
    Map<String, Long> raw = RawPlaces.counts(receipt);
    if (!raw.isEmpty()) {
      out.println("raw files that hold records of them, which are their owner's to delete:");
      raw.forEach(
          (file, count) -> out.println("  %s: %s".formatted(Visible.line(file), grouped(count))));
    }
    if (dryRun) {
      out.println("nothing was changed");
    } else {
      receipt.left().forEach(left -> out.println("left: " + Visible.line(left)));
      RawPlaces.NOT_REACHED.forEach(place -> out.println("not reached: " + place));
      out.println(receipt.isDone() ? "nothing is left in the tables" : "not done yet");
    }
    out.printf(Locale.ROOT, "forget, %.1f seconds%n", took.toMillis() / 1000.0);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void json(Forgetting.Receipt receipt, Duration took, PrintWriter out) throws IOException {
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
      json.writeObjectFieldStart("raw_files");
      for (Map.Entry<String, List<Long>> file : RawPlaces.of(receipt).entrySet()) {
        json.writeArrayFieldStart(file.getKey());
        for (long offset : file.getValue()) {
          json.writeNumber(offset);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      strings(json, "left", receipt.left());
      strings(json, "not_reached", RawPlaces.NOT_REACHED);
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
