package io.stedi.lakehouse.testing;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.function.PseudonymKey;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.LakeSummary;
import io.stedi.lakehouse.pipeline.Pipeline;
import io.stedi.lakehouse.pipeline.PipelineRun;
import io.stedi.lakehouse.pipeline.Resume;
import io.stedi.lakehouse.program.RunMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.jdbc.JdbcCatalog;

/** A local lake, used as {@code ./stedi} uses it, but within the test's process. */
public final class TestLake implements AutoCloseable {

  /** The key of the pseudonyms in all lakes of the tests. */
  public static final String KEY = "a key of the tests, the same for all lakes";

  /** The tables whose rows consent decides on. */
  public static final List<String> DERIVED =
      List.of(
          "customer_trusted",
          "accelerometer_trusted",
          "customer_curated",
          "step_trainer_trusted",
          "machine_learning_curated");

  private final Path folder;
  private final Settings settings;
  private final Lake lake;

  private TestLake(Path folder, Settings settings) {
    this.folder = folder;
    this.settings = settings;
    this.lake = Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE));
  }

  /**
   * A lake in a folder, with settings over those of conf/local.yaml. Unless they say otherwise,
   * streaming ends with its input, and jobs run on the {@link SharedCluster}.
   */
  public static TestLake in(Path folder, Map<String, String> overrides) throws IOException {
    Map<String, String> all = new HashMap<>(overrides);
    all.putIfAbsent("parallelism", "2");
    all.putIfAbsent("streaming.bounded", "true");
    all.putIfAbsent("flink.execution.target", SharedCluster.TARGET);
    // As in conf/local.yaml, but no test outlives a crash of the machine.
    all.putIfAbsent(
        "catalog.uri",
        "jdbc:sqlite:%s?busy_timeout=60000&journal_mode=WAL&synchronous=OFF"
            .formatted(folder.toAbsolutePath().resolve("catalog.db")));
    Settings settings =
        Settings.onOneMachine("local", all, Map.of("lake", folder.toAbsolutePath().toString()));
    Files.createDirectories(folder);
    Path key = Path.of(settings.get(Setting.PSEUDONYM_KEY_FILE));
    Files.writeString(key, KEY);
    new PseudonymKey(Map.of(), "", "", key.toString()).ensure();
    return new TestLake(folder, settings);
  }

  public static TestLake in(Path folder) throws IOException {
    return in(folder, Map.of());
  }

  /**
   * Settings of a lake whose tables are in a folder that a cluster's machines share, where no key
   * is kept.
   */
  public static String sharedSettings(Path tables) throws IOException {
    return Files.readString(Path.of("conf", "local.yaml"))
        .replace("key-file: ${lake}/pseudonym.key", "key-file: ''")
        .replace("${lake}", tables.toString());
  }

  public Path folder() {
    return folder;
  }

  public Lake lake() {
    return lake;
  }

  public Settings settings() {
    return settings;
  }

  /** Runs to the end of the input. */
  public LakeSummary run(RunMode mode, Path input, String... only) {
    return ended(
        new Pipeline(settings, lake)
            .run(mode, input.toAbsolutePath().toUri(), Set.of(only), Resume.SAME_PROGRAM));
  }

  /**
   * Prepares a history.
   *
   * @param output null for no reduced data
   */
  public LakeSummary prepare(URI input, URI output) {
    return ended(new Pipeline(settings, lake).prepare(input, output));
  }

  private LakeSummary ended(PipelineRun run) {
    run.await();
    return run.summary();
  }

  /** Makes an empty table that is none of the program's. */
  public void create(String name, Schema schema) throws IOException {
    lake.ensureDatabase();
    try (JdbcCatalog catalog = new JdbcCatalog()) {
      catalog.setConf(new org.apache.hadoop.conf.Configuration(false));
      catalog.initialize(Lake.NAME, settings.catalogProperties());
      catalog.createTable(TableIdentifier.of(settings.get(Setting.DATABASE), name), schema);
    }
  }

  public Table table(String name) {
    return lake.table(name).orElseThrow();
  }

  /** The number of rows that a reader of each table gets. */
  public Map<String, Long> counts() throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : new Pipeline(settings, lake).tables()) {
      counts.put(name, (long) records(name).size());
    }
    return counts;
  }

  /** All rows of a table, deletes applied. */
  public List<Record> records(String name) throws IOException {
    List<Record> records = new ArrayList<>();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table(name)).build()) {
      rows.forEach(records::add);
    }
    return records;
  }

  @Override
  public void close() {
    lake.close();
  }
}
