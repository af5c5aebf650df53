package io.stedi.lakehouse.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Paths;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of this machine, or mounted on it, whose looks cost what is new.
 *
 * <p>A folder's own time changes when a name comes or goes. A look lists only folders whose time
 * has changed, asks for the size and time only of files that are not seen yet, and passes over all
 * others. What is replaced in place does not change the folder's time: a full look finds it, which
 * asks for all files, and comes as often as it takes up no more than a small share of the time.
 *
 * <p>Not by way of Flink's local file system, which takes what is before a colon in a name for a
 * scheme, and passes over links that lead nowhere or in a circle.
 */
final class LocalFolder implements RawFolder {

  private static final Logger LOG = LoggerFactory.getLogger(LocalFolder.class);

  /**
   * For how long a folder is listed at every look after its time has changed. Two changes may have
   * the same time; FAT keeps even seconds.
   */
  private static final long SAME_TIME = Duration.ofSeconds(3).toNanos();

  /** A full look is followed by none for a thousand times as long as it took. */
  private static final int PAUSE_OF_FULL_LOOKS = 1000;

  /** What a full look may take so that another may come after {@link #SHORT_PAUSE}. */
  private static final long QUICK = Duration.ofMillis(100).toNanos();

  /** Also after the first one, which takes longest: nothing is in any cache then. */
  private static final long SHORT_PAUSE = Duration.ofSeconds(10).toNanos();

  private final Path root;
  private final RawSplits splits;
  private final LongSupplier nanoTime;
  private final Directory top;

  /** What was said not to be read; it is said once. */
  private final Set<String> reported = new HashSet<>();

  /** When the next full look is due; null before the first. */
  private Long fullLookDue;

  private volatile int unreadable;

  LocalFolder(Path root, RawSplits splits, LongSupplier nanoTime) {
    this.root = requireNonNull(root, "root");
    this.splits = requireNonNull(splits, "splits");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.top = new Directory(Paths.get(root.getPath()), root);
  }

  @Override
  public List<FileSourceSplit> look(SeenFiles seen) throws IOException {
    long start = nanoTime.getAsLong();
    boolean full = fullLookDue == null || start - fullLookDue >= 0;
    Look look = new Look(seen, full, start);
    BasicFileAttributes attributes = Files.readAttributes(top.local, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      look.in(top);
    } else {
      look.atFile(top.local, root, attributes);
    }
    unreadable = look.unreadable;
    if (full) {
      long end = nanoTime.getAsLong();
      boolean quick = fullLookDue == null || end - start < QUICK;
      fullLookDue = end + (quick ? SHORT_PAUSE : PAUSE_OF_FULL_LOOKS * (end - start));
    }
    return look.found;
  }

  @Override
  public int unreadable() {
    return unreadable;
  }

  /** A folder as it was looked at last. */
  private static final class Directory {

    private final java.nio.file.Path local;
    private final Path path;

    /** Those that are looked into. */
    private Map<String, Directory> below = new TreeMap<>();

    /** What need not be looked at again: files that are seen, or are no raw files. */
    private final NameSet done = new NameSet();

    /** What is looked at again: files that are not seen yet, and what cannot be read. */
    private Set<String> open = new TreeSet<>();

    /** The folder's own time when it was listed last; null if it was not. */
    private FileTime changed;

    /** When that was found first, by the clock that only goes forward. */
    private long changedSince;

    Directory(java.nio.file.Path local, Path path) {
      this.local = local;
      this.path = path;
    }
  }

  /** What becomes of an entry of a folder. */
  private enum Entry {
    DONE,
    OPEN,
    FOLDER,
    GONE
  }

  /** One look. */
  private final class Look {

    private final SeenFiles seen;
    private final boolean full;
    private final long now;
    private final List<FileSourceSplit> found = new ArrayList<>();
    private int unreadable;

    Look(SeenFiles seen, boolean full, long now) {
      this.seen = seen;
      this.full = full;
      this.now = now;
    }

    private void in(Directory folder) throws IOException {
      FileTime changed = Files.getLastModifiedTime(folder.local);
      if (!changed.equals(folder.changed)) {
        folder.changed = changed;
        folder.changedSince = now;
        list(folder);
      } else if (full || now - folder.changedSince < SAME_TIME) {
        list(folder);
      } else {
        again(folder);
      }
      for (Directory below : folder.below.values()) {
        try {
          in(below);
        } catch (NoSuchFileException e) {
          LOG.debug("{} is gone", below.path);
        } catch (AccessDeniedException e) {
          denied(below.path);
        }
      }
    }

