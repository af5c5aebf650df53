package io.stedi.lakehouse.raw;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.DefaultFileFilter;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveAllDirEnumerator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;

/** Lists raw files. Large ones are split, so that they are read by as many tasks as there are. */
final class RawFileEnumerator extends NonSplittingRecursiveAllDirEnumerator {

  private final DefaultFileFilter visible = new DefaultFileFilter();
  private final long splitBytes;

  /**
   * @param pattern which files are listed, a regular expression for their whole path
   * @param splitBytes the length of a split, the last of a file excepted
   */
  RawFileEnumerator(String pattern, long splitBytes) {
    super(pattern);
    this.splitBytes = splitBytes;
  }

  /**
   * Flink's local file system takes what is before a colon in a file's name for a scheme, and lists
   * nothing of a folder that holds such a file.
   */
  @Override
  protected void addSplitsForPath(
      FileStatus file, FileSystem fileSystem, ArrayList<FileSourceSplit> target)
      throws IOException {
    Path path = file.getPath();
    String scheme = path.toUri().getScheme();
    boolean local = scheme == null || scheme.equals("file");
    if (!file.isDir() || !local || !visible.test(path)) {
      super.addSplitsForPath(file, fileSystem, target);
      return;
    }
    String[] names = new File(path.getPath()).list();
    if (names == null) {
      throw new IOException("Cannot list " + path);
    }
    for (String name : names) {
      FileStatus entry;
      try {
        entry = fileSystem.getFileStatus(below(path, name));
      } catch (FileNotFoundException e) {
        // It is gone again, or a link to nowhere.
        continue;
      }
      addSplitsForPath(entry, fileSystem, target);
    }
  }

  private static Path below(Path folder, String name) {
    try {
      return new Path(
          new URI(folder.toUri().getScheme(), null, folder.getPath() + "/" + name, null, null));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No name below a folder is wrong for a URI", e);
    }
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
