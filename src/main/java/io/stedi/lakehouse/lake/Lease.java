package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right of one run to write to a lake, kept in the catalog, where runs on any number of
 * machines see it: as properties of a table of its own, changed only by commits that fail if
 * anybody else changed it meanwhile.
 *
 * <p>It runs out unless it is renewed, which a thread does as long as the process lives. A run may
 * go from one process to another, as from the program that submits a job to the JobManager that
 * runs it: whichever took the lease last renews it. Beside the holder the table keeps what was
 * ready to be published when its run ended: whoever takes the lease next has to finish that first.
 */
public final class Lease implements AutoCloseable {

  /** The table that holds the lease; it has no rows. */
  static final String TABLE = "run_lease";

  /** The table of the same kind for those who change no rows, such as compaction. */
  private static final String MAINTENANCE_TABLE = "maintenance_lease";

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private static final Duration TIME = Duration.ofMinutes(2);
  private static final Duration RENEWAL = Duration.ofSeconds(20);

  private static final String KEY = "pseudonym.key-fingerprint";

  /** The property that tells to which moment the tables were rolled back since a stream began. */
  public static final String ROLLED_BACK = "stream.rolled-back";

  private static final String FRESH = "stream.fresh";
  private static final String READY_RUN = "ready.run";
  private static final String READY_TABLES = "ready.tables";

  private final TableOperations operations;
  private final Holder self;
  private final Consumer<LakehouseException> lost;
  private final ScheduledExecutorService renewal;
  private boolean resumed;

