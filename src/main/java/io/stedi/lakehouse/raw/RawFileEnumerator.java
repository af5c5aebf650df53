package io.stedi.lakehouse.raw;

import java.io.IOException;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveAllDirEnumerator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;

/** Lists raw files. Large ones are split, so that they are read by as many tasks as there are. */
final class RawFileEnumerator extends NonSplittingRecursiveAllDirEnumerator {

  private final long splitBytes;

  /**
   * @param pattern which files are listed, a regular expression for their whole path
   * @param splitBytes the length of a split, the last of a file excepted
   */
  RawFileEnumerator(String pattern, long splitBytes) {
    super(pattern);
    this.splitBytes = splitBytes;
  }

  @Override
  protected void convertToSourceSplits(
      FileStatus file, FileSystem fileSystem, List<FileSourceSplit> target) throws IOException {
    boolean whole =
        file.getLen() <= splitBytes || RawFile.isReadInOnePiece(fileSystem, file.getPath());
    long step = whole ? Math.max(1, file.getLen()) : splitBytes;
    long offset = 0;
    do {
      target.add(split(file, offset, Math.min(step, file.getLen() - offset)));
      offset += step;
    } while (offset < file.getLen());
  }

  /** Its id is what it holds: numbers would begin anew when a job goes on from a checkpoint. */
  private static FileSourceSplit split(FileStatus file, long offset, long length) {
    return new FileSourceSplit(
        file.getPath() + "@" + offset,
        file.getPath(),
        offset,
        length,
        file.getModificationTime(),
        file.getLen());
  }
}
