package io.stedi.lakehouse.maintain;

import io.stedi.lakehouse.function.Canonical;
import io.stedi.lakehouse.function.ForgottenIds;
import io.stedi.lakehouse.function.FragmentTokens;
import io.stedi.lakehouse.function.KeyedHash;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.ForgottenTable.Entry;
import io.stedi.lakehouse.maintain.PersonalColumns.Timed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;

/** Tells the rows of those who are forgotten, by keyed hashes. For one thread. */
final class ForgottenPeople {

  /** How many hashes are remembered: some tens of megabytes. */
  private static final int REMEMBERED = 100_000;

  private final Map<String, Entry> entries;
  private final ForgottenIds ids;

  /** The keys of devices that nobody has any more who may be used. */
  private final Set<String> unheld;

  ForgottenPeople(Collection<Entry> entries, KeyedHash hash) {
    this(entries, Set.of(), hash);
  }

  /**
   * @param unheld keys of devices that are not forgotten, but that no customer has any more whose
   *     data is used
   */
  ForgottenPeople(Collection<Entry> entries, Set<String> unheld, KeyedHash hash) {
    this.entries = entries.stream().collect(Collectors.toMap(Entry::key, entry -> entry));
    this.unheld = Set.copyOf(unheld);
    this.ids = new ForgottenIds(hash, REMEMBERED);
  }

  /** Whether a row is of one of them. The record has at least the personal columns. */
  boolean holds(Record row, PersonalColumns columns) {
    return account(row, columns).isPresent()
        || entry(ForgottenTable.DEVICE, row, columns.device()).isPresent()
        || isUnheld(row, columns);
  }

  private boolean isUnheld(Record row, PersonalColumns columns) {
    if (columns.heldBy() == null || unheld.isEmpty()) {
      return false;
    }
    String device = (String) row.getField(columns.device().name());
    return device != null && unheld.contains(key(ForgottenTable.DEVICE, Canonical.of(device)));
  }

  /** Whether a column that is cleared names one of them. */
  boolean names(Record row, PersonalColumns columns) {
    for (String column : columns.cleared()) {
      Object value = row.getField(column);
      if (value != null && names(bytes(value))) {
        return true;
      }
    }
    return false;
  }

  private boolean names(byte[] fragment) {
    for (String token : FragmentTokens.of(fragment)) {
      for (String what : List.of(ForgottenTable.ACCOUNT, ForgottenTable.DEVICE)) {
        if (entries.containsKey(key(what, token))) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] bytes(Object value) {
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
  }

  /** The account that a row is of, if it is forgotten. */
  Optional<Entry> account(Record row, PersonalColumns columns) {
    return entry(ForgottenTable.ACCOUNT, row, columns.account());
  }

  private Optional<Entry> entry(String what, Record row, Timed column) {
    String text = column == null ? null : (String) row.getField(column.name());
    if (text == null) {
      return Optional.empty();
    }
    OffsetDateTime time = (OffsetDateTime) row.getField(column.time());
    return Optional.ofNullable(entries.get(key(what, Canonical.of(text))))
        .filter(entry -> entry.covers(time == null ? null : time.toInstant()));
  }

  /** The key of the entry of an account or a device, whether there is one or not. */
  String key(String what, String canonical) {
    return Entry.key(what, ids.of(what, canonical));
  }
}
