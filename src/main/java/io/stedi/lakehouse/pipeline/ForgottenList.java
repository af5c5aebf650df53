package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.ForgottenTable.Entry;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Who is forgotten, as a task of a job knows it: as the lake had it at most {@link #REFRESH} ago.
 * For one thread.
 */
final class ForgottenList implements AutoCloseable {

  /** How old what is known may be when it is asked for. */
  static final Duration REFRESH = Duration.ofSeconds(10);

  private final Lake lake;
  private Map<String, Entry> entries = Map.of();
  private long snapshot;
  private long readAt;

  /** Reads the list of a lake for the first time. */
  ForgottenList(LakeAddress address) {
    this.lake = requireNonNull(address, "address").open();
    try {
      read();
    } catch (RuntimeException | Error e) {
      lake.close();
      throw e;
    }
  }

  boolean isEmpty() {
    if (System.nanoTime() - readAt > REFRESH.toNanos()) {
      read();
    }
    return entries.isEmpty();
  }

  /**
   * Whether what a record is of is forgotten.
   *
   * @param time of the record; null if it has none
   */
  boolean holds(String what, String id, Instant time) {
    Entry entry = entries.get(Entry.key(what, id));
    return entry != null && entry.covers(time);
  }

  /**
   * One that cannot be read fails the task, as a commit does: an entry that a task does not know in
   * time would be let through, and the source has promised that it is not.
   */
  private void read() {
    Table table = lake.table(ForgottenTable.NAME).orElse(null);
    Snapshot current = table == null ? null : table.currentSnapshot();
    if (current != null && current.snapshotId() != snapshot) {
      entries = ForgottenTable.read(table);
      snapshot = current.snapshotId();
    }
    readAt = System.nanoTime();
  }

  @Override
  public void close() {
    lake.close();
  }
}
