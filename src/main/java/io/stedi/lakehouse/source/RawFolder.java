package io.stedi.lakehouse.source;

import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.Path;

/** A folder of raw files, with all folders in it, that is looked at again and again. */
interface RawFolder {

  /**
   * Looks for files that were not seen yet, or were changed since they were.
   *
   * @param seen the files that were seen
   * @return the splits of the files that were found, those of a file together and in their order
   * @throws IOException if the folder cannot be listed
   */
  List<FileSourceSplit> look(SeenFiles seen) throws IOException;

  /** How many files the last look found that this process may not read. */
  default int unreadable() {
    return 0;
  }

  /**
   * The folder at a path.
   *
   * @param pattern which files are found, a regular expression for their whole path
   * @param splitBytes the length of a split, the last of a file excepted
   * @param nanoTime a clock that only goes forward
   */
  static RawFolder of(Path path, String pattern, long splitBytes, LongSupplier nanoTime) {
    RawSplits splits = new RawSplits(pattern, splitBytes);
    String scheme = path.toUri().getScheme();
    return scheme == null || scheme.equals("file")
        ? new LocalFolder(path, splits, nanoTime)
        : new ListedFolder(path, splits);
  }
}
