package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.function.Canonical;
import io.stedi.lakehouse.function.KeyedHash;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.ForgottenTable.Entry;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import io.stedi.lakehouse.lake.LiveRows;
import io.stedi.lakehouse.lake.OrphanFiles;
import io.stedi.lakehouse.lake.RunReport;
import io.stedi.lakehouse.lake.RunReport.Outcome;
import io.stedi.lakehouse.lake.RunReport.Part;
import io.stedi.lakehouse.lake.StagedWrite;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets people: records that they are to be forgotten, so that whoever writes to the lake leaves
 * them out from then on, waits until that is so, and takes them out of every file of every table.
 *
 * <p>What is recorded is enough to begin again after an interruption, and by it alone: addresses
 * are kept nowhere.
 */
public final class Forgetting {

  private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /** A commit of a stream may bring files while the folder is looked through. */
  private static final int PASSES = 3;

  private final Lake lake;
  private final MaintenanceOptions options;
  private final KeyedHash hash;
  private final List<String> tables;

  /**
   * What was found and done.
   *
   * @param accounts the keyed hash of each account, and whether the lake held a customer of it
   * @param devices how many devices went with them
   * @param sharedDevices how many of their devices stay, since other accounts registered them too
   * @param tables what became of each table
   * @param orphans files without a snapshot that held them, and are deleted
   * @param left what is left to do, and when it will be done; empty if nothing is left
   */
  public record Receipt(
      Instant asked,
      Map<String, Boolean> accounts,
      int devices,
      int sharedDevices,
      Map<String, Erased> tables,
      int orphans,
      List<String> left) {

    /** Whether the lake holds nothing of them. */
    public boolean isDone() {
      return left.isEmpty();
    }
  }

  /**
   * What became of a table.
   *
   * @param rows that are gone
   * @param cleared rejects that stay without their content
   * @param files that were written anew
   * @param snapshots that are kept no more
   * @param references tags and branches that are kept no more
   * @param places where the rows came from, by raw file, in bytes from its beginning
   */
  public record Erased(
      long rows,
      long cleared,
      int files,
      int snapshots,
      int references,
      Map<String, List<Long>> places) {

    static final Erased NOTHING = new Erased(0, 0, 0, 0, 0, Map.of());

    /** This and what a further pass did. */
    Erased and(Erased other) {
      Map<String, List<Long>> all = new TreeMap<>(places);
      other.places.forEach(
          (file, more) ->
              all.merge(file, more, (a, b) -> Stream.concat(a.stream(), b.stream()).toList()));
      return new Erased(
          rows + other.rows,
          cleared + other.cleared,
          files + other.files,
          snapshots + other.snapshots,
          references + other.references,
          all);
    }
  }

  /** A place where somebody is left who is forgotten. */
  public record Place(String table, String file) {}

  private Forgetting(
      Lake lake, MaintenanceOptions options, KeyedHash hash, Collection<String> tables) {
    this.lake = requireNonNull(lake, "lake");
    this.options = requireNonNull(options, "options");
    this.hash = requireNonNull(hash, "hash");
    this.tables = List.copyOf(tables);
  }

  /**
   * Prepares to forget.
   *
   * @param key with which the lake was written
   * @param tables the names of all tables; those that the lake does not have are passed over
   * @throws LakehouseException if there is no key, or it is another
   */
  public static Forgetting of(
      Lake lake, MaintenanceOptions options, PseudonymKey key, Collection<String> tables) {
    String given =
        key.fingerprint()
            .orElseThrow(
                () ->
                    LakehouseException.usage(
                        "People are recognised by the key of the pseudonyms. Give the one that the lake was written with, as for stedi run."));
    Lease.keyFingerprint(lake)
        .filter(tied -> !tied.equals(given))
        .ifPresent(
            tied -> {
              throw LakehouseException.usage(
                  "The pseudonym key is not the one that this lake was written with: its fingerprint is %s, the lake's is %s. Nobody would be recognised; give the lake's."
                      .formatted(given, tied));
            });
    return new Forgetting(lake, options, key.hash(), tables);
  }

  /**
   * Reads addresses, one a line; blank lines are none.
   *
   * @throws LakehouseException if a line is no address
   */
  public static Set<String> addresses(String lines) {
    Set<String> addresses = new LinkedHashSet<>();
    lines
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(
            line -> {
              if (line.indexOf('@') < 1) {
                // Not repeated here: it may be somebody's name.
                throw LakehouseException.usage(
                    "An argument or a line without @ is no e-mail address, by which accounts go. Give addresses such as kim@lake.example; nobody was forgotten.");
              }
              addresses.add(line);
            });
    return addresses;
  }

