package io.stedi.lakehouse.maintain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.WatchedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactionTest {

  private static final MaintenanceOptions ALL =
      new MaintenanceOptions(128L << 20, 2, 1, 1_000_000, 3, Duration.ZERO);

  private static final int COMMITS = Chance.LONG ? 1_000 : 40;

  @TempDir private Path folder;

  @AfterEach
  void watchNoMore() {
    WatchedFiles.watchNoMore();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPassLeavesTheRowsInOneFileAndNoDeletes(boolean partitioned) throws Exception {
    Map<Long, String> expected = new HashMap<>();
    try (KeyedTable table = new KeyedTable(folder, partitioned)) {
      for (long commit = 0; commit < 16; commit++) {
        KeyedTable.Commit next = table.begin(commit % 2 == 0 ? "a" : "b");
        for (long key = 10 * commit; key < 10 * commit + 10; key++) {
          next.insert(key, "v" + key);
          expected.put(key, "v" + key);
        }
        next.insertAndTakeBack(1_000 + commit);
        if (commit > 1) {
          // Of the commit before the last, which is of the same partition.
          long gone = 10 * (commit - 2) + 3;
          next.delete(List.of(gone));
          expected.remove(gone);
        }
        next.commit();
      }
      assertThat(table.rows()).as("before").isEqualTo(expected);
      assertThat(new Compaction(table.open(), ALL).run()).isTrue();
      assertThat(table.rows()).isEqualTo(expected);
      TableHealth health = TableHealth.of(table.open());
      assertThat(health.dataFiles()).isEqualTo(partitioned ? 2 : 1);
      assertThat(health.deleteFiles()).isZero();
      assertThat(new Compaction(table.open(), ALL).run()).as("once more").isFalse();

      new Expiry(table.open(), ALL).run(Instant.now());
      assertThat(table.rows()).isEqualTo(expected);
      for (int i = 0; i < 6; i++) {
        table.begin().commit();
      }
      new Compaction(table.open(), ALL).run();
      for (int i = 0; i < 6; i++) {
        table.begin().commit();
      }
      new Expiry(table.open(), ALL).run(Instant.now());
      assertThat(table.rows()).isEqualTo(expected);
      assertThat(TableHealth.of(table.open()).snapshots()).isLessThanOrEqualTo(6);
      assertThat(table.files(".parquet"))
          .as("files on disk, those of the 12 last, empty commits included")
          .hasSizeLessThanOrEqualTo(14);
    }
  }

  /** What is committed between the plan and the commit reaches the rewritten rows. */
  @Test
  void deletesThatAreCommittedMeanwhileAreApplied() throws Exception {
    try (KeyedTable table = new KeyedTable(folder, false)) {
      table.begin().insert(1, "one").insert(2, "two").insert(3, "three").commit();
      table.begin().insert(4, "four").delete(List.of(2L)).commit();
      whenDataIsRead(
          () -> {
            table.begin().delete(List.of(1L, 3L)).insert(3, "again").commit();
            return null;
          });
      assertThat(new Compaction(table.open(), ALL).run()).isTrue();
      Map<Long, String> expected = Map.of(3L, "again", 4L, "four");
      assertThat(table.rows()).isEqualTo(expected);
      new Compaction(table.open(), ALL).run();
      assertThat(table.rows()).isEqualTo(expected);
      assertThat(TableHealth.of(table.open()).deleteFiles()).isZero();
    }
  }

  @Test
  void aDeleteDoesNotReachTheRowsOfItsOwnCommit() throws Exception {
    try (KeyedTable table = new KeyedTable(folder, false)) {
      table.begin().insert(1, "former").insert(2, "stays").commit();
      table.begin().delete(List.of(1L)).insert(1, "new").insert(3, "three").commit();
      table.begin().delete(List.of(3L)).commit();
      assertThat(new Compaction(table.open(), ALL).run()).isTrue();
      assertThat(table.rows()).isEqualTo(Map.of(1L, "new", 2L, "stays"));
    }
  }

  /** Another compaction takes away the files that this one has read: it plans anew. */
  @Test
  void aConflictLeavesNoFile() throws Exception {
    try (KeyedTable table = new KeyedTable(folder, false)) {
      for (long key = 0; key < 5; key++) {
        table.begin().insert(key, "v").delete(List.of(key - 1)).commit();
      }
      Table other = table.open();
      whenDataIsRead(() -> new Compaction(other, ALL).run());
      new Compaction(table.open(), ALL).run();
      assertThat(table.rows()).isEqualTo(Map.of(4L, "v"));
      assertThat(TableHealth.of(table.open()).dataFiles()).isEqualTo(1);
      assertThat(
              table.files(".parquet").stream()
                  .filter(file -> file.getFileName().toString().startsWith("merged-")))
          .as("files that were made")
          .hasSize(1);
    }
  }

  @Test
  void moreDeletesThanThereIsRoomForAreRefused() throws Exception {
    try (KeyedTable table = new KeyedTable(folder, false)) {
      table.begin().insert(1, "one").insert(2, "two").insert(3, "three").commit();
      table.begin().delete(List.of(1L, 2L)).commit();
      MaintenanceOptions narrow = new MaintenanceOptions(1 << 20, 2, 1, 1, 3, Duration.ZERO);
      assertThatThrownBy(() -> new Compaction(table.open(), narrow).run())
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("keyed", "2 deletes", "maintenance.max-delete-rows");
    }
  }

  /** Compaction is the newest snapshot, and the stream goes on from an older one. */
  @Test
  void theNewestMarkersOfTheStreamAreKept() throws Exception {
    try (KeyedTable table = new KeyedTable(folder, false)) {
      for (long key = 0; key < 20; key++) {
        table.begin().insert(key, "v").commit();
      }
      new Compaction(table.open(), ALL).run();
      new Expiry(table.open(), ALL).run(Instant.now().plus(Duration.ofDays(30)));
      Table kept = table.open();
      assertThat(kept.currentSnapshot().operation()).isEqualTo(DataOperations.REPLACE);
      assertThat(kept.currentSnapshot().summary())
          .as("a copy of the marker would have the committer commit twice")
          .doesNotContainKey("flink.max-committed-checkpoint-id");
      List<String> markers = new ArrayList<>();
      for (Snapshot snapshot : kept.snapshots()) {
        String marker = snapshot.summary().get("flink.max-committed-checkpoint-id");
        if (marker != null) {
          markers.add(marker);
        }
      }
      assertThat(markers).contains("20", "19", "18").hasSizeLessThanOrEqualTo(4);
    }
  }

  /** A writer that commits as the sink does, beside passes of compaction and expiry. */
  @Test
  void noRowIsLostOrComesBackBesideAWriter() throws Exception {
    Random random = new Random(Chance.seed(CompactionTest.class));
    Map<Long, String> expected = new HashMap<>();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (KeyedTable table = new KeyedTable(folder, false)) {
      Future<?> writer =
          threads.submit(
              () -> {
                long next = 0;
                for (int commit = 0; commit < COMMITS; commit++) {
                  KeyedTable.Commit rows = table.begin();
                  List<Long> live = new ArrayList<>(expected.keySet());
                  for (int i = 0; i < 5 && !live.isEmpty(); i++) {
                    long key = live.remove(random.nextInt(live.size()));
                    rows.delete(List.of(key));
                    expected.remove(key);
                    if (i < 2) {
                      rows.insert(key, "again in " + commit);
                      expected.put(key, "again in " + commit);
                    }
                  }
                  for (int i = 0; i < 20; i++) {
                    rows.insert(next, "in " + commit);
                    expected.put(next++, "in " + commit);
                  }
                  rows.insertAndTakeBack(-1 - commit);
                  rows.commit();
                }
                return null;
              });
      Table maintained = table.open();
      int rewrites = 0;
      do {
        if (new Compaction(maintained, ALL).run()) {
          rewrites++;
        }
        new Expiry(maintained, ALL).run(Instant.now());
      } while (!writer.isDone());
      writer.get(1, TimeUnit.MINUTES);
      assertThat(rewrites).as("passes beside the writer").isGreaterThan(1);
      assertThat(table.checkpoint()).isEqualTo(COMMITS);
      assertThat(table.rows()).isEqualTo(expected);
      new Compaction(maintained, ALL).run();
      assertThat(table.rows()).isEqualTo(expected);
      assertThat(TableHealth.of(table.open()).deleteFiles()).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Does something once, when the first data file is opened that is read from now on. */
  private static void whenDataIsRead(Callable<?> action) {
    WatchedFiles.watch(
        new WatchedFiles.Watcher() {
          @Override
          public void read(String location) {
            if (location.endsWith(".parquet")) {
              WatchedFiles.watchNoMore();
              try {
                action.call();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          }
        });
  }
}
