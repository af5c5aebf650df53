package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.records.RecordKind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * The raw files of a run: a folder, or a zip file unpacked into one for as long as the run takes.
 */
public final class RawInput implements AutoCloseable {

  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

  private final Location root;
  private final FileKinds kinds;
  private final Path unpacked;
  private final boolean watched;
  private final Map<RecordKind, Integer> files = new EnumMap<>(RecordKind.class);
  private final List<String> ignored = new ArrayList<>();
  private long bytes;

  /** How many files of records lie in the folder of a run of prepare. */
  private int outputs;

  private RawInput(Location root, FileKinds kinds, Path unpacked, boolean watched) {
    this.root = root;
    this.kinds = kinds;
    this.unpacked = unpacked;
    this.watched = watched;
  }

  /**
   * Looks at the input and makes sure that all of it can be read.
   *
   * @param input a folder, here or on a file system that Flink has, or a local zip file
   * @param kinds tells which kind of records a file holds
   * @param scratch where a zip file is unpacked, in a folder of its own that {@link #close}
   *     deletes; null if none may be
   * @throws LakehouseException if the input is missing or unreadable, or lacks a kind of records
   */
  public static RawInput open(String input, FileKinds kinds, Path scratch) {
    return open(input, kinds, scratch, ZipLimits.DEFAULT, false);
  }

  /**
   * Looks at an input whose files may come later.
   *
   * @param input as for {@link #open}; a zip file must be complete
   * @param scratch as for {@link #open}
   * @throws LakehouseException if the input is missing or unreadable
   */
  public static RawInput watch(String input, FileKinds kinds, Path scratch) {
    return open(input, kinds, scratch, ZipLimits.DEFAULT, true);
  }

  static RawInput open(
      String input, FileKinds kinds, Path scratch, ZipLimits limits, boolean watched) {
    Location location = published(Location.of(input));
    return location.isLocal()
        ? openLocal(location.localPath(), kinds, scratch, limits, watched)
        : openRemote(location, kinds, watched);
  }

  private static RawInput openRemote(Location location, FileKinds kinds, boolean watched) {
    try {
      if (!location.fileSystem().getFileStatus(location.flinkPath()).isDir()) {
        throw LakehouseException.data(
            "The input %s is no folder. A zip file is read from this machine only: copy it here, or give the folder of the raw files."
                .formatted(location));
      }
      RawInput raw = new RawInput(location, kinds, null, watched);
      raw.root.forEachFile((name, file) -> raw.add(name, file.getLen()));
      raw.requireEveryKind(location);
      return raw;
    } catch (FileNotFoundException e) {
      throw missing(location);
    } catch (IOException | RuntimeException e) {
      throw Failures.explain("Cannot list the input " + location, e);
    }
  }

  /**
   * Of an output of prepare, which is not read as a folder: it may hold what runs left that did not
   * end, beside the run that its manifest names.
   */
  private void requireNoOutput(Location input) {
    if (outputs > 0 && outputs == files.values().stream().mapToInt(Integer::intValue).sum()) {
      throw LakehouseException.data(
          "The input %s is an output of prepare. Give the manifest in it, %s, which names the files of the run that was finished."
              .formatted(input, input.resolve(Manifest.NAME)));
    }
  }

  /**
   * The folder to read: the input, or, if that is a manifest, the one of the run which it names. A
   * manifest that merely lies in an input is not followed, since whoever can write there could have
   * other files read in place of all.
   */
  private static Location published(Location input) {
    String path = input.uri().getPath();
    if (!path.endsWith("/" + Manifest.NAME)) {
      return input;
    }
    Location output =
        input.isLocal()
            ? Location.of(input.localPath().getParent())
            : new Location(input.uri().resolve("."));
    try {
      String folder = Manifest.read(output).orElseThrow(() -> missing(input)).folder();
      return folder.isEmpty() ? output : output.resolve(folder);
    } catch (IOException e) {
      throw LakehouseException.data(
          "Cannot read the manifest %s (%s).".formatted(input, Causes.summary(e)), e);
    }
  }

