package io.stedi.lakehouse.testing;

import io.stedi.lakehouse.generate.JsonRecord;
import io.stedi.lakehouse.generate.Ledger;
import io.stedi.lakehouse.records.RecordKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

/** Keeps all of what was generated, file by file, to compare with what is read. */
public final class RecordedLedger implements Ledger {

  /**
   * A fragment.
   *
   * @param values what it means, null for a reject
   */
  public record Entry(
      RecordKind kind, String path, long offset, long length, Map<String, Object> values) {

    public boolean isRecord() {
      return values != null;
    }
  }

  private final Map<String, RecordKind> kinds = new TreeMap<>();
  private final Map<String, List<Entry>> entries = new TreeMap<>();

  @Override
  public void file(RecordKind kind, String path) {
    if (kinds.put(path, kind) != null) {
      throw new IllegalStateException("Written twice: " + path);
    }
    entries.put(path, new ArrayList<>());
  }

  @Override
  public void record(RecordKind kind, String path, long offset, long length, JsonRecord meant) {
    entries.get(path).add(new Entry(kind, path, offset, length, meant.values()));
  }

  @Override
  public void reject(RecordKind kind, String path, long offset, long length) {
    entries.get(path).add(new Entry(kind, path, offset, length, null));
  }

  /** The kind of each file. */
  public Map<String, RecordKind> kinds() {
    return kinds;
  }

  /** The fragments of each file, in its order. */
  public Map<String, List<Entry>> entries() {
    return entries;
  }

  /** The records of a kind, repeats included. */
  public List<Map<String, Object>> records(RecordKind kind) {
    return entries.values().stream()
        .flatMap(List::stream)
        .filter(entry -> entry.kind() == kind && entry.isRecord())
        .map(Entry::values)
        .toList();
  }

  /** The rejects of all kinds. */
  public List<Entry> rejects() {
    return entries.values().stream()
        .flatMap(List::stream)
        .filter(entry -> !entry.isRecord())
        .toList();
  }

  /** The decompressed bytes of a file. */
  public static byte[] bytes(Path root, String path) throws IOException {
    try (InputStream file = Files.newInputStream(root.resolve(path));
        InputStream in = path.endsWith(".gz") ? new GZIPInputStream(file) : file) {
      return in.readAllBytes();
    }
  }
}