  /**
   * Forgets people, and whoever was asked to be forgotten before and is not yet.
   *
   * @param addresses in any spelling; none to go on with those of before only
   * @param wait for how long a run that writes is waited for
   * @param progress is told what is being done
   * @throws LakehouseException if another process maintains the lake for longer than that, or a
   *     table cannot be rewritten
   */
  public Receipt run(Collection<String> addresses, Duration wait, Consumer<String> progress) {
    Instant deadline = Instant.now().plus(wait);
    try (Lease lease = maintenance(deadline)) {
      LOG.info("pass {} of forgetting", lease.run());
      Instant asked = time();
      List<Entry> asks = asks(addresses, asked);
      List<Entry> open = new ArrayList<>(open());
      open.addAll(asks);
      if (open.isEmpty()) {
        return new Receipt(asked, Map.of(), 0, 0, Map.of(), 0, List.of());
      }
      Devices devices = devices(open, asked);
      open.addAll(devices.own());
      // With one commit: a stream asks for what is newer than what it has seen.
      ForgottenTable.add(lake, Stream.concat(asks.stream(), devices.own().stream()).toList());
      Instant newest = open.stream().map(Entry::asked).max(Comparator.naturalOrder()).orElseThrow();
      List<String> left = new ArrayList<>();
      try (Writer writer = writer(newest, deadline, progress)) {
        Map<String, Erased> erased = new LinkedHashMap<>();
        int orphans = 0;
        if (writer.why() != null) {
          left.add(writer.why());
        } else {
          ForgottenPeople people = new ForgottenPeople(open, unheld(open, devices), hash);
          boolean settled = isSettled(newest);
          // If nobody writes, nobody writes a file without an end.
          Instant leftOut = writer.lease() == null ? newest : Instant.MAX;
          for (Table table : inOrder()) {
            String name = Lake.nameOf(table);
            progress.accept("erasing from " + name);
            Pass pass = erase(table, people, settled, leftOut);
            erased.put(name, pass.erased());
            orphans += pass.orphans();
            left.addAll(pass.left());
          }
          if (!settled) {
            left.add(
                "A stopped stream may hold rows that it has not committed yet. Start the stream; its maintenance erases them, or run stedi forget without an address.");
          }
        }
        if (left.isEmpty()) {
          ForgottenTable.add(lake, done(open));
        }
        report(lease.run(), asked, erased, left);
        return new Receipt(
            asked,
            devices.found(),
            devices.own().size(),
            devices.shared().size(),
            erased,
            orphans,
            left);
      }
    } catch (IOException e) {
      throw Failures.explain("The people cannot be forgotten", e);
    }
  }

  private void report(String pass, Instant began, Map<String, Erased> erased, List<String> left) {
    List<Part> parts = new ArrayList<>();
    erased.forEach(
        (table, what) -> {
          if (!what.equals(Erased.NOTHING)) {
            parts.add(
                Part.of(
                    table,
                    "rows erased %d, rejects cleared %d, files rewritten %d, snapshots removed %d"
                        .formatted(what.rows(), what.cleared(), what.files(), what.snapshots())));
          }
        });
    left.forEach(what -> parts.add(Part.of(null, what)));
    new RunReport(pass, "forget", null, Map.of(), began)
        .add(lake, left.isEmpty() ? Outcome.DONE : Outcome.LEFT, parts, RunReport.now());
  }

  /** What forgetting people would find in the tables' current content; changes nothing. */
  public Receipt look(Collection<String> addresses) {
    Instant now = now();
    List<Entry> entries = new ArrayList<>(open());
    accounts(addresses).forEach(id -> entries.add(entry(ForgottenTable.ACCOUNT, id, now)));
    try {
      Devices devices = devices(entries, now);
      entries.addAll(devices.own());
      ForgottenPeople people =
          new ForgottenPeople(distinct(entries), unheld(entries, devices), hash);
      Map<String, Erased> found = new LinkedHashMap<>();
      for (Table table : inOrder()) {
        found.put(Lake.nameOf(table), new Erasure(table, options, people).look());
      }
      return new Receipt(
          now, devices.found(), devices.own().size(), devices.shared().size(), found, 0, List.of());
    } catch (IOException e) {
      throw Failures.explain("The people cannot be looked for", e);
    }
  }

  /**
   * Looks for everybody who is forgotten in every file that lies in the folders of the tables,
   * whether a snapshot names it or not.
   */
  public List<Place> verify() {
    Collection<Entry> all = ForgottenTable.read(lake).values();
    ForgottenPeople people = new ForgottenPeople(all, hash);
    Instant asked =
        all.stream().map(Entry::asked).max(Comparator.naturalOrder()).orElse(Instant.MIN);
    List<Place> places = new ArrayList<>();
    try {
      for (Table table : lake.tables(tables)) {
        Erasure erasure = new Erasure(table, options, people);
        for (FileInfo file : OrphanFiles.rowFiles(table)) {
          if (erasure.mayHold(file, asked)) {
            places.add(new Place(Lake.nameOf(table), file.location()));
          }
        }
      }
    } catch (IOException e) {
      throw Failures.explain("The people cannot be looked for", e);
    }
    return places;
  }