  private static RawInput openLocal(
      Path path, FileKinds kinds, Path scratch, ZipLimits limits, boolean watched) {
    if (!Files.exists(path)) {
      throw missing(Location.of(path));
    }
    if (Files.isDirectory(path)) {
      if (RecordKind.isHidden(path.getFileName())) {
        throw LakehouseException.data(
            "The input folder %s is hidden: Flink reads no folder whose name starts with a dot or an underscore. Rename it, or give the folder above it."
                .formatted(path));
      }
      RawInput raw = new RawInput(Location.of(path), kinds, null, watched);
      raw.list(raw.root.localPath(), path);
      return raw;
    }
    if (!isZip(path)) {
      throw LakehouseException.data(
          "The input %s is neither a folder nor a .zip file. Put it into a folder whose name says what kind of records it holds, and give that."
              .formatted(path));
    }
    if (scratch == null) {
      throw LakehouseException.data(
          "The input %s is a .zip file, which a job on a cluster does not read. Unpack it to where all machines can read it, and give the folder."
              .formatted(path));
    }
    Path unpacked = scratchFolder(scratch);
    RawInput raw = new RawInput(Location.of(unpacked), kinds, unpacked, false);
    try {
      Unzip.into(unpacked, path, limits);
      raw.list(unpacked, path);
      return raw;
    } catch (RuntimeException e) {
      try {
        raw.close();
      } catch (RuntimeException second) {
        // The next run deletes what is left; why the input cannot be used is what has to be told.
        e.addSuppressed(second);
      }
      throw e;
    }
  }

  private static LakehouseException missing(Location input) {
    return LakehouseException.data(
        "The input %s does not exist. Give a folder or a .zip file with --input.".formatted(input));
  }

  /** The folder below which the files lie. */
  public URI root() {
    return root.uri();
  }

  /** Whether files that come later are to be read as well. */
  public boolean isWatched() {
    return watched;
  }

  /** Whether the files are gone when this is closed. */
  public boolean isTemporary() {
    return unpacked != null;
  }

  /** The files that hold no kind of record, relative to the input and sorted. */
  public List<String> ignored() {
    return List.copyOf(ignored);
  }

  /** The size of the files of records, as they are stored. */
  public long bytes() {
    return bytes;
  }

  /** The input in one line, for a reader. */
  public String describe() {
    return "%s: %s, %,d bytes%s"
        .formatted(
            root,
            files.isEmpty()
                ? "no files yet"
                : files.entrySet().stream()
                    .map(
                        kind -> "%d %s files".formatted(kind.getValue(), kind.getKey().tableName()))
                    .collect(Collectors.joining(", ")),
            bytes,
            ignored.isEmpty() ? "" : "; %d files of no kind ignored".formatted(ignored.size()));
  }

  /** Deletes what runs that were killed have left in the scratch folder. */
  public static void clear(Path scratch) {
    delete(scratch);
  }

  @Override
  public void close() {
    if (unpacked != null) {
      delete(unpacked);
    }
  }

