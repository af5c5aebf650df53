package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content that the tables of a lake had at a former moment, to be made the current one again.
 *
 * <p>Tables are committed to one after the other. A moment between the first and the last commit of
 * the same batch run, or of the same checkpoint, is none at which they fit each other; the last one
 * before it is taken in its place.
 */
public final class Rollback {

  private static final Logger LOG = LoggerFactory.getLogger(Rollback.class);

  private final Instant moment;
  private final List<Step> steps;

  /**
   * What is done to a table.
   *
   * @param former the snapshot that becomes the current one again; null for a table that was empty
   */
  public record Step(Table table, Snapshot former) {

    public String name() {
      return Lake.nameOf(table);
    }

    /** Whether the table's content is another now. */
    public boolean isChange() {
      Snapshot current = table.currentSnapshot();
      return former == null
          ? current != null
          : current == null || current.snapshotId() != former.snapshotId();
    }
  }

  private Rollback(Instant moment, List<Step> steps) {
    this.moment = requireNonNull(moment, "moment");
    this.steps = List.copyOf(steps);
  }

  /** A commit that was a table's content from a time on; {@code writes} tells whose it was. */
  private record Commit(long time, String writes) {}

  /**
   * What goes back to a time.
   *
   * @param names the tables; those that are not in the lake are left out
   * @throws LakehouseException if the content of a table at that time is expired
   */
  public static Rollback to(Lake lake, Collection<String> names, Instant time) {
    List<Table> tables = lake.tables(List.copyOf(names));
    return at(tables, fitting(tables, time.toEpochMilli()));
  }

  /**
   * What goes back to the moment at which a snapshot of one of the tables, and whatever else its
   * run or checkpoint wrote, was the current content.
   *
   * @param names as for {@link #to(Lake, Collection, Instant)}
   * @throws LakehouseException if no table has the snapshot, or as above
   */
  public static Rollback to(Lake lake, Collection<String> names, long snapshot) {
    List<Table> tables = lake.tables(List.copyOf(names));
    String writes =
        tables.stream()
            .filter(table -> table.snapshot(snapshot) != null)
            .findFirst()
            .map(table -> writes(table, table.snapshot(snapshot)))
            .orElseThrow(
                () ->
                    LakehouseException.usage(
                        "No table of the lake %s has a snapshot %d. Its snapshots are in TABLE$snapshots."
                            .formatted(lake.describe(), snapshot)));
    long last =
        tables.stream()
            .flatMap(table -> commits(table).stream())
            .filter(commit -> commit.writes().equals(writes))
            .mapToLong(Commit::time)
            .max()
            .orElseThrow(
                () ->
                    LakehouseException.usage(
                        "The snapshot %d never was the current content of its table."
                            .formatted(snapshot)));
    return at(tables, fitting(tables, last));
  }

  private static Rollback at(List<Table> tables, long time) {
    List<Step> steps = new ArrayList<>();
    for (Table table : tables) {
      steps.add(new Step(table, current(table, time)));
    }
    return new Rollback(Instant.ofEpochMilli(time), steps);
  }

  /** The newest time, up to one, that is in between no two commits of the same writes. */
  private static long fitting(List<Table> tables, long time) {
    Map<String, Long> first = new HashMap<>();
    Map<String, Long> last = new HashMap<>();
    for (Table table : tables) {
      for (Commit commit : commits(table)) {
        first.merge(commit.writes(), commit.time(), Math::min);
        last.merge(commit.writes(), commit.time(), Math::max);
      }
    }
    long moment = time;
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Map.Entry<String, Long> begun : first.entrySet()) {
        if (begun.getValue() <= moment && moment < last.get(begun.getKey())) {
          moment = begun.getValue() - 1;
          moved = true;
        }
      }
    }
    return moment;
  }

  /** The first commit of each writes: what was gone back to is there more than once. */
  private static List<Commit> commits(Table table) {
    Map<String, Commit> commits = new LinkedHashMap<>();
    for (HistoryEntry entry : table.history()) {
      Snapshot snapshot = table.snapshot(entry.snapshotId());
      if (snapshot != null) {
        Commit commit = new Commit(entry.timestampMillis(), writes(table, snapshot));
        commits.putIfAbsent(commit.writes(), commit);
      }
    }
    return List.copyOf(commits.values());
  }

  /**
   * What all tables' commits of the same batch run or the same checkpoint have in common. A commit
   * of neither, such as one of compaction, goes by itself.
   */
  private static String writes(Table table, Snapshot snapshot) {
    if (CommittedBy.checkpoint(snapshot).isPresent()) {
      return CommittedBy.writes(snapshot);
    }
    Snapshot of = snapshot;
    while (of != null && CommittedBy.checkpoint(of).isEmpty()) {
      if (RunSnapshots.begins(of)) {
        return of.summary().get(RunSnapshots.RUN);
      }
      of = of.parentId() == null ? null : table.snapshot(of.parentId());
    }
    return String.valueOf(snapshot.snapshotId());
  }

  private static Snapshot current(Table table, long time) {
    Optional<HistoryEntry> current =
        table.history().stream()
            .filter(entry -> entry.timestampMillis() <= time)
            .reduce((earlier, later) -> later);
    if (current.isEmpty() && wasEmptyBefore(table)) {
      return null;
    }
    return current
        .map(entry -> table.snapshot(entry.snapshotId()))
        .orElseThrow(
            () ->
                LakehouseException.usage(
                    "What the table %s held at %s is expired. The oldest content that can be gone back to is of %s."
                        .formatted(
                            Lake.nameOf(table),
                            Instant.ofEpochMilli(time),
                            Instant.ofEpochMilli(table.history().get(0).timestampMillis()))));
  }

  /** Whether the oldest content known, if any, is the first; what is expired leaves the history. */
  private static boolean wasEmptyBefore(Table table) {
    if (table.history().isEmpty()) {
      return true;
    }
    Snapshot oldest = table.snapshot(table.history().get(0).snapshotId());
    while (oldest != null && oldest.parentId() != null) {
      oldest = table.snapshot(oldest.parentId());
    }
    return oldest != null;
  }

  /** The moment that is gone back to: the one asked for, or the last before it that fits. */
  public Instant moment() {
    return moment;
  }

  public List<Step> steps() {
    return steps;
  }

  /**
   * Makes the former content the current one, table by table, each with a commit that bears the
   * run's id: a stream whose state is of another moment is then refused.
   *
   * @param lease held by the run
   */
  public void apply(Lease lease) {
    lease.set(Lease.ROLLED_BACK, moment.toString());
    for (Step step : steps) {
      if (!step.isChange()) {
        continue;
      }
      Table table = step.table();
      if (step.former() == null) {
        table
            .newDelete()
            .deleteFromRowFilter(Expressions.alwaysTrue())
            .set(RunSnapshots.RUN, lease.run())
            .commit();
      } else {
        table.manageSnapshots().setCurrentSnapshot(step.former().snapshotId()).commit();
        table.newAppend().set(RunSnapshots.RUN, lease.run()).commit();
      }
      LOG.info("{}: went back to {}", table.name(), step.former());
    }
  }
}
