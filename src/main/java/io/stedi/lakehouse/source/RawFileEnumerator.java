package io.stedi.lakehouse.source;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.enumerate.DefaultFileFilter;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveAllDirEnumerator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lists raw files. Large ones are split, so that they are read by as many tasks as there are. */
final class RawFileEnumerator extends NonSplittingRecursiveAllDirEnumerator {

  private static final Logger LOG = LoggerFactory.getLogger(RawFileEnumerator.class);

  /** What was said not to be read. A folder is listed again and again. */
  private final Set<String> reported = new HashSet<>();

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
      Optional<String> unfit = unfit(Paths.get(path.getPath()), name);
      if (unfit.isPresent()) {
        if (reported.add(path + "/" + name)) {
          LOG.warn("{}/{} is not read: it {}", path, name, unfit.get());
        }
        continue;
      }
      if (!reported.isEmpty()) {
        reported.remove(path + "/" + name);
      }
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

  /**
   * Why an entry of a folder cannot be read, though it is there: whoever opened it would wait for
   * ever, read the same files without end, or fail and keep all others from being read.
   */
  private static Optional<String> unfit(java.nio.file.Path folder, String name) {
    try {
      java.nio.file.Path entry = folder.resolve(name);
      BasicFileAttributes attributes = Files.readAttributes(entry, BasicFileAttributes.class);
      if (attributes.isOther()) {
        return Optional.of("is a pipe, a socket or a device");
      }
      if (attributes.isDirectory()
          && Files.isSymbolicLink(entry)
          && folder.toRealPath().startsWith(entry.toRealPath())) {
        return Optional.of("is a link to a folder that it lies in");
      }
      if (attributes.isDirectory()
          && Files.exists(entry.resolve("run.lock"))
          && Files.exists(entry.resolve("catalog.db"))) {
        return Optional.of("is a lake, which holds what was made of raw files");
      }
      return Files.isReadable(entry)
          ? Optional.empty()
          : Optional.of("cannot be read by this user; it is looked at again");
    } catch (IOException | InvalidPathException e) {
      // It is gone again, or a link to nowhere; or Flink knows better what to do with its name.
      return Optional.empty();
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
