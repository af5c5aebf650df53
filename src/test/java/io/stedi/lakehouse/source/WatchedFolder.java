package io.stedi.lakehouse.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.connector.file.src.FileSourceSplit;

/**
 * Watches a folder as a job does, and takes all that is handed out; each look is a second later.
 */
final class WatchedFolder {

  private final EnumeratorContext flink = new EnumeratorContext();
  private final org.apache.flink.core.fs.Path root;
  private final Watch watch;
  private final long lookNanos;
  private RawSplitEnumerator source;
  private long now;

  /**
   * @param lookTime how long a look seems to take
   */
  WatchedFolder(Path root, Duration settleTime, Duration lookTime) {
    this.root = new org.apache.flink.core.fs.Path("file:" + root);
    this.watch = new Watch(Duration.ofSeconds(1), settleTime, Duration.ofSeconds(60));
    this.lookNanos = lookTime.toNanos();
    this.source =
        RawSplitEnumerator.ofNew(flink.context(), files(), this.root, watch, this::nanoTime);
    source.start();
  }

  private RawFolder files() {
    return RawFolder.of(root, ".*", 10, this::nanoTime);
  }

  private long nanoTime() {
    return now += lookNanos;
  }

  /** Looks once, and reads all that is handed out. */
  void look() {
    flink.tick();
    int before;
    do {
      before = flink.assigned.size();
      source.handleSplitRequest(0, "host");
    } while (flink.assigned.size() > before);
    now += Duration.ofSeconds(1).toNanos();
  }

  /** Goes on from a checkpoint, in another process. */
  void restart() throws IOException {
    RawFilesState.Serializer serializer = new RawFilesState.Serializer();
    RawFilesState state =
        serializer.deserialize(
            serializer.getVersion(), serializer.serialize(source.snapshotState(1)));
    source =
        RawSplitEnumerator.ofRestored(flink.context(), files(), root, watch, this::nanoTime, state);
    source.start();
  }

  /** The splits that were handed out, by the path of their file below the folder. */
  Map<String, List<FileSourceSplit>> read() {
    Map<String, List<FileSourceSplit>> read = new TreeMap<>();
    for (FileSourceSplit split : flink.assigned) {
      read.computeIfAbsent(
              split.path().getPath().substring(root.getPath().length() + 1),
              file -> new ArrayList<>())
          .add(split);
    }
    read.values().forEach(splits -> splits.sort(Comparator.comparingLong(FileSourceSplit::offset)));
    return read;
  }

  /** Whether a file was read, or reported, as it is now. */
  boolean isSeen(Path file) throws IOException {
    for (FileSourceSplit split : flink.assigned) {
      if (split.path().getPath().equals(file.toString())) {
        return source
                .snapshotState(1)
                .seen()
                .compare(split.path(), Files.size(file), Files.getLastModifiedTime(file).toMillis())
            == SeenFiles.Known.SEEN;
      }
    }
    return false;
  }
}
