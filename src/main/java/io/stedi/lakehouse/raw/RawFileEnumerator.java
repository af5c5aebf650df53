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
    // What is compressed can only be read from its beginning.
    if (RawFile.isGzip(file.getPath()) || file.getLen() <= splitBytes) {
      super.convertToSourceSplits(file, fileSystem, target);
      return;
    }
    for (long offset = 0; offset < file.getLen(); offset += splitBytes) {
      target.add(
          new FileSourceSplit(
              getNextId(),
              file.getPath(),
              offset,
              Math.min(splitBytes, file.getLen() - offset),
              file.getModificationTime(),
              file.getLen()));
    }
  }
}
