package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedCatalogTest {

  private static final int RUNS = 6;

  @TempDir private Path folder;

  /** A catalog makes tables of its own when it is opened first, whoever else is just doing so. */
  @Test
  void runsThatMeetAtANewCatalogAllOpenIt() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(RUNS);
    try {
      for (int round = 0; round < 20; round++) {
        Path place = folder.resolve("catalog-" + round + ".db");
        Map<String, String> properties =
            Map.of(
                "catalog-impl",
                "org.apache.iceberg.jdbc.JdbcCatalog",
                "uri",
                "jdbc:sqlite:%s?busy_timeout=60000&journal_mode=WAL".formatted(place),
                "warehouse",
                folder.resolve("warehouse-" + round).toUri().toString(),
                "jdbc.schema-version",
                "V1");
        CyclicBarrier together = new CyclicBarrier(RUNS);
        List<Future<Boolean>> opened = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
          opened.add(
              threads.submit(
                  () -> {
                    together.await(1, TimeUnit.MINUTES);
                    try (Lake lake = Lake.open(properties, "stedi")) {
                      lake.ensureTable(Lease.TABLE);
                      return true;
                    }
                  }));
        }
        for (Future<Boolean> one : opened) {
          assertThat(one.get(2, TimeUnit.MINUTES)).as("round %d", round).isTrue();
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
