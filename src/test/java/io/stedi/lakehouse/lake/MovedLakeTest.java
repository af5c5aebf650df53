package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovedLakeTest {

  @TempDir private Path folder;

  @Test
  void aRunOnACopyOfALakeDoesNotWriteIntoTheOriginal() throws Exception {
    Path original = folder.resolve("original");
    Path copy = folder.resolve("copy");
    try (TestLake lake = TestLake.in(original)) {
      Lease.take(lake.lake(), "run").close();
    }
    try (Stream<Path> files = Files.walk(original)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(original.relativize(file).toString()));
      }
    }
    long before;
    try (Stream<Path> files = Files.walk(original)) {
      before = files.count();
    }
    try (TestLake lake = TestLake.in(copy)) {
      assertThatThrownBy(() -> Lease.take(lake.lake(), "run"))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll(
              "copied or moved", original.toString(), copy.resolve("warehouse").toString());
    }
    try (Stream<Path> files = Files.walk(original)) {
      assertThat(files.count()).isEqualTo(before);
    }
  }
}