  /** How many accounts and devices were asked to be forgotten and are not yet. */
  public static long open(Lake lake) {
    return ForgottenTable.read(lake).values().stream()
        .filter(entry -> entry.done() == null)
        .count();
  }

  private Lease maintenance(Instant deadline) {
    while (true) {
      try {
        return Lease.forMaintenance(lake, UUID.randomUUID().toString());
      } catch (LakehouseException e) {
        if (e.kind() != LakehouseException.Kind.USAGE || Instant.now().isAfter(deadline)) {
          throw e;
        }
        pause();
      }
    }
  }

  /** Now, but later than everything that was asked before. */
  private Instant time() {
    Instant now = now();
    return ForgottenTable.read(lake).values().stream()
        .map(entry -> entry.asked().plusMillis(1))
        .filter(later -> later.isAfter(now))
        .max(Comparator.naturalOrder())
        .orElse(now);
  }

  private List<Entry> asks(Collection<String> addresses, Instant asked) {
    Map<String, Entry> known = ForgottenTable.read(lake);
    List<Entry> entries = new ArrayList<>();
    for (String id : accounts(addresses)) {
      Entry entry = entry(ForgottenTable.ACCOUNT, id, asked);
      Entry former = known.get(entry.key());
      if (former == null || former.done() != null) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private Set<String> accounts(Collection<String> addresses) {
    Set<String> ids = new LinkedHashSet<>();
    for (String address : addresses) {
      ids.add(hash.forgottenId(ForgottenTable.ACCOUNT, Canonical.of(address)));
    }
    return ids;
  }

  private static Entry entry(String what, String id, Instant asked) {
    return new Entry(what, id, asked, null);
  }

  /** To the millisecond, which is what records have. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  private List<Entry> open() {
    return ForgottenTable.read(lake).values().stream()
        .filter(entry -> entry.done() == null)
        .toList();
  }

  private static Collection<Entry> distinct(List<Entry> entries) {
    Map<String, Entry> distinct = new HashMap<>();
    entries.forEach(entry -> distinct.putIfAbsent(entry.key(), entry));
    return distinct.values();
  }

  private static List<Entry> done(List<Entry> entries) {
    Instant now = now();
    return entries.stream()
        .map(entry -> new Entry(entry.what(), entry.id(), entry.asked(), now))
        .toList();
  }

  /**
   * The devices of people.
   *
   * @param found the accounts, and whether there is a customer of each
   * @param own devices that nobody else registered, and are not forgotten yet
   * @param shared those that others registered too, in their canonical spelling
   */
  private record Devices(Map<String, Boolean> found, List<Entry> own, Set<String> shared) {}

  /** All tables; last those that tell whose devices are whose, for whoever has to begin again. */
  private List<Table> inOrder() {
    return lake.tables(tables).stream()
        .sorted(Comparator.comparing(table -> PersonalColumns.of(table).ownedDevice() != null))
        .toList();
  }

  /**
   * The keys of the shared devices that none of the customers has any more whose data is used. A
   * stream takes their readings back by itself.
   */
  private Set<String> unheld(List<Entry> open, Devices devices) throws IOException {
    if (devices.shared().isEmpty() || ForgottenTable.ofStream(lake).isPresent()) {
      return Set.of();
    }
    ForgottenPeople people = new ForgottenPeople(distinct(open), hash);
    Set<String> unheld = new HashSet<>(devices.shared());
    Set<String> holders = new TreeSet<>();
    for (Table table : lake.tables(tables)) {
      Optional.ofNullable(PersonalColumns.of(table).heldBy()).ifPresent(holders::add);
    }
    for (Table table : lake.tables(List.copyOf(holders))) {
      PersonalColumns columns = PersonalColumns.of(table);
      try (CloseableIterable<Record> rows = LiveRows.of(table, columns.in(table.schema()))) {
        for (Record row : rows) {
          if (people.account(row, columns).isEmpty()) {
            unheld.remove(Canonical.of((String) row.getField(columns.ownedDevice())));
          }
        }
      }
    }
    return unheld.stream()
        .map(device -> people.key(ForgottenTable.DEVICE, device))
        .collect(Collectors.toSet());
  }

  /** Looked for in all versions of all accounts that the lake holds. */
  private Devices devices(List<Entry> open, Instant asked) throws IOException {
    ForgottenPeople people = new ForgottenPeople(distinct(open), hash);
    Map<String, Boolean> found = new TreeMap<>();
    Set<String> known = new LinkedHashSet<>();
    for (Entry entry : open) {
      if (entry.what().equals(ForgottenTable.ACCOUNT)) {
        found.put(entry.id(), false);
      } else {
        known.add(entry.id());
      }
    }
    Set<String> own = new LinkedHashSet<>();
    Set<String> others = new LinkedHashSet<>();
    for (Table table : lake.tables(tables)) {
      PersonalColumns columns = PersonalColumns.of(table);
      if (columns.ownedDevice() == null) {
        continue;
      }
      try (CloseableIterable<Record> rows = LiveRows.of(table, columns.in(table.schema()))) {
        for (Record row : rows) {
          String device = Canonical.of((String) row.getField(columns.ownedDevice()));
          Optional<Entry> owner = people.account(row, columns);
          owner.ifPresent(entry -> found.put(entry.id(), true));
          if (device == null || device.isEmpty()) {
            continue;
          }
          if (owner.isPresent()) {
            own.add(device);
          } else {
            others.add(device);
          }
        }
      }
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> shared = new HashSet<>();
    for (String device : own) {
      String id = hash.forgottenId(ForgottenTable.DEVICE, device);
      if (others.contains(device)) {
        shared.add(device);
      } else if (!known.contains(id)) {
        entries.add(entry(ForgottenTable.DEVICE, id, asked));
      }
    }
    return new Devices(found, entries, shared);
  }

  /**
   * Who writes to the lake meanwhile.
   *
   * @param lease that keeps others from it; null if a stream writes that leaves the people out
   * @param why nothing can be erased now; null if it can
   */
  private record Writer(Lease lease, String why) implements AutoCloseable {

    @Override
    public void close() {
      if (lease != null) {
        lease.close();
      }
    }
  }

  /** Waits until nobody writes, or a stream does that has left them out and committed that. */
  private Writer writer(Instant newest, Instant deadline, Consumer<String> progress) {
    boolean told = false;
    while (true) {
      try {
        Lease lease = Lease.take(lake, UUID.randomUUID().toString());
        try {
          StagedWrite.finishReady(lake, lease);
        } catch (RuntimeException | Error e) {
          lease.close();
          throw e;
        }
        return new Writer(lease, null);
      } catch (LakehouseException e) {
        if (e.kind() != LakehouseException.Kind.USAGE) {
          throw e;
        }
        if (ForgottenTable.ofStream(lake).isPresent() && isSettled(newest)) {
          return new Writer(null, null);
        }
        if (Instant.now().isAfter(deadline)) {
          return new Writer(
              null,
              "Nothing is erased yet; new records of these people are dropped. "
                  + e.getMessage()
                  + " Then run stedi forget without an address to resume.");
        }
        if (!told) {
          progress.accept("waiting for the run that writes to the lake");
          told = true;
        }
        pause();
      }
    }
  }

  /** Whether no stream holds, or will commit, anything of before. */
  private boolean isSettled(Instant newest) {
    return ForgottenTable.ofStream(lake).map(asked -> !asked.isBefore(newest)).orElse(true);
  }

  /** What came of a table, its folder included. */
  private record Pass(Erased erased, int orphans, List<String> left) {}

  private Pass erase(Table table, ForgottenPeople people, boolean settled, Instant leftOut)
      throws IOException {
    Erasure erasure = new Erasure(table, options, people);
    Erased all = Erased.NOTHING;
    int orphans = 0;
    List<String> left = List.of();
    for (int pass = 1; pass <= PASSES; pass++) {
      all = all.and(erasure.run());
      List<String> holders = new ArrayList<>();
      // Listed first: what is committed meanwhile is then referred to.
      for (FileInfo file : OrphanFiles.rowFiles(table)) {
        if (erasure.mayHold(file, leftOut)) {
          holders.add(file.location());
        }
      }
      if (holders.isEmpty()) {
        left = List.of();
        break;
      }
      table.refresh();
      List<String> unnamed = OrphanFiles.among(table, holders);
      if (settled && !unnamed.isEmpty()) {
        // Nobody will commit them: who writes has left these people out for some checkpoints.
        CatalogUtil.deleteFiles(table.io(), unnamed, "orphan file", true);
        orphans += unnamed.size();
      }
      left =
          List.of(
              "%d files of the table %s still hold somebody, such as %s. Run stedi forget without an address."
                  .formatted(holders.size(), Lake.nameOf(table), holders.get(0)));
      if (!settled) {
        break;
      }
    }
    return new Pass(all, orphans, left);
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw LakehouseException.system("The run was interrupted.", e);
    }
  }
}
