package io.stedi.lakehouse.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveAllDirEnumerator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** A folder of an object store. Each look lists all of it, for there is no other way to know. */
final class ListedFolder extends NonSplittingRecursiveAllDirEnumerator implements RawFolder {

  private final Path root;
  private final RawSplits splits;
  private SeenFiles seen;

  ListedFolder(Path root, RawSplits splits) {
    super(splits);
    this.root = requireNonNull(root, "root");
    this.splits = splits;
  }

  @Override
  public List<FileSourceSplit> look(SeenFiles known) throws IOException {
    seen = known;
    return List.copyOf(enumerateSplits(new Path[] {root}, 1));
  }

  @Override
  protected void convertToSourceSplits(
      FileStatus file, FileSystem fileSystem, List<FileSourceSplit> target) throws IOException {
    long size = file.getLen();
    long changed = file.getModificationTime();
    if (seen.compare(file.getPath(), size, changed) != SeenFiles.Known.SEEN) {
      splits.add(file.getPath(), size, changed, target);
    }
  }
}
