package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.ForeignFile;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanFilesTest {

  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  private static final Instant NOW = Instant.parse("2030-01-10T00:00:00Z");
  private static final Instant OLD = NOW.minus(OrphanFiles.AGE).minus(Duration.ofMinutes(1));
  private static final Instant YOUNG = NOW.minus(OrphanFiles.AGE).plus(Duration.ofMinutes(1));

  @TempDir private Path folder;

  private TestLake lake;
  private Table table;
  private Path place;

  @BeforeEach
  void createTable() throws IOException {
    lake = TestLake.in(folder);
    lake.create("readings", SCHEMA);
    table = lake.table("readings");
    place = Path.of(URI.create(table.location()));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void whatASnapshotRefersToStaysHoweverOldItIs() throws IOException {
    table.newAppend().appendFile(file(1)).commit();
    table.newAppend().appendFile(file(2)).toBranch("staged").commit();
    table
        .newRowDelta()
        .addDeletes(
            FileMetadata.deleteFileBuilder(table.spec())
                .ofPositionDeletes()
                .withPath(table.location() + "/data/deletes.parquet")
                .withFileSizeInBytes(1)
                .withRecordCount(1)
                .build())
        .commit();
    Files.createFile(place.resolve("data").resolve("deletes.parquet"));
    // Former content: no branch leads to it any more but the history of one.
    table.newOverwrite().overwriteByRowFilter(Expressions.alwaysTrue()).addFile(file(3)).commit();
    Set<Path> before = age(OLD);
    assertThat(before.toString()).contains("deletes.parquet", "snap-", "-m0.avro");

    OrphanFiles.delete(table, NOW);

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void whatNoneRefersToGoesWhenItIsOld() throws IOException {
    table.newAppend().appendFile(file(1)).commit();
    Set<Path> before = age(OLD);
    file(2);
    Files.createFile(place.resolve("data").resolve("killed-00001.parquet"));
    Files.createFile(place.resolve("metadata").resolve("killed-m0.avro"));
    Files.createFile(place.resolve("metadata").resolve("00099-lost.gz.metadata.json"));
    Files.createFile(place.resolve("metadata").resolve("note.txt"));
    before.add(place.resolve("metadata").resolve("note.txt"));
    age(OLD);
    Path young = Files.createFile(place.resolve("data").resolve("young.parquet"));
    Files.setLastModifiedTime(young, FileTime.from(YOUNG));
    before.add(young);

    OrphanFiles.delete(table, NOW);

    assertThat(files()).isEqualTo(before);
    assertThat(lake.records("readings")).hasSize(1);
  }

  /** A stream that was killed between a checkpoint and its commit commits when it is back. */
  @Test
  void whatAStreamHasYetToCommitStays() throws IOException {
    table
        .newAppend()
        .appendFile(file(1))
        .set("flink.job-id", "0".repeat(32))
        .set("flink.max-committed-checkpoint-id", "4")
        .commit();
    Set<Path> committed = age(OLD);
    file(2);
    String manifest = "0".repeat(32) + "-operator-00000-0-%d-00001.avro";
    Path metadata = place.resolve("metadata");
    Path awaited = Files.createFile(metadata.resolve(manifest.formatted(5)));
    Set<Path> before = age(OLD);

    OrphanFiles.delete(table, NOW);
    assertThat(files()).isEqualTo(before);

    Files.move(awaited, metadata.resolve(manifest.formatted(4)));
    age(OLD);
    OrphanFiles.delete(table, NOW);
    assertThat(files()).as("when it is committed").isEqualTo(committed);
  }

  /** Writes a file, and commits none. */
  private DataFile file(long id) throws IOException {
    Record record = GenericRecord.create(SCHEMA);
    record.setField("id", id);
    return ForeignFile.write(table, List.of(record));
  }

  private Set<Path> age(Instant time) throws IOException {
    for (Path file : files()) {
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    return files();
  }

  /** All but the checksums that Hadoop keeps beside them. */
  private Set<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(place)) {
      return new TreeSet<>(
          all.filter(Files::isRegularFile)
              .filter(file -> !file.getFileName().toString().endsWith(".crc"))
              .toList());
    }
  }
}
