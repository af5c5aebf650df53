package io.stedi.lakehouse.lake;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files in a table's folder that no snapshot refers to: what jobs had written and not committed
 * when they were killed.
 *
 * <p>Others than the runs that hold the {@link Lease} may write to a table, and commit a file long
 * after they made it. So the young are left alone; {@link #AGE} is what Iceberg's own procedure
 * {@code remove_orphan_files} takes.
 *
 * <p>A stream that was killed between a checkpoint and its commit has manifests of files that it
 * will commit when it is started again, however late. While a table has such, none of its files is
 * deleted.
 *
 * <p>What is referred to is told by the lists of all snapshots. So this is for tables of which
 * those that nobody goes back to have just been expired.
 */
public final class OrphanFiles {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanFiles.class);

  /** How old a file has to be. */
  static final Duration AGE = Duration.ofDays(3);

  /** How Iceberg's sink names the manifests of a checkpoint that is not committed yet. */
  private static final Pattern UNCOMMITTED =
      Pattern.compile("[0-9a-f]{32}-.*-\\d{5}-\\d+-(\\d+)-\\d{5}\\.avro");

  private OrphanFiles() {}

  /**
   * Deletes those of a table. If that fails they stay until it is done again: they only take room.
   *
   * @param now what their age is counted back from
   */
  public static void delete(Table table, Instant now) {
    try {
      // Listed first: what is committed meanwhile is then referred to.
      List<String> files = olderThan(table, now.minus(AGE));
      if (!files.isEmpty()) {
        table.refresh();
        Set<String> referredTo = referredTo(table);
        files.removeIf(file -> referredTo.contains(name(file)));
        if (isAwaited(table, files)) {
          LOG.info("{}: a stream has yet to commit files of its last checkpoint", table.name());
          return;
        }
      }
      if (!files.isEmpty()) {
        LOG.info("{}: deleting {} files that no snapshot refers to", table.name(), files.size());
        CatalogUtil.deleteFiles(table.io(), files, "orphan file", true);
      }
    } catch (RuntimeException | IOException e) {
      LOG.warn("{}: cannot delete the files that no snapshot refers to", table.name(), e);
    }
  }

  /**
   * The files in a table's folder that hold rows or deletes, named by a snapshot or not. Not looked
   * at is the metadata, which a stream replaces meanwhile: Iceberg's local file system fails when a
   * file goes that it is about to list.
   */
  public static List<FileInfo> rowFiles(Table table) {
    List<FileInfo> files = new ArrayList<>();
    if (table.io() instanceof SupportsPrefixOperations io) {
      try {
        for (FileInfo file : io.listPrefix(table.location() + "/data/")) {
          if (file.location().endsWith(".parquet")) {
            files.add(file);
          }
        }
      } catch (UncheckedIOException e) {
        // Nothing was ever written to it.
        if (!(e.getCause() instanceof FileNotFoundException)) {
          throw e;
        }
      }
    }
    return files;
  }

  /**
   * Those of some files that no snapshot of the table, as it was refreshed last, refers to.
   *
   * @throws IOException if a manifest cannot be read
   */
  public static List<String> among(Table table, List<String> files) throws IOException {
    Set<String> referredTo = referredTo(table);
    return files.stream().filter(file -> !referredTo.contains(name(file))).toList();
  }

  /** Whether there is a manifest of a checkpoint that is newer than the last that was committed. */
  private static boolean isAwaited(Table table, List<String> files) {
    long committed = -1;
    for (Snapshot snapshot : SnapshotUtil.currentAncestors(table)) {
      Optional<Long> checkpoint = CommittedBy.checkpoint(snapshot);
      if (checkpoint.isPresent()) {
        committed = checkpoint.get();
        break;
      }
    }
    for (String file : files) {
      Matcher name = UNCOMMITTED.matcher(name(file));
      if (name.matches() && Long.parseLong(name.group(1)) > committed) {
        return true;
      }
    }
    return false;
  }

  /** Data files, delete files, manifests and their lists, and the table's metadata. */
  private static List<String> olderThan(Table table, Instant time) {
    List<String> files = new ArrayList<>();
    if (table.io() instanceof SupportsPrefixOperations io) {
      for (FileInfo file : io.listPrefix(table.location() + "/")) {
        String place = file.location();
        if ((place.endsWith(".parquet")
                || place.endsWith(".avro")
                || place.endsWith(".metadata.json"))
            && file.createdAtMillis() < time.toEpochMilli()) {
          files.add(place);
        }
      }
    }
    return files;
  }

  /**
   * By their names, which hold an id that nothing else has: a place may be written in more than one
   * way, {@code s3:} and {@code s3a:} for one.
   */
  private static Set<String> referredTo(Table table) throws IOException {
    Set<String> names = new HashSet<>();
    TableMetadata metadata = ((HasTableOperations) table).operations().current();
    names.add(name(metadata.metadataFileLocation()));
    metadata.previousFiles().forEach(former -> names.add(name(former.file())));
    for (Snapshot snapshot : table.snapshots()) {
      names.add(name(snapshot.manifestListLocation()));
    }
    for (ManifestFile manifest : Manifests.of(table, table.snapshots())) {
      names.add(name(manifest.path()));
      try (CloseableIterable<? extends ContentFile<?>> files = Manifests.files(table, manifest)) {
        files.forEach(file -> names.add(name(file.location())));
      }
    }
    return names;
  }

  private static String name(String place) {
    return place.substring(place.lastIndexOf('/') + 1);
  }
}