    private void list(Directory folder) throws IOException {
      String[] names = folder.local.toFile().list();
      if (names == null) {
        if (!Files.exists(folder.local)) {
          throw new NoSuchFileException(folder.local.toString());
        }
        if (folder == top || isReadable(folder.local, folder.path)) {
          throw new IOException("Cannot list " + folder.path);
        }
        folder.changed = null;
        return;
      }
      if (full) {
        folder.done.clear();
      }
      Map<String, Directory> former = folder.below;
      folder.below = new TreeMap<>();
      folder.open = new TreeSet<>();
      for (String name : names) {
        Directory known = former.get(name);
        if (known != null && !full) {
          folder.below.put(name, known);
        } else if (!isHidden(name) && !folder.done.contains(name)) {
          at(folder, name, known);
        }
      }
    }

    /** Looks at what is open, in a folder to which nothing came. */
    private void again(Directory folder) throws IOException {
      Set<String> names = folder.open;
      folder.open = new TreeSet<>();
      for (String name : names) {
        at(folder, name, null);
      }
    }

    private void at(Directory folder, String name, Directory known) throws IOException {
      Path path = below(folder.path, name);
      switch (entry(folder, name, path)) {
        case DONE -> folder.done.add(name);
        case OPEN -> folder.open.add(name);
        case FOLDER ->
            folder.below.put(
                name, known == null ? new Directory(folder.local.resolve(name), path) : known);
        case GONE -> LOG.debug("{} is gone", path);
      }
    }

    private Entry entry(Directory folder, String name, Path path) throws IOException {
      try {
        java.nio.file.Path local = folder.local.resolve(name);
        BasicFileAttributes attributes = Files.readAttributes(local, BasicFileAttributes.class);
        if (attributes.isOther()) {
          // Whoever opened it would wait, maybe for ever.
          report(path, "is a pipe, a socket or a device");
          return Entry.DONE;
        }
        return attributes.isDirectory()
            ? atFolder(folder.local, local, path)
            : atFile(local, path, attributes);
      } catch (NoSuchFileException e) {
        // Or a link to nowhere.
        return Entry.GONE;
      } catch (AccessDeniedException e) {
        denied(path);
        return Entry.OPEN;
      } catch (InvalidPathException e) {
        report(path, "has a name that this machine's locale cannot tell");
        return Entry.DONE;
      }
    }

    private Entry atFolder(java.nio.file.Path around, java.nio.file.Path local, Path path)
        throws IOException {
      if (Files.isSymbolicLink(local) && around.toRealPath().startsWith(local.toRealPath())) {
        report(path, "is a link to a folder that it lies in");
        return Entry.DONE;
      }
      if (Files.exists(local.resolve("run.lock")) && Files.exists(local.resolve("catalog.db"))) {
        report(path, "is a lake, which holds what was made of raw files");
        return Entry.DONE;
      }
      return isReadable(local, path) ? Entry.FOLDER : Entry.OPEN;
    }

    private Entry atFile(java.nio.file.Path local, Path path, BasicFileAttributes attributes)
        throws IOException {
      if (!splits.test(path)) {
        return Entry.DONE;
      }
      long size = attributes.size();
      long changed = attributes.lastModifiedTime().toMillis();
      if (seen.compare(path, size, changed) == SeenFiles.Known.SEEN) {
        return Entry.DONE;
      }
      if (isReadable(local, path)) {
        splits.add(path, size, changed, found);
      }
      return Entry.OPEN;
    }

    /** What cannot be read is told of once, and looked at again. */
    private boolean isReadable(java.nio.file.Path local, Path path) {
      if (Files.isReadable(local)) {
        reported.remove(path.toString());
        return true;
      }
      denied(path);
      return false;
    }

    private void denied(Path path) {
      unreadable++;
      report(path, "cannot be read by this user; it is looked at again");
    }

    private void report(Path path, String why) {
      if (reported.add(path.toString())) {
        LOG.warn("{} is not read: it {}", path, why);
      }
    }
  }

  /** As file systems of Flink take it, whose names of this kind begin so. */
  private static boolean isHidden(String name) {
    return name.startsWith(".") || name.startsWith("_");
  }

  private static Path below(Path folder, String name) {
    try {
      return new Path(
          new URI(folder.toUri().getScheme(), null, folder.getPath() + "/" + name, null, null));
    } catch (URISyntaxException e) {
      throw new IllegalStateException("No name below a folder is wrong for a URI", e);
    }
  }
}