  private Lease(TableOperations operations, Holder self, Consumer<LakehouseException> lost) {
    this.operations = operations;
    this.self = self;
    this.lost = lost;
    this.renewal =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lease-renewal");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** What was ready to be published. */
  record Ready(String run, List<String> tables) {}

  /**
   * Takes the lease of a lake.
   *
   * @param run the run's id; a run that holds the lease already, in this process or in another,
   *     takes it again
   * @throws LakehouseException if another run holds it
   */
  public static Lease take(Lake lake, String run) {
    return take(lake, run, loss -> {});
  }

  /**
   * Takes the lease of a lake.
   *
   * @param run as for {@link #take(Lake, String)}
   * @param lost called at most once, in a thread of its own, when another run has taken the lease
   */
  public static Lease take(Lake lake, String run, Consumer<LakehouseException> lost) {
    return take(lake, TABLE, "Another run is writing to the lake", run, lost);
  }

  /**
   * Takes the lease of those who maintain a lake, beside whoever writes to it.
   *
   * @param pass the id of the pass of maintenance
   * @throws LakehouseException if another pass holds it
   */
  public static Lease forMaintenance(Lake lake, String pass) {
    return take(lake, MAINTENANCE_TABLE, "Another process maintains the lake", pass, loss -> {});
  }

  /**
   * @param name of the table that holds the lease
   * @param taken what is said of the lake if another has it
   */
  private static Lease take(
      Lake lake, String name, String taken, String run, Consumer<LakehouseException> lost) {
    requireNonNull(run, "run");
    Table table = lake.ensureTable(name);
    Lease lease =
        new Lease(
            ((HasTableOperations) table).operations(),
            Holder.self(run, Instant.now(), TIME),
            requireNonNull(lost, "lost"));
    lease.take(taken + " " + lake.database());
    lease.renewal.scheduleWithFixedDelay(
        lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    return lease;
  }

  /** Whether a run holds the lease of a lake now. */
  static boolean isTaken(Lake lake) {
    return lake.table(TABLE)
        .flatMap(table -> Holder.of(table.properties()))
        .filter(holder -> !holder.isGone(Instant.now()))
        .isPresent();
  }

  /** The fingerprint of the pseudonym key that a lake is tied to; empty if it is tied to none. */
  public static Optional<String> keyFingerprint(Lake lake) {
    return lake.table(TABLE).map(table -> table.properties().get(KEY));
  }

  /**
   * @param taken what is said if another holds it
   */
  private void take(String taken) {
    change(
        properties -> {
          Instant now = Instant.now();
          Optional<Holder> holder = Holder.of(properties);
          boolean own = holder.isPresent() && holder.get().run().equals(run());
          // An attempt that failed may have taken it all the same.
          resumed |= own && !holder.get().isSameAs(self);
          if (holder.isPresent() && !own && !holder.get().isGone(now)) {
            throw LakehouseException.usage(
                "%s: process %d, run %s. Wait for it to end or stop it; if its machine was lost, its claim runs out at %s."
                    .formatted(
                        taken,
                        holder.get().process(),
                        holder.get().run(),
                        Instant.ofEpochMilli(holder.get().expires())));
          }
          return Holder.self(run(), now, TIME).in(properties);
        });
    LOG.info("run {} {} the lease", run(), resumed ? "goes on with" : "took");
  }

  /** The run that holds the lease. */
  public String run() {
    return self.run();
  }

  /**
   * Whether another process of this run held the lease before: what is written is the run's own.
   */
  public boolean isResumed() {
    return resumed;
  }

  /** Leaves the lease to the process that runs the job, and renews it no more. */
  public void handOver() {
    renewal.shutdownNow();
  }

  /**
   * Takes the lease again after {@link #handOver}, unless another run has it by now.
   *
   * @throws LakehouseException if another run has it
   */
  void takeBack() {
    change(
        properties ->
            Holder.self(run(), Instant.now(), TIME)
                .in(Holder.of(properties).isEmpty() ? properties : requireHeld(properties)));
  }

  /**
   * Ties the lake to a pseudonym key: the first one that it is written with.
   *
   * @param fingerprint tells keys apart, and nothing about them
   * @param accepted whether the lake is tied to this key from now on, whatever it was tied to
   * @throws LakehouseException if the lake is tied to another key
   */
  public void requireKey(String fingerprint, boolean accepted) {
    change(
        properties -> {
          Map<String, String> tied = new HashMap<>(requireHeld(properties));
          String former = tied.put(KEY, fingerprint);
          if (former != null && !former.equals(fingerprint) && !accepted) {
            if (!version(former).equals(version(fingerprint))) {
              throw LakehouseException.usage(
                  "The pseudonyms of this lake were made by another version of the program, in another way, and every pseudonym would change. Run that version; or once, with the same key, --mode batch -D pseudonym.accept-new-key=true, which replaces the pseudonyms.");
            }
            throw LakehouseException.usage(
                "The pseudonym key is not the one that this lake was written with, and every pseudonym would change. Give the former key back (its fingerprint is %s). If it is lost, run once with -D pseudonym.accept-new-key=true, which replaces the pseudonyms."
                    .formatted(former));
          }
          return tied;
        });
  }

  /** A property that runs keep for those after them; the empty string if it is not set. */
  public static String get(Lake lake, String property) {
    return lake.table(TABLE).map(table -> table.properties().get(property)).orElse("");
  }

  /** Sets such a property for whoever looks, whichever run holds the lease. */
  static void set(Lake lake, String property, String value) {
    Table table = lake.ensureTable(TABLE);
    change(
        ((HasTableOperations) table).operations(),
        properties -> {
          Map<String, String> changed = new HashMap<>(properties);
          changed.put(property, value);
          return changed;
        });
  }

  /** A property of this lease; the empty string if it is not set. */
  public String property(String property) {
    return operations.refresh().properties().getOrDefault(property, "");
  }

  /**
   * Sets a property for the runs after this one.
   *
   * @param value the empty string removes it
   */
  public void set(String property, String value) {
    change(
        properties -> {
          Map<String, String> changed = new HashMap<>(requireHeld(properties));
          if (value.isEmpty()) {
            changed.remove(property);
          } else {
            changed.put(property, value);
          }
          return changed;
        });
  }

  /**
   * Whether a stream that is to begin anew has to empty the tables. A cluster runs a program again
   * after a failure; for the same id that happens once.
   *
   * @param id of this beginning
   * @param goesOn whether the job has a state to go on from
   * @throws LakehouseException if it has one from before this beginning
   */
  public boolean mustBeginAnew(String id, boolean goesOn) {
    String begun = property(FRESH);
    if (begun.equals(done(id))) {
      return false;
    }
    if (goesOn && !begun.equals(id)) {
      throw LakehouseException.usage(
          "--fresh %s is to empty the tables, and the job has a state to go on from, whose rows would be missing. Start it without one: upgradeMode stateless, SKIP_RESTORE_FROM_SNAPSHOT, or flink run without --fromSavepoint."
              .formatted(id));
    }
    set(FRESH, id);
    return true;
  }

  /** Records that the tables were emptied for a beginning. */
  public void hasBegunAnew(String id) {
    set(FRESH, done(id));
  }

  private static String done(String id) {
    return id + " (done)";
  }

  /** Of the way in which pseudonyms are made; the first had none. */
  private static String version(String fingerprint) {
    return fingerprint.substring(0, fingerprint.indexOf('-') + 1);
  }

  /** Records that the tables' branches of this run are complete. */
  void markReady(List<String> tables) {
    change(
        properties -> {
          Map<String, String> marked = renewed(properties);
          marked.put(READY_RUN, run());
          marked.put(READY_TABLES, String.join(",", tables));
          return marked;
        });
  }

  /** What was ready to be published, by this run or one before it; empty if nothing is left. */
  Optional<Ready> ready() {
    Map<String, String> properties = operations.refresh().properties();
    return Optional.ofNullable(properties.get(READY_RUN))
        .map(run -> new Ready(run, List.of(properties.get(READY_TABLES).split(","))));
  }

  /** Records that all that was ready is published. */
  void clearReady() {
    change(
        properties -> {
          Map<String, String> cleared = new HashMap<>(requireHeld(properties));
          cleared.remove(READY_RUN);
          cleared.remove(READY_TABLES);
          // A stream of before does not fit these tables any more.
          cleared.remove(ForgottenTable.STREAM);
          return cleared;
        });
  }

  /** Gives the lease up, unless another process has it by now. */
  @Override
  public void close() {
    renewal.shutdownNow();
    try {
      change(
          properties ->
              Holder.of(properties).filter(self::isSameAs).isPresent()
                  ? Holder.without(properties)
                  : properties);
    } catch (RuntimeException e) {
      // It runs out by itself.
      LOG.warn("run {} could not give up the lease", run(), e);
    }
  }

  /** Renews the lease, if this process holds it. */
  void renew() {
    try {
      change(
          properties -> {
            Optional<Holder> holder = Holder.of(properties);
            if (holder.filter(self::isSameAs).isPresent()) {
              return renewed(properties);
            }
            // Given up, or with another process of the run, or lost.
            renewal.shutdownNow();
            holder.ifPresent(ignored -> requireHeld(properties));
            return properties;
          });
    } catch (LakehouseException e) {
      LOG.error("run {} has lost the lease", run(), e);
      lost.accept(e);
    } catch (RuntimeException e) {
      // The next attempt may succeed; before publishing it is asked again, and then it counts.
      LOG.warn("run {} could not renew the lease", run(), e);
    }
  }

  private Map<String, String> renewed(Map<String, String> properties) {
    return Holder.self(run(), Instant.now(), TIME).in(requireHeld(properties));
  }

  private Map<String, String> requireHeld(Map<String, String> properties) {
    if (Holder.of(properties).filter(holder -> holder.run().equals(run())).isEmpty()) {
      throw LakehouseException.system(
          "The run %s has lost its claim on the lake to another run, and publishes nothing. Run again when that is done."
              .formatted(run()),
          null);
    }
    return properties;
  }

  private void change(Function<Map<String, String>, Map<String, String>> change) {
    change(operations, change);
  }

  private static void change(
      TableOperations operations, Function<Map<String, String>, Map<String, String>> change) {
    Attempts.of(
        () -> {
          TableMetadata base = operations.refresh();
          Map<String, String> properties = change.apply(base.properties());
          if (!properties.equals(base.properties())) {
            operations.commit(base, base.replaceProperties(properties));
          }
          return null;
        });
  }
}
