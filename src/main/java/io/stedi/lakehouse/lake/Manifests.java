package io.stedi.lakehouse.lake;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/**
 * What the snapshots of a table name, by way of manifests, most of which several snapshots share.
 */
public final class Manifests {

  private Manifests() {}

  /** The manifests of snapshots, each once. */
  public static Collection<ManifestFile> of(Table table, Iterable<Snapshot> snapshots) {
    Map<String, ManifestFile> manifests = new HashMap<>();
    for (Snapshot snapshot : snapshots) {
      snapshot
          .allManifests(table.io())
          .forEach(manifest -> manifests.put(manifest.path(), manifest));
    }
    return manifests.values();
  }

  /** The data files, or the delete files, that a manifest names. */
  public static CloseableIterable<? extends ContentFile<?>> files(
      Table table, ManifestFile manifest) {
    return manifest.content() == ManifestContent.DATA
        ? ManifestFiles.read(manifest, table.io(), table.specs())
        : ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs());
  }
}
