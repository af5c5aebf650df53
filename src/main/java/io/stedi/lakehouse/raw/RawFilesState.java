package io.stedi.lakehouse.raw;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.FileSourceSplitSerializer;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

/**
 * What a checkpoint keeps of the reading of a folder.
 *
 * @param watched whether the folder is; else what was there when the reading began is all
 * @param pending splits that no reader has yet
 * @param seen the files that were taken, whether they are read or pending
 * @param reached how far the rows had come, in milliseconds since the epoch, or {@link
 *     WatermarkRounds#NONE}
 * @param passed how far the watermark had come, in milliseconds since the epoch, or {@link
 *     WatermarkRounds#NONE}
 * @param ahead the times of rows that the watermark had not passed
 */
record RawFilesState(
    boolean watched,
    Collection<FileSourceSplit> pending,
    SeenFiles seen,
    long reached,
    long passed,
    TimeSketch ahead) {

  /** Of a reading that begins. */
  static RawFilesState empty(boolean watched) {
    return new RawFilesState(
        watched,
        List.of(),
        new SeenFiles(),
        WatermarkRounds.NONE,
        WatermarkRounds.NONE,
        new TimeSketch());
  }

  RawFilesState {
    requireNonNull(pending, "pending");
    requireNonNull(seen, "seen");
    requireNonNull(ahead, "ahead");
  }

  /** Writes it in a form of our own, whose version tells how it is read. */
  static final class Serializer implements SimpleVersionedSerializer<RawFilesState> {

    private static final int VERSION = 4;

    /** Of which programs before this one have left savepoints. It ends before the times. */
    private static final int WITHOUT_TIMES = 1;

    /** The same, and it ends after the times. */
    private static final int WITHOUT_PASSED = 2;

    /** The same, and it ends before it says whether the folder is watched. */
    private static final int WITHOUT_WATCHED = 3;

    @Override
    public int getVersion() {
      return VERSION;
    }

    @Override
    public byte[] serialize(RawFilesState state) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(bytes);
      out.writeInt(FileSourceSplitSerializer.INSTANCE.getVersion());
      out.writeInt(state.pending().size());
      for (FileSourceSplit split : state.pending()) {
        byte[] serialized = FileSourceSplitSerializer.INSTANCE.serialize(split);
        out.writeInt(serialized.length);
        out.write(serialized);
      }
      state.seen().write(out);
      out.writeLong(state.reached());
      state.ahead().write(out);
      out.writeLong(state.passed());
      out.writeBoolean(state.watched());
      out.flush();
      return bytes.toByteArray();
    }

    @Override
    public RawFilesState deserialize(int version, byte[] serialized) throws IOException {
      if (version < WITHOUT_TIMES || version > VERSION) {
        throw new IOException(
            "The state of the files is of version %d, of which this program knows nothing (its own is %d)."
                .formatted(version, VERSION));
      }
      DataInputDeserializer in = new DataInputDeserializer(serialized);
      int splitVersion = in.readInt();
      int count = in.readInt();
      List<FileSourceSplit> pending = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        byte[] split = new byte[in.readInt()];
        in.readFully(split);
        pending.add(FileSourceSplitSerializer.INSTANCE.deserialize(splitVersion, split));
      }
      SeenFiles seen = SeenFiles.read(in);
      long reached = in.readLong();
      TimeSketch ahead = version <= WITHOUT_TIMES ? new TimeSketch() : TimeSketch.read(in);
      long passed = version <= WITHOUT_PASSED ? WatermarkRounds.NONE : in.readLong();
      boolean watched = version <= WITHOUT_WATCHED ? isWatched(pending, seen) : in.readBoolean();
      return new RawFilesState(watched, pending, seen, reached, passed, ahead);
    }

    /** Where they did not watch, those programs kept no file that was taken. */
    private static boolean isWatched(List<FileSourceSplit> pending, SeenFiles seen)
        throws IOException {
      if (seen.size() == 0 && !pending.isEmpty()) {
        throw new IOException(
            "The state is that of a run that was to end, of a former program, and does not say which files it read. Begin anew, with --fresh.");
      }
      return true;
    }
  }
}