  private static void delete(Path folder) {
    try {
      FileUtils.deleteDirectory(folder.toFile());
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot delete the unpacked input in %s (%s). Delete the folder yourself."
              .formatted(folder, e),
          e);
    }
  }

  /**
   * Not through Flink: its local file system passes over links that lead nowhere or in a circle.
   */
  private void list(Path folder, Path input) {
    try {
      Files.walkFileTree(
          folder,
          // As Flink's file source does.
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path below, BasicFileAttributes attributes) {
              if (below.equals(folder) || !isLake(below)) {
                return FileVisitResult.CONTINUE;
              }
              ignored.add(folder.relativize(below) + " (a lake)");
              return FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              if (attributes.isOther()) {
                // Whoever opened it would wait, maybe for ever.
                ignored.add(folder.relativize(file) + " (a pipe, a socket or a device)");
                return FileVisitResult.CONTINUE;
              }
              add(folder.relativize(file).toString(), file, attributes);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof FileSystemLoopException) {
                ignored.add(folder.relativize(file) + " (a link to a folder that it lies in)");
                return FileVisitResult.CONTINUE;
              }
              if (watched && failure instanceof NoSuchFileException) {
                // Its writer has renamed it meanwhile.
                return FileVisitResult.CONTINUE;
              }
              throw failure;
            }
          });
    } catch (IOException e) {
      throw LakehouseException.data(
          "Cannot read %s (%s). Make it readable for this user, or take it out of the input."
              .formatted(
                  e instanceof FileSystemException fs && fs.getFile() != null
                      ? fs.getFile()
                      : folder,
                  e.getClass().getSimpleName()),
          e);
    }
    requireEveryKind(Location.of(input));
  }

  /** Its files are named after tables, which are named after kinds of records. */
  private static boolean isLake(Path folder) {
    return Files.exists(folder.resolve("run.lock")) && Files.exists(folder.resolve("catalog.db"));
  }

  private void requireEveryKind(Location input) {
    ignored.sort(null);
    if (watched) {
      return;
    }
    requireNoOutput(input);
    if (files.isEmpty() && ignored.isEmpty()) {
      throw LakehouseException.data(
          "The input %s holds no files. Put raw files into it, or give another with --input."
              .formatted(input));
    }
    List<String> missing =
        Stream.of(RecordKind.values())
            .filter(kind -> !files.containsKey(kind))
            .map(RecordKind::tableName)
            .toList();
    if (!missing.isEmpty()) {
      List<String> archives = ignored.stream().filter(RecordKind::isArchive).toList();
      throw LakehouseException.data(
          "The input %s has no %s files. %s"
              .formatted(
                  input,
                  String.join(" and no ", missing),
                  archives.isEmpty()
                      ? "A file's kind is told by its name or that of a folder it lies in, which must contain customer, accelerometer or step_trainer, or by -D input.KIND=GLOB, such as -D input.accelerometer='mobile-app/**'."
                      : "It holds %s, and no archive within the input is unpacked: unpack it yourself, and give the folder."
                          .formatted(
                              archives.size() == 1
                                  ? archives.get(0)
                                  : "%d archives, such as %s"
                                      .formatted(archives.size(), archives.get(0)))));
    }
  }

  private void add(String relative, Path file, BasicFileAttributes attributes) throws IOException {
    if (add(relative, attributes.size())) {
      if (relative.contains("\\")) {
        throw LakehouseException.data(
            "The input file %s has a backslash in its name, which Flink takes for the end of a folder's. Rename it, or take it out of the input."
                .formatted(file));
      }
      // Asked now, so that one unreadable file among thousands is not found after an hour.
      if (!Files.isReadable(file) && !(watched && Files.notExists(file))) {
        throw new AccessDeniedException(file.toString());
      }
    }
  }

  /** Counts a file; false if it is of no kind. */
  private boolean add(String relative, long size) {
    Optional<RecordKind> kind = kinds.ofPath(relative);
    if (kind.isPresent()) {
      files.merge(kind.get(), 1, Integer::sum);
      if (relative.startsWith(ManifestOutput.RUN)) {
        outputs++;
      }
      bytes += size;
    } else if (!relative.equals(Manifest.NAME)) {
      ignored.add(relative);
    }
    return kind.isPresent();
  }

  private static boolean isZip(Path file) {
    if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".zip")) {
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
    } catch (IOException e) {
      throw LakehouseException.data(
          "Cannot read the input %s (%s).".formatted(file, e.getClass().getSimpleName()), e);
    }
  }

  private static Path scratchFolder(Path scratch) {
    try {
      return Files.createTempDirectory(Files.createDirectories(scratch), "unpacked-");
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot create a folder in %s to unpack the input into (%s).".formatted(scratch, e), e);
    }
  }
}
