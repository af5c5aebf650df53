package io.stedi.lakehouse.testing;

import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.generate.SampleData;
import io.stedi.lakehouse.generate.SampleOptions;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.FileKinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.util.FileUtils;

/**
 * Raw files, and the lake that a batch run makes of them: once for all tests of this JVM, which
 * only read them.
 */
public final class SharedLake {

  /** What the sample is generated with. */
  public static final SampleOptions SAMPLE = new SampleOptions(40, 4, false);

  private static SharedLake sample;
  private static SharedLake starter;

  private final Path raw;
  private final TestLake lake;
  private final Map<String, Long> counts;

  private SharedLake(Path folder, Path raw) throws IOException {
    this.raw = raw;
    this.lake = TestLake.in(folder.resolve("lake"));
    lake.run(RunMode.BATCH, raw);
    this.counts = Map.copyOf(lake.counts());
  }

  /** Of generated files. */
  public static synchronized SharedLake sample() throws IOException {
    if (sample == null) {
      Path folder = folder();
      SampleData.write(SAMPLE, folder.resolve("raw"));
      sample = new SharedLake(folder, folder.resolve("raw"));
    }
    return sample;
  }

  /** Of the real data; skips the test where it is missing. */
  public static synchronized SharedLake starter() throws IOException {
    if (starter == null) {
      Path folder = folder();
      String zip = StarterData.zip().toString();
      // Not closed, which would delete what was unpacked.
      RawInput input = RawInput.open(zip, FileKinds.BY_MENTION, folder.resolve("raw"));
      starter = new SharedLake(folder, Path.of(input.root()));
    }
    return starter;
  }

  private static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("shared-lake-");
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> FileUtils.deleteDirectoryQuietly(folder.toFile())));
    return folder;
  }

  /** The raw files. */
  public Path raw() {
    return raw;
  }

  public TestLake lake() {
    return lake;
  }

  /** The number of rows of each table. */
  public Map<String, Long> counts() {
    return counts;
  }
}
