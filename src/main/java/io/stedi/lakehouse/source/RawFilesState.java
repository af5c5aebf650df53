package io.stedi.lakehouse.source;

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
 * @param folder the URI of the folder
 * @param pending splits that no reader has yet
 * @param seen the files that were taken, whether they are read or pending
 */
record RawFilesState(
    boolean watched, String folder, Collection<FileSourceSplit> pending, SeenFiles seen) {

  /** Of a reading that begins. */
  static RawFilesState empty(boolean watched, String folder) {
    return new RawFilesState(watched, folder, List.of(), new SeenFiles());
  }

  RawFilesState {
    requireNonNull(folder, "folder");
    requireNonNull(pending, "pending");
    requireNonNull(seen, "seen");
  }

  /** Writes it in a form of our own, whose version tells how it is read. */
  static final class Serializer implements SimpleVersionedSerializer<RawFilesState> {

    private static final int VERSION = 1;

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
      out.writeBoolean(state.watched());
      out.writeUTF(state.folder());
      out.flush();
      return bytes.toByteArray();
    }

    @Override
    public RawFilesState deserialize(int version, byte[] serialized) throws IOException {
      if (version != VERSION) {
        throw new IOException(
            "The state of the files is of version %d, that of another program (this one's is %d). Begin anew, with --fresh, or run the program that wrote it."
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
      return new RawFilesState(in.readBoolean(), in.readUTF(), pending, seen);
    }
  }
}
