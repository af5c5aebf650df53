package io.stedi.lakehouse.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.RegexFileFilter;
import org.apache.flink.core.fs.Path;

/**
 * Which files are raw files, and into what they are split: large ones are read by several tasks.
 */
final class RawSplits implements Predicate<Path> {

  private final Predicate<Path> filter;
  private final long splitBytes;

  /**
   * @param pattern which files are raw files, a regular expression for their whole path
   * @param splitBytes the length of a split, the last of a file excepted
   */
  RawSplits(String pattern, long splitBytes) {
    this.filter = new RegexFileFilter(requireNonNull(pattern, "pattern"));
    this.splitBytes = splitBytes;
  }

  @Override
  public boolean test(Path path) {
    return filter.test(path);
  }

  /**
   * Adds the splits of a file.
   *
   * @param size in bytes
   * @param changed when it was changed last, in milliseconds since the epoch
   */
  void add(Path path, long size, long changed, List<FileSourceSplit> target) throws IOException {
    boolean whole = size <= splitBytes || RawFile.isReadInOnePiece(path.getFileSystem(), path);
    long step = whole ? Math.max(1, size) : splitBytes;
    long offset = 0;
    do {
      // Its id is what it holds: numbers would begin anew when a job goes on from a checkpoint.
      target.add(
          new FileSourceSplit(
              path + "@" + offset, path, offset, Math.min(step, size - offset), changed, size));
      offset += step;
    } while (offset < size);
  }
}
