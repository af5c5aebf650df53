package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.lake.ForgottenTable.Entry;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceReader;
import org.apache.flink.api.connector.source.lib.util.IteratorSourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.util.FlinkRuntimeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads who is forgotten. The enumerator, in the JobManager, looks at the lake's table again and
 * again and hands the new entries to the only reader.
 *
 * <p>It also records in the lake up to which entry the job leaves out everything. Tasks know an
 * entry after {@link ForgottenList#REFRESH}; what they had let through by then is committed with
 * the checkpoint after that, and what is taken back for it with the next.
 */
final class ForgottenSource implements Source<RowData, ForgottenSource.Split, Long> {

  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ForgottenSource.class);

  /** One that may have begun before, one with what was let through, one with what is taken back. */
  private static final int CHECKPOINTS = 3;

  /** How many looks in a row may fail: a minute's. */
  private static final int FAILURES = 5;

  private final LakeAddress lake;
  private final Duration interval;

  /**
   * @param interval between two looks; none to read what there is and end
   */
  ForgottenSource(LakeAddress lake, Duration interval) {
    this.lake = requireNonNull(lake, "lake");
    this.interval = requireNonNull(interval, "interval");
  }

  @Override
  public Boundedness getBoundedness() {
    return interval.isZero() ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SourceReader<RowData, Split> createReader(SourceReaderContext context) {
    return new IteratorSourceReader<>(context);
  }

  @Override
  public SplitEnumerator<Split, Long> createEnumerator(SplitEnumeratorContext<Split> context) {
    return new Enumerator(lake, interval, context, null);
  }

  @Override
  public SplitEnumerator<Split, Long> restoreEnumerator(
      SplitEnumeratorContext<Split> context, Long handedOut) {
    return new Enumerator(lake, interval, context, handedOut);
  }

  @Override
  public SimpleVersionedSerializer<Split> getSplitSerializer() {
    return new SplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<Long> getEnumeratorCheckpointSerializer() {
    return new TimeSerializer();
  }

  /**
   * Entries to be read.
   *
   * @param splitId of its own for each
   */
  record Split(String splitId, List<Entry> entries)
      implements IteratorSourceSplit<RowData, Entries> {

    Split {
      entries = List.copyOf(entries);
    }

    @Override
    public Entries getIterator() {
      return new Entries(entries);
    }

    @Override
    public Split getUpdatedSplitForIterator(Entries iterator) {
      return new Split(splitId, iterator.left());
    }
  }

  /** Rows of entries, which knows what is left of them. */
  static final class Entries implements Iterator<RowData> {

    private final List<Entry> entries;
    private int read;

    Entries(List<Entry> entries) {
      this.entries = List.copyOf(entries);
    }

    @Override
    public boolean hasNext() {
      return read < entries.size();
    }

    @Override
    public RowData next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Entry entry = entries.get(read++);
      return GenericRowData.of(
          StringData.fromString(entry.what()),
          StringData.fromString(entry.id()),
          TimestampData.fromInstant(entry.asked()));
    }

    List<Entry> left() {
      return entries.subList(read, entries.size());
    }
  }

  private static final class Enumerator implements SplitEnumerator<Split, Long> {

    private final LakeAddress address;
    private final Duration interval;
    private final SplitEnumeratorContext<Split> context;
    private final boolean restored;

    /** The time of the newest entry that was handed out. */
    private Instant handedOut;

    /** What is to be handed out as soon as there is a reader. */
    private final List<Split> splits = new ArrayList<>();

    private Lake lake;
    private boolean read;
    private Instant told;
    private long handedOutAt;
    private int checkpoints;
    private int failures;

    Enumerator(
        LakeAddress address,
        Duration interval,
        SplitEnumeratorContext<Split> context,
        Long handedOut) {
      this.address = address;
      this.interval = interval;
      this.context = context;
      this.restored = handedOut != null;
      this.handedOut = Instant.ofEpochMilli(restored ? handedOut : 0);
    }

    @Override
    public void start() {
      lake = address.open();
      if (interval.isZero()) {
        context.callAsync(() -> ForgottenTable.read(lake).values(), this::handOut);
        return;
      }
      told = ForgottenTable.ofStream(lake).orElse(null);
      if (!restored || told == null || told.isAfter(handedOut)) {
        // It begins, or goes on from a state of before: what was left out since has to be again.
        told = restored ? handedOut.minusMillis(1) : Instant.EPOCH;
        ForgottenTable.setOfStream(lake, told);
      }
      handedOutAt = System.nanoTime();
      context.callAsync(
          () -> ForgottenTable.read(lake).values(), this::handOut, 0, interval.toMillis());
    }

    private void handOut(Collection<Entry> all, Throwable failure) {
      if (failure != null) {
        if (!read || ++failures > FAILURES) {
          throw new FlinkRuntimeException("Who is forgotten cannot be read", failure);
        }
        LOG.warn("who is forgotten cannot be read, and is read again later", failure);
        return;
      }
      read = true;
      failures = 0;
      List<Entry> entries =
          all.stream()
              .filter(entry -> entry.asked().isAfter(handedOut))
              .sorted(Comparator.comparing(Entry::asked))
              .toList();
      if (!entries.isEmpty()) {
        handedOut = entries.get(entries.size() - 1).asked();
        handedOutAt = System.nanoTime();
        checkpoints = 0;
        splits.add(new Split(String.valueOf(handedOut.toEpochMilli()), entries));
      }
      assign();
    }

    private void assign() {
      if (!context.registeredReaders().containsKey(0)) {
        return;
      }
      splits.forEach(split -> context.assignSplit(split, 0));
      splits.clear();
      if (read && interval.isZero()) {
        context.signalNoMoreSplits(0);
      }
    }

    @Override
    public void handleSplitRequest(int subtask, String host) {
      // It gets them as they come.
    }

    @Override
    public void addSplitsBack(List<Split> back, int subtask) {
      splits.addAll(back);
    }

    @Override
    public void addReader(int subtask) {
      assign();
    }

    @Override
    public Long snapshotState(long checkpoint) {
      // What is not handed out yet is read again.
      return splits.isEmpty()
          ? handedOut.toEpochMilli()
          : splits.get(0).entries().get(0).asked().toEpochMilli() - 1;
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) {
      if (interval.isZero()
          || handedOut.equals(told)
          || System.nanoTime() - handedOutAt < ForgottenList.REFRESH.toNanos()
          || ++checkpoints < CHECKPOINTS) {
        return;
      }
      Instant asked = handedOut;
      told = asked;
      context.callAsync(
          () -> {
            ForgottenTable.setOfStream(lake, asked);
            return asked;
          },
          (done, failure) -> {
            if (failure != null) {
              LOG.warn("cannot record up to when what is forgotten is left out", failure);
              told = Instant.EPOCH;
            }
          });
    }

    @Override
    public void close() {
      if (lake != null) {
        lake.close();
      }
    }
  }

  private static final class TimeSerializer implements SimpleVersionedSerializer<Long> {

    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Long millis) {
      return ByteBuffer.allocate(Long.BYTES).putLong(millis).array();
    }

    @Override
    public Long deserialize(int version, byte[] bytes) {
      return ByteBuffer.wrap(bytes).getLong();
    }
  }

  private static final class SplitSerializer implements SimpleVersionedSerializer<Split> {

    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(Split split) throws IOException {
      DataOutputSerializer out = new DataOutputSerializer(128);
      out.writeUTF(split.splitId());
      out.writeInt(split.entries().size());
      for (Entry entry : split.entries()) {
        out.writeUTF(entry.what());
        out.writeUTF(entry.id());
        out.writeLong(entry.asked().toEpochMilli());
      }
      return out.getCopyOfBuffer();
    }

    @Override
    public Split deserialize(int version, byte[] bytes) throws IOException {
      DataInputDeserializer in = new DataInputDeserializer(bytes);
      String id = in.readUTF();
      int size = in.readInt();
      List<Entry> entries = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        entries.add(
            new Entry(in.readUTF(), in.readUTF(), Instant.ofEpochMilli(in.readLong()), null));
      }
      return new Split(id, entries);
    }
  }
}
