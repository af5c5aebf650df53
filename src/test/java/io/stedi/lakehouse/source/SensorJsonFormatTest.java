package io.stedi.lakehouse.source;

import static io.stedi.lakehouse.scan.GunzipInputStreamTest.concat;
import static io.stedi.lakehouse.scan.GunzipInputStreamTest.gzip;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.stedi.lakehouse.scan.DirtyInput;
import io.stedi.lakehouse.scan.Scans;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.snappy.FramedSnappyCompressorOutputStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.FileSourceSplitSerializer;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SensorJsonFormatTest {

  private static final RowType TABLE =
      (RowType)
          DataTypes.ROW(
                  DataTypes.FIELD("user", DataTypes.STRING()),
                  DataTypes.FIELD("timestamp", DataTypes.TIMESTAMP_LTZ(3)),
                  DataTypes.FIELD("x", DataTypes.DOUBLE()),
                  DataTypes.FIELD("y", DataTypes.DOUBLE()),
                  DataTypes.FIELD("z", DataTypes.DOUBLE()),
                  DataTypes.FIELD("source_file", DataTypes.STRING()),
                  DataTypes.FIELD("source_offset", DataTypes.BIGINT()),
                  DataTypes.FIELD("source_length", DataTypes.BIGINT()),
                  DataTypes.FIELD("undeclared_fields", DataTypes.STRING()),
                  DataTypes.FIELD("reject_reason", DataTypes.STRING()),
                  DataTypes.FIELD("reject_bytes", DataTypes.BYTES()))
              .getLogicalType();

  @TempDir private Path folder;

  private final SensorJsonFormat format =
      new SensorJsonFormat(
          RowLayout.of(TABLE, List.of(), IntStream.range(0, TABLE.getFieldCount()).toArray()),
          Scans.LIMITS,
          new SourceNames(null),
          rowType());

  private static TypeInformation<RowData> rowType() {
    return InternalTypeInfo.of(TABLE);
  }

  /** A row in text, and the position to read on from behind it. */
  private record Read(String row, CheckpointedPosition position) {}

  private List<Read> read(Path file, CheckpointedPosition position) throws Exception {
    return read(format, file, 0, Files.size(file), position);
  }

  private static List<Read> read(
      SensorJsonFormat format, Path file, long offset, long length, CheckpointedPosition position)
      throws Exception {
    return read(format, file, offset, length, Files.size(file), position);
  }

  private static List<Read> read(
      SensorJsonFormat original,
      Path file,
      long offset,
      long length,
      long size,
      CheckpointedPosition position)
      throws Exception {
    FileSourceSplit split =
        new FileSourceSplit(
            "split",
            org.apache.flink.core.fs.Path.fromLocalFile(file.toFile()),
            offset,
            length,
            0,
            size,
            new String[0],
            position);
    // The format travels to the task managers.
    SensorJsonFormat format = InstantiationUtil.clone(original);
    List<Read> reads = new ArrayList<>();
    try (BulkFormat.Reader<RowData> reader =
        position == null
            ? format.createReader(new Configuration(), split)
            : format.restoreReader(new Configuration(), split)) {
      for (BulkFormat.RecordIterator<RowData> batch = reader.readBatch();
          batch != null;
          batch = reader.readBatch()) {
        for (RecordAndPosition<RowData> next = batch.next(); next != null; next = batch.next()) {
          reads.add(
              new Read(
                  next.getRecord().toString(),
                  new CheckpointedPosition(next.getOffset(), next.getRecordSkipCount())));
        }
        batch.releaseBatch();
      }
    }
    return reads;
  }

  /** Reads the file on from behind each of its rows. */
  private void assertRestorable(Path file, List<Read> all) throws Exception {
    for (int i = 0; i < all.size(); i++) {
      assertThat(read(file, all.get(i).position()))
          .as("from behind row %d", i)
          .isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  /** Long records reach over splits, so that some splits have no record of their own. */
  @Test
  void splitsOfAFileGiveTheRowsOfTheFile() throws Exception {
    int withoutRows = 0;
    for (int recordBytes : new int[] {1 << 16, 400, 100}) {
      SensorJsonFormat limited =
          new SensorJsonFormat(
              RowLayout.of(TABLE, List.of(), IntStream.range(0, TABLE.getFieldCount()).toArray()),
              Scans.limits(4096, recordBytes, 4096),
              new SourceNames(null),
              rowType());
      for (long seed = 0; seed < 30; seed++) {
        Path file = Files.write(folder.resolve("file.json"), dirty(seed));
        List<Read> all = read(limited, file, 0, Files.size(file), null);
        for (long length : new long[] {37, 300, 5000}) {
          List<Read> parts = new ArrayList<>();
          for (long offset = 0; offset < Files.size(file); offset += length) {
            List<Read> part =
                read(limited, file, offset, Math.min(length, Files.size(file) - offset), null);
            withoutRows += part.isEmpty() ? 1 : 0;
            parts.addAll(part);
          }
          assertThat(parts)
              .as("seed %d, records of %d bytes, splits of %d", seed, recordBytes, length)
              .isEqualTo(all);
        }
      }
    }
    assertThat(withoutRows).isPositive();
  }

  @Test
  void aSplitIsReadOnFromEachOfItsRows() throws Exception {
    Path file = Files.write(folder.resolve("file.json"), dirty(5));
    long third = Files.size(file) / 3;
    List<Read> all = read(format, file, third, third, null);
    assertThat(all).hasSizeGreaterThan(2);
    for (int i = 0; i < all.size(); i++) {
      assertThat(read(format, file, third, third, all.get(i).position()))
          .as("from behind row %d", i)
          .isEqualTo(all.subList(i + 1, all.size()));
    }
  }

  private static byte[] dirty(long seed) {
    Random random = new Random(seed);
    return concat(
        IntStream.range(0, 10)
            .mapToObj(i -> DirtyInput.random(random).bytes())
            .toArray(byte[][]::new));
  }

  @Test
  void readsOnFromEveryPositionOfAPlainFile() throws Exception {
    for (long seed = 0; seed < 3; seed++) {
      Path file = Files.write(folder.resolve(seed + ".json"), dirty(seed));
      List<Read> all = read(file, null);
      assertThat(all).isNotEmpty();
      assertRestorable(file, all);
    }
  }

  @Test
  void readsOnFromEveryPositionOfACompressedFile() throws Exception {
    for (long seed = 0; seed < 3; seed++) {
      byte[] bytes = dirty(seed);
      byte[] head = Arrays.copyOf(bytes, bytes.length / 2);
      byte[] tail = Arrays.copyOfRange(bytes, head.length, bytes.length);
      Path plain = Files.write(folder.resolve("plain"), bytes);
      Path file = Files.write(folder.resolve("plain.GZ"), concat(gzip(head), gzip(tail)));
      List<Read> all = read(file, null);
      assertThat(all.toString().replace("plain.GZ", "plain"))
          .isEqualTo(read(plain, null).toString());
      assertRestorable(file, all);
    }
  }

  @Test
  void whetherAFileIsCompressedIsToldByItsBytesAndNotByItsName() throws Exception {
    byte[] bytes = dirty(1);
    Path plain = Files.write(folder.resolve("a.json"), bytes);
    Path namedGzip = Files.write(folder.resolve("b.json.gz"), bytes);
    Path namedPlain = Files.write(folder.resolve("c.json"), gzip(bytes));
    List<Read> all = read(plain, null);
    assertThat(all).hasSizeGreaterThan(10);
    for (Path file : List.of(namedGzip, namedPlain)) {
      List<Read> same = read(file, null);
      assertThat(same.toString().replace(file.getFileName().toString(), "a.json"))
          .isEqualTo(all.toString());
      assertRestorable(file, same);
    }
  }

  /** What is packed otherwise gives the same rows, or one that says how it is packed. */
  @Test
  void theLawHoldsHoweverBytesArePacked() throws Exception {
    byte[] first =
        "{\"user\":\"u\",\"timestamp\":1655564376361,\"x\":1,\"y\":2,\"z\":3}\n".getBytes(UTF_8);
    Random seeds = new Random();
    for (int i = 0; i < 100; i++) {
      long seed = seeds.nextLong();
      Random random = new Random(seed);
      byte[] bytes = concat(first, dirty(seed));
      Path file = folder.resolve(random.nextBoolean() ? "a.json" : "a.json.gz");
      Files.write(file, bytes);
      List<Read> all = read(file, null);
      int middle = random.nextInt(bytes.length);
      byte[] head = Arrays.copyOf(bytes, middle);
      byte[] tail = Arrays.copyOfRange(bytes, middle, bytes.length);
      for (byte[] same : List.of(gzip(bytes), concat(gzip(head), gzip(tail)))) {
        Files.write(file, same);
        assertThat(read(file, null)).as("%s, seed %d", file, seed).isEqualTo(all);
      }
      byte[] gzip = gzip(bytes);
      Files.write(file, Arrays.copyOf(gzip, 20 + random.nextInt(gzip.length - 20)));
      List<Read> cut = read(file, null);
      assertThat(cut.get(cut.size() - 1).row())
          .as("%s, seed %d", file, seed)
          .contains("corrupt compression");
      assertThat(withoutRejects(all))
          .as("%s, seed %d", file, seed)
          .containsAll(withoutRejects(cut));
      for (Map.Entry<String, byte[]> other : otherwise(bytes, random).entrySet()) {
        Files.write(file, other.getValue());
        assertThat(read(file, null))
            .as("%s, seed %d", file, seed)
            .singleElement()
            .satisfies(
                read ->
                    assertThat(read.row())
                        .contains(
                            "," + other.getValue().length + ",",
                            "not JSON in UTF-8: " + other.getKey()));
      }
    }
  }

  private static List<String> withoutRejects(List<Read> reads) {
    return reads.stream().map(Read::row).filter(row -> row.endsWith(",null,null)")).toList();
  }

  private static Map<String, byte[]> otherwise(byte[] bytes, Random random) throws IOException {
    Map<String, byte[]> packed = new LinkedHashMap<>();
    for (Map.Entry<String, Packing> packing :
        Map.<String, Packing>of(
                "bzip2", BZip2CompressorOutputStream::new,
                "LZ4", FramedLZ4CompressorOutputStream::new,
                "Snappy", FramedSnappyCompressorOutputStream::new,
                "Zstandard", ZstdOutputStream::new)
            .entrySet()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream in = packing.getValue().around(out)) {
        in.write(bytes);
      }
      packed.put(packing.getKey(), out.toByteArray());
    }
    // Text again, as encodings do not hold bytes that are none.
    String text = new String(bytes, UTF_8);
    String wide = random.nextBoolean() ? "16" : "32";
    String order = List.of("", "LE", "BE").get(random.nextInt(3));
    packed.put("UTF-" + wide, text.getBytes(Charset.forName("UTF-" + wide + order)));
    return packed;
  }

  private interface Packing {
    OutputStream around(OutputStream out) throws IOException;
  }

  @Test
  void filesAreListedWhateverTheirNames() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in/a:b"));
    Files.createDirectories(folder.resolve("in/.hidden"));
    Files.createSymbolicLink(folder.resolve("in/nowhere"), folder.resolve("gone"));
    for (String name :
        List.of("c16-2023-08-06T18:57:11.json", "100%.json", "a b#c?d.json", "ü.json")) {
      Files.write(in.resolve(name), dirty(1));
      Files.write(folder.resolve("in/.hidden").resolve(name), dirty(1));
    }
    FileSourceSplitSerializer serializer = FileSourceSplitSerializer.INSTANCE;
    List<String> listed = new ArrayList<>();
    for (FileSourceSplit split :
        RawFolder.of(
                org.apache.flink.core.fs.Path.fromLocalFile(folder.resolve("in").toFile()),
                ".*",
                1 << 20,
                System::nanoTime)
            .look(new SeenFiles())) {
      FileSourceSplit sent =
          serializer.deserialize(serializer.getVersion(), serializer.serialize(split));
      try (BulkFormat.Reader<RowData> reader = format.createReader(new Configuration(), sent)) {
        assertThat(reader.readBatch()).as(sent.toString()).isNotNull();
      }
      listed.add(sent.path().getName());
    }
    assertThat(listed)
        .containsExactlyInAnyOrder(
            "c16-2023-08-06T18:57:11.json", "100%.json", "a b#c?d.json", "ü.json");
  }

  @Test
  void onlyWhatIsPlainTextIsSplit() throws Exception {
    byte[] bytes = dirty(1);
    byte[] utf16 = new String(bytes, UTF_8).getBytes(StandardCharsets.UTF_16);
    Files.write(Files.createDirectory(folder.resolve("in")).resolve("plain.gz"), bytes);
    Files.write(folder.resolve("in/compressed"), gzip(bytes));
    Files.write(folder.resolve("in/wide"), utf16);
    List<String> splits =
        RawFolder.of(
                org.apache.flink.core.fs.Path.fromLocalFile(folder.resolve("in").toFile()),
                ".*",
                100,
                System::nanoTime)
            .look(new SeenFiles())
            .stream()
            .map(split -> split.path().getName())
            .toList();
    assertThat(splits).filteredOn("compressed"::equals).hasSize(1);
    assertThat(splits).filteredOn("wide"::equals).hasSize(1);
    assertThat(splits).filteredOn("plain.gz"::equals).hasSizeGreaterThan(1);
  }

  @Test
  void saysOnceThatCompressionIsCorrupt() throws Exception {
    for (long seed = 0; seed < 3; seed++) {
      byte[] compressed = gzip(dirty(seed));
      Path file =
          Files.write(
              folder.resolve(seed + ".gz"), Arrays.copyOf(compressed, compressed.length / 2));
      List<Read> all = read(file, null);
      assertThat(all).filteredOn(read -> read.row().contains("corrupt compression")).hasSize(1);
      assertThat(all.get(all.size() - 1).row()).contains("corrupt compression");
      assertRestorable(file, all);
    }
  }

  @Test
  void readsFilesOfManyBatches() throws Exception {
    String record = "{\"user\":\"u\",\"timestamp\":1655564376361,\"x\":1,\"y\":2,\"z\":3}\n";
    Path file = Files.writeString(folder.resolve("many"), record.repeat(5000));
    List<Read> all = read(file, null);
    assertThat(all).hasSize(5000);
    for (int i = 0; i < 5000; i++) {
      assertThat(all.get(i).position())
          .isEqualTo(new CheckpointedPosition((long) (i + 1) * record.length() - 1, 0));
    }
  }

  @Test
  void aFileThatIsGoneIsNamedAndOneInItsPlaceStandsForNothing() throws Exception {
    Path file = Files.write(folder.resolve("gone"), dirty(1));
    long size = Files.size(file);
    Files.delete(file);
    for (long offset : new long[] {0, size / 2}) {
      assertThatThrownBy(() -> read(format, file, offset, size / 2, size, null))
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(file.toString(), size + " bytes", "gone", "line break");
      assertThatThrownBy(
              () -> read(format, file, offset, size / 2, size, new CheckpointedPosition(9, 0)))
          .as("what was read in part")
          .hasMessageContainingAll(file.toString(), "gone");
    }
    Files.writeString(file, "\n");
    for (long offset : new long[] {0, size / 2}) {
      assertThat(read(format, file, offset, size / 2, size, null)).isEmpty();
      assertThatThrownBy(
              () -> read(format, file, offset, size / 2, size, new CheckpointedPosition(9, 0)))
          .hasMessageContaining("was changed while it was read");
    }
  }

  @Test
  void readsNoFileOnThatWasReplacedByALongerOne() throws Exception {
    Path file = Files.writeString(folder.resolve("a.json"), "{}\n{}\n");
    long modified = Files.getLastModifiedTime(file).toMillis();
    FileSourceSplit split =
        new FileSourceSplit(
            "split",
            org.apache.flink.core.fs.Path.fromLocalFile(file.toFile()),
            0,
            Files.size(file),
            modified,
            Files.size(file),
            new String[0],
            new CheckpointedPosition(3, 0));
    format.restoreReader(new Configuration(), split).close();
    Files.writeString(file, "{\"a longer one\":1}\n{}\n");
    assertThatThrownBy(() -> format.restoreReader(new Configuration(), split))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(file.toString(), "was changed while it was read", "6 bytes");
    Files.writeString(file, "{ }\n[]");
    Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(modified + 60_000));
    assertThatThrownBy(() -> format.restoreReader(new Configuration(), split))
        .as("as long, but later")
        .hasMessageContaining("was changed while it was read");
  }

  @Test
  void noticesThatAFileShrankWhileTheJobWasDown() throws Exception {
    CheckpointedPosition position = new CheckpointedPosition(1000, 0);
    Path plain = Files.writeString(folder.resolve("short"), "{}");
    Path compressed = Files.write(folder.resolve("short.gz"), gzip("{}".getBytes(UTF_8)));
    for (Path file : List.of(plain, compressed)) {
      assertThatThrownBy(() -> read(file, position))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("1000")
          .hasMessageContaining("shorter");
    }
  }

  @Test
  void namesFilesByTheirPathBelowTheRoot() {
    org.apache.flink.core.fs.Path file = new org.apache.flink.core.fs.Path("file:/in/a b/c.json");
    assertThat(new SourceNames("file:///in").nameOf(file)).isEqualTo("a b/c.json");
    assertThat(new SourceNames("file:///in/").nameOf(file)).isEqualTo("a b/c.json");
    assertThat(new SourceNames("/in").nameOf(file)).isEqualTo("a b/c.json");
    assertThat(new SourceNames("/").nameOf(file)).isEqualTo("in/a b/c.json");
    assertThat(new SourceNames("/i").nameOf(file)).isEqualTo("file:/in/a b/c.json");
    assertThat(new SourceNames("s3://in").nameOf(file)).isEqualTo("file:/in/a b/c.json");
    assertThat(new SourceNames(null).nameOf(file)).isEqualTo("file:/in/a b/c.json");
    assertThat(
            new SourceNames("s3://bucket/raw")
                .nameOf(new org.apache.flink.core.fs.Path("s3://bucket/raw/x.gz")))
        .isEqualTo("x.gz");
    assertThat(
            new SourceNames("s3://bucket/raw")
                .nameOf(new org.apache.flink.core.fs.Path("s3://other/raw/x.gz")))
        .isEqualTo("s3://other/raw/x.gz");
  }
}
