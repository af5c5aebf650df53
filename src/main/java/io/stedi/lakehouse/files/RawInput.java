package io.stedi.lakehouse.files;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The raw files of a run: a folder, or a zip file unpacked into one for as long as the run takes.
 */
public final class RawInput implements AutoCloseable {

  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

  private final Path folder;
  private final Path unpacked;
  private final Map<RecordKind, Integer> files = new EnumMap<>(RecordKind.class);
  private final List<String> ignored = new ArrayList<>();
  private long bytes;

  private RawInput(Path folder, Path unpacked) {
    this.folder = folder;
    this.unpacked = unpacked;
  }

  /**
   * Looks at the input and makes sure that all of it can be read.
   *
   * @param input a folder or a zip file
   * @param scratch where a zip file is unpacked, in a folder of its own that {@link #close} deletes
   * @throws LakehouseException if the input is missing or unreadable, or lacks a kind of records
   */
  public static RawInput open(String input, Path scratch) {
    return open(input, scratch, ZipLimits.DEFAULT);
  }

  static RawInput open(String input, Path scratch, ZipLimits limits) {
    if (input.matches("[a-zA-Z][a-zA-Z0-9+.-]+://.*")) {
      throw LakehouseException.usage(
          "The input %s is no local folder or .zip file, and other places cannot be read yet."
              .formatted(input));
    }
    Path path = path(input);
    if (!Files.exists(path)) {
      throw LakehouseException.data(
          "The input %s does not exist. Give a folder or a .zip file with --input."
              .formatted(path));
    }
    if (Files.isDirectory(path)) {
      if (RecordKind.isHidden(path.getFileName())) {
        throw LakehouseException.data(
            "The input folder %s is hidden: Flink reads no folder whose name starts with a dot or an underscore. Rename it, or give the folder above it."
                .formatted(path));
      }
      RawInput raw = new RawInput(path, null);
      raw.list(path);
      return raw;
    }
    if (!isZip(path)) {
      throw LakehouseException.data(
          "The input %s is neither a folder nor a .zip file. Put it into a folder whose name says what kind of records it holds, and give that."
              .formatted(path));
    }
    Path unpacked = scratchFolder(scratch);
    RawInput raw = new RawInput(unpacked, unpacked);
    try {
      Unzip.into(unpacked, path, limits);
      raw.list(path);
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

  private static Path path(String input) {
    try {
      return Path.of(input).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw LakehouseException.usage(
          "The input '%s' is no path (%s).".formatted(input.replace('\0', '?'), e.getReason()), e);
    }
  }

  /** The folder below which the files lie. */
  public URI root() {
    return folder.toUri();
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
            folder,
            files.entrySet().stream()
                .map(kind -> "%d %s files".formatted(kind.getValue(), kind.getKey().tableName()))
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
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot delete the unpacked input in %s (%s). Delete the folder yourself."
              .formatted(folder, e),
          e);
    }
  }

  private void list(Path input) {
    try {
      Files.walkFileTree(
          folder,
          // As Flink's file source does.
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              add(file, attributes);
              return FileVisitResult.CONTINUE;
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
    ignored.sort(null);
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
      throw LakehouseException.data(
          "The input %s has no %s files. A file's kind is told by its name or that of a folder it lies in, which must contain customer, accelerometer or step_trainer."
              .formatted(input, String.join(" and no ", missing)));
    }
  }

  private void add(Path file, BasicFileAttributes attributes) throws IOException {
    String relative = folder.relativize(file).toString();
    RecordKind kind = RecordKind.ofPath(relative).orElse(null);
    if (kind == null) {
      ignored.add(relative);
      return;
    }
    if (attributes.isOther()) {
      // A pipe would be waited for, maybe for ever.
      throw LakehouseException.data(
          "The input file %s is no regular file but a pipe, socket or device. Take it out of the input."
              .formatted(file));
    }
    // Opened now, so that one unreadable file among thousands is not found after an hour.
    Files.newInputStream(file).close();
    files.merge(kind, 1, Integer::sum);
    bytes += attributes.size();
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
