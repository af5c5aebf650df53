package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the content of several tables after all of it has been written. Each table gets an empty
 * branch, the job writes there, and {@link #publish} makes that the tables' current content.
 * Readers see the former content until then, and for good if the job fails.
 *
 * <p>Chosen over {@code INSERT OVERWRITE}, which replaces only the partitions that get new rows,
 * leaves a table as it was when its new content is empty, and publishes each table when its own
 * sink is done, so that a failing job leaves a mixture of old and new. Publishing is one commit per
 * table: for the moments between the first and the last, a reader of several tables can still see
 * both. A run that is killed in these moments is finished by the next.
 *
 * <p>The branch and the snapshot that empties it bear the run's id. Only what descends from that
 * snapshot is published, so a branch that a sink made itself, with the former rows in it, never is;
 * and whoever begins a run again, as a cluster does after it lost the first attempt, finds what is
 * there already.
 */
public final class StagedWrite {

  private static final Logger LOG = LoggerFactory.getLogger(StagedWrite.class);

  private static final String PREFIX = "staged-";

  /** Of how many runs before the current one the content is kept. */
  static final int FORMER_RUNS = 2;

  private final Lease lease;
  private final List<Table> tables;
  private final String run;

  private StagedWrite(Lease lease, List<Table> tables, String run) {
    this.lease = requireNonNull(lease, "lease");
    this.tables = List.copyOf(tables);
    this.run = requireNonNull(run, "run");
  }

  /**
   * Publishes what an earlier run had ready, drops the branches that others left, and gives each
   * table an empty branch, unless this run has begun already.
   *
   * @param command the command that the run is of; in tables that several commands fill, the
   *     others' rows stay
   * @param lease held by the run until it has published or abandoned
   * @throws LakehouseException if a run of the same id has ended before
   */
  public static StagedWrite begin(Lake lake, List<String> tables, String command, Lease lease) {
    finishReady(lake, lease);
    StagedWrite write = new StagedWrite(lease, lake.tables(tables), lease.run());
    for (Table table : write.tables) {
      write.begin(table, command);
    }
    return write;
  }

  /**
   * A run that has begun, as whoever runs its job takes it up to publish it.
   *
   * @param tables the tables that it was begun with
   */
  public static StagedWrite resume(Lake lake, List<String> tables, Lease lease) {
    return new StagedWrite(lease, lake.tables(tables), lease.run());
  }

  /** Publishes what an earlier run had ready and did not get to publish. */
  public static void finishReady(Lake lake, Lease lease) {
    lease
        .ready()
        .ifPresent(
            ready -> {
              LOG.info("finishing run {}: {}", ready.run(), ready.tables());
              new StagedWrite(lease, lake.tables(ready.tables()), ready.run()).publishAll();
              lease.clearReady();
            });
  }

  /**
   * Empties tables at once, for a streaming run that begins anew. The former content can be read by
   * its snapshot until that is expired.
   *
   * @param command as for {@link #begin}
   * @param lease held by the run, whose id the snapshots bear
   */
  public static void empty(Lake lake, List<String> tables, String command, Lease lease) {
    for (Table table : lake.tables(tables)) {
      if (table.currentSnapshot() != null) {
        table
            .newDelete()
            .deleteFromRowFilter(TableContent.filledBy(table, command))
            .set(RunSnapshots.RUN, lease.run())
            .commit();
        LOG.info("{}: emptied by run {}", table.name(), lease.run());
      }
    }
  }

  private void begin(Table table, String command) {
    dropBranches(table, branch());
    TableMetadata metadata = metadata(table);
    if (metadata.ref(branch()) != null || isPublished(metadata)) {
      requireResumed(table);
      LOG.info("{}: run {} has begun already", table.name(), run);
      return;
    }
    table
        .newDelete()
        .deleteFromRowFilter(TableContent.filledBy(table, command))
        .set(RunSnapshots.RUN, run)
        .toBranch(branch())
        .commit();
    LOG.info("{}: began branch {}", table.name(), branch());
  }

  /**
   * A highly available application has the id of its job, by which a run is known, from the
   * cluster's, so the next application of that cluster has it, too. Iceberg's sink would take what
   * that writes for written already.
   */
  private void requireResumed(Table table) {
    if (!lease.isResumed()) {
      throw LakehouseException.usage(
          "The table %s was filled by a job of the id %s before. Give each job an id of its own: --job-id of a standalone application, or another high-availability.cluster-id."
              .formatted(table.name(), run));
    }
  }

  /** The branch to write to. */
  public String branch() {
    return PREFIX + run;
  }

  /**
   * Makes what was written the tables' current content. From the moment that all of it is known to
   * be complete, the next run finishes what this one leaves undone.
   *
   * @throws LakehouseException if the lease was lost, or somebody else has changed the rows of a
   *     table since {@link #begin}; that table, and those behind it, are left as they are
   */
  public void publish() {
    List<String> pending = new ArrayList<>();
    for (Table table : tables) {
      // Asked of all before the first is changed.
      requirePublishable(table, metadata(table));
      pending.add(Lake.nameOf(table));
    }
    lease.markReady(pending);
    publishAll();
    lease.clearReady();
  }

  /**
   * A job that was published and then, because the JobManager was lost in that moment, ran once
   * more has made its branch again. Nothing of that counts.
   */
  private void dropAgain(TableMetadata base, TableOperations operations) {
    if (base.ref(branch()) != null) {
      operations.commit(base, TableMetadata.buildFrom(base).removeRef(branch()).build());
    }
  }

  private void publishAll() {
    tables.forEach(this::publish);
  }

  private void publish(Table table) {
    long start = System.nanoTime();
    TableOperations operations = ((HasTableOperations) table).operations();
    Snapshot published =
        Attempts.of(
            () -> {
              TableMetadata base = operations.refresh();
              SnapshotRef staged = requirePublishable(table, base);
              if (staged == null) {
                dropAgain(base, operations);
                return null;
              }
              // Refused if the table has changed since it was looked at.
              operations.commit(
                  base,
                  TableMetadata.buildFrom(base)
                      .setBranchSnapshot(staged.snapshotId(), SnapshotRef.MAIN_BRANCH)
                      .removeRef(branch())
                      .build());
              return base.snapshot(staged.snapshotId());
            });
    if (published == null) {
      return;
    }
    LOG.info(
        "{}: published snapshot {}, {} rows, {} ms",
        table.name(),
        published.snapshotId(),
        published.summary().getOrDefault(SnapshotSummary.TOTAL_RECORDS_PROP, "0"),
        (System.nanoTime() - start) / 1_000_000);
    expire(table);
    OrphanFiles.delete(table, Instant.now());
  }

  /**
   * Deletes what nobody goes back to: all snapshots but those of this run and the last of each of
   * the {@value #FORMER_RUNS} runs before it, and these, too, when they are older than the table's
   * retention. A query that began on a former run's content can thus end, and a table that is
   * written again and again stays as large as a few of its contents.
   */
  private void expire(Table table) {
    TableMetadata metadata = metadata(table);
    Set<Long> kept = new HashSet<>();
    metadata.refs().values().forEach(ref -> kept.add(ref.snapshotId()));
    // This run's own snapshots, from the last to the first, tell that it is published.
    Snapshot first = beginning(metadata, metadata.currentSnapshot());
    for (Snapshot own = metadata.currentSnapshot();
        own != null && own != first;
        own = parent(metadata, own)) {
      kept.add(own.snapshotId());
    }
    if (first != null) {
      kept.add(first.snapshotId());
    }
    for (int i = 0; i < FORMER_RUNS && first != null; i++) {
      Snapshot former = parent(metadata, first);
      if (former != null) {
        kept.add(former.snapshotId());
      }
      first = beginning(metadata, former);
    }
    ExpireSnapshots expiry = table.expireSnapshots();
    for (Snapshot other : metadata.snapshots()) {
      if (!kept.contains(other.snapshotId())) {
        expiry.expireSnapshotId(other.snapshotId());
      }
    }
    expiry.commit();
  }

  /**
   * The branch to publish; null if that has happened already.
   *
   * @throws LakehouseException if it must not be published
   */
  private SnapshotRef requirePublishable(Table table, TableMetadata metadata) {
    if (isPublished(metadata)) {
      return null;
    }
    SnapshotRef staged = metadata.ref(branch());
    if (staged == null) {
      throw LakehouseException.system(
          "The branch of the run %s is gone from the table %s, which is left as it was. Another run has taken over; run again when that is done."
              .formatted(run, table.name()),
          null);
    }
    Snapshot emptied = emptied(metadata, staged.snapshotId());
    if (emptied == null) {
      throw LakehouseException.system(
          "The branch of the run %s in the table %s does not start empty, so it is not published. Run again."
              .formatted(run, table.name()),
          null);
    }
    if (!isSameContent(metadata, emptied.parentId())) {
      throw LakehouseException.system(
          "The table %s was written to by somebody else while this run ran. Its content was left as that made it; run again."
              .formatted(table.name()),
          null);
    }
    return staged;
  }

  private boolean isPublished(TableMetadata metadata) {
    Snapshot current = metadata.currentSnapshot();
    return current != null && emptied(metadata, current.snapshotId()) != null;
  }

  /** The snapshot that emptied this run's branch, among a snapshot and its ancestors; or null. */
  private Snapshot emptied(TableMetadata metadata, long snapshotId) {
    return nearest(
        metadata,
        metadata.snapshot(snapshotId),
        snapshot -> run.equals(snapshot.summary().get(RunSnapshots.RUN)));
  }

  /** The snapshot with which the run began that a snapshot is of; null if it is not known. */
  private static Snapshot beginning(TableMetadata metadata, Snapshot of) {
    return nearest(metadata, of, RunSnapshots::begins);
  }

  private static Snapshot nearest(
      TableMetadata metadata, Snapshot from, Predicate<Snapshot> condition) {
    Snapshot snapshot = from;
    while (snapshot != null && !condition.test(snapshot)) {
      snapshot = parent(metadata, snapshot);
    }
    return snapshot;
  }

  /** Whether the table's rows are still those of a snapshot: compaction changes none. */
  private static boolean isSameContent(TableMetadata metadata, Long snapshotId) {
    Snapshot snapshot = metadata.currentSnapshot();
    while (snapshot != null
        && (snapshotId == null || snapshot.snapshotId() != snapshotId)
        && DataOperations.REPLACE.equals(snapshot.operation())) {
      snapshot = parent(metadata, snapshot);
    }
    return snapshot == null
        ? snapshotId == null
        : snapshotId != null && snapshot.snapshotId() == snapshotId;
  }

  private static Snapshot parent(TableMetadata metadata, Snapshot snapshot) {
    return snapshot.parentId() == null ? null : metadata.snapshot(snapshot.parentId());
  }

  /**
   * Drops the branches; the tables keep the content they had. What was ready to be published stays
   * so, for the next run to publish.
   */
  public void abandon() {
    lease.takeBack();
    if (lease.ready().isPresent()) {
      LOG.info("branch {} is ready to be published", branch());
      return;
    }
    tables.forEach(table -> dropBranches(table, null));
    LOG.info("abandoned branch {}", branch());
  }

  private static void dropBranches(Table table, String except) {
    table.refresh();
    List<String> staged =
        table.refs().keySet().stream()
            .filter(name -> name.startsWith(PREFIX) && !name.equals(except))
            .toList();
    if (!staged.isEmpty()) {
      ManageSnapshots refs = table.manageSnapshots();
      staged.forEach(refs::removeBranch);
      refs.commit();
    }
  }

  private static TableMetadata metadata(Table table) {
    return ((HasTableOperations) table).operations().refresh();
  }
}
