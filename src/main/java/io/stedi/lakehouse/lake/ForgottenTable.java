package io.stedi.lakehouse.lake;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;

/**
 * The table {@code forgotten}: who has asked to be forgotten, by keyed hashes, so that records of
 * them that arrive again are left out. It holds nothing else of anybody. Rows are only added: one
 * when it was asked, and another when all that the lake held was gone.
 */
public final class ForgottenTable {

  /** The table's name. */
  public static final String NAME = "forgotten";

  /** What an entry of a person is of. */
  public static final String ACCOUNT = "account";

  /** What an entry of a device is of that no other account ever registered. */
  public static final String DEVICE = "device";

  /**
   * The property by which a stream that goes on tells up to which entry it leaves out everything:
   * the time in milliseconds of the newest. It is removed when a batch run replaces the tables.
   */
  static final String STREAM = "stream.forgotten";

  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(
              1, "what", Types.StringType.get(), "what is forgotten: account or device"),
          Types.NestedField.required(
              2, "id", Types.StringType.get(), "keyed hash of the account or the device"),
          Types.NestedField.required(
              3, "asked", Types.TimestampType.withZone(), "when it was asked; later records count"),
          Types.NestedField.optional(
              4, "done", Types.TimestampType.withZone(), "when nothing was left, null until then"));

  private ForgottenTable() {}

  /**
   * An account or a device that is forgotten.
   *
   * @param what {@link #ACCOUNT} or {@link #DEVICE}
   * @param id its keyed hash
   * @param asked when it was asked, in whole milliseconds: records of a later time are of somebody
   *     who registered anew
   * @param done when nothing was left of it; null as long as something may be
   */
  public record Entry(String what, String id, Instant asked, Instant done) {

    /** What tells it from all others that are forgotten. */
    public String key() {
      return key(what, id);
    }

    /** What tells the entry of that id from all others. */
    public static String key(String what, String id) {
      return what + ':' + id;
    }

    /**
     * Whether a record of it is forgotten too.
     *
     * @param time of the record; null if it has none, and then it is
     */
    public boolean covers(Instant time) {
      return time == null || !time.isAfter(asked);
    }
  }

  /** All that is forgotten by {@link Entry#key}, each as it was asked last. */
  public static Map<String, Entry> read(Lake lake) {
    return lake.table(NAME).map(ForgottenTable::read).orElse(Map.of());
  }

  /** The same, of the table as it was loaded. */
  public static Map<String, Entry> read(Table table) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (CloseableIterable<Record> rows =
        LiveRows.of(table, Expressions.alwaysTrue(), "what", "id", "asked", "done")) {
      for (Record row : rows) {
        Entry entry =
            new Entry(
                (String) row.getField("what"),
                (String) row.getField("id"),
                ((OffsetDateTime) row.getField("asked")).toInstant(),
                Optional.ofNullable((OffsetDateTime) row.getField("done"))
                    .map(OffsetDateTime::toInstant)
                    .orElse(null));
        entries.merge(entry.key(), entry, ForgottenTable::later);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  private static Entry later(Entry one, Entry other) {
    int order = one.asked().compareTo(other.asked());
    if (order == 0) {
      return one.done() == null ? other : one;
    }
    return order > 0 ? one : other;
  }

  /** Adds entries with one commit; the table is made if need be. */
  public static void add(Lake lake, Collection<Entry> entries) {
    if (entries.isEmpty()) {
      return;
    }
    Table table =
        lake.ensureTable(
            NAME,
            SCHEMA,
            PartitionSpec.unpartitioned(),
            Map.of("comment", "who has asked to be forgotten, by keyed hashes; kept by forget"));
    try {
      OwnTable.append(table, entries.stream().map(ForgottenTable::record).toList());
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write to the table %s (%s).".formatted(table.name(), e), e);
    }
  }

  private static Record record(Entry entry) {
    Record record = GenericRecord.create(SCHEMA);
    record.setField("what", entry.what());
    record.setField("id", entry.id());
    record.setField("asked", entry.asked().atOffset(ZoneOffset.UTC));
    record.setField("done", entry.done() == null ? null : entry.done().atOffset(ZoneOffset.UTC));
    return record;
  }

  /**
   * Records up to which entry a stream leaves out everything that it reads and holds.
   *
   * @param asked the time of the newest such entry; the epoch if there is none
   */
  public static void setOfStream(Lake lake, Instant asked) {
    Lease.set(lake, STREAM, String.valueOf(asked.toEpochMilli()));
  }

  /** Up to which entry a stream that may go on leaves out everything; empty if no stream does. */
  public static Optional<Instant> ofStream(Lake lake) {
    String asked = Lease.get(lake, STREAM);
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(Long.parseLong(asked)));
  }
}
