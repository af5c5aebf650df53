package io.stedi.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Runs the pipeline in this project and in its peers, in turn, on the same generated files, and
 * compares what they took. A time counts only if the tables are equal.
 */
final class Benchmark {

  /** How many people the starter data, which all scales are multiples of, knows. */
  private static final int CUSTOMERS = 956;

  /** The heap of the peers' processes; this project's own is its default. */
  private static final String PEER_HEAP = "-Xmx2g";

  private static final List<String> PEER_OPENS =
      Stream.of(
              "java.lang", "java.lang.invoke", "java.io", "java.net", "java.nio", "java.util",
              "java.util.concurrent", "java.util.concurrent.atomic", "sun.nio.ch", "sun.nio.cs",
              "sun.security.action", "sun.util.calendar")
          .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
          .toList();

  private final Path home;
  private final Path work;
  private final PrintStream out = System.out;

  private Benchmark(Path home, Path work) {
    this.home = home;
    this.work = work;
  }

  /** Who takes part. */
  private enum Contestant {
    STEDI,
    SPARK,
    FLINK,
    DUCKDB;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One run of a contestant. */
  private record Result(Measured measured, Tables tables) {}

  /**
   * @param arguments the checkout, a folder for data and results, the scales and the number of
   *     rounds, such as {@code 1,10,100 3}
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      System.err.println("usage: HOME WORK SCALES ROUNDS, such as . bench/data 1,10,100 3");
      System.exit(2);
    }
    Benchmark benchmark = new Benchmark(Path.of(arguments[0]), Path.of(arguments[1]));
    int rounds = Integer.parseInt(arguments[3]);
    for (String scale : arguments[2].split(",")) {
      benchmark.compare(Integer.parseInt(scale), rounds);
    }
  }

  private void compare(int scale, int rounds) throws Exception {
    Path raw = work.resolve("raw-" + scale);
    if (!Files.exists(raw)) {
      Path partial = work.resolve("partial-" + scale);
      delete(partial);
      Measured.run(
          List.of(
              home.resolve("stedi").toString(),
              "generate",
              "--clean",
              "--customers=" + CUSTOMERS * scale,
              partial.toString()),
          Map.of(),
          log("generate"));
      Files.move(partial, raw);
    }
    // The first run of a build is one of its own kind: it keeps the archive of classes.
    run(Contestant.STEDI, raw);
    Map<Contestant, List<Result>> results = new LinkedHashMap<>();
    Map<String, String> expected = null;
    for (int round = 0; round < rounds; round++) {
      for (Contestant contestant : Contestant.values()) {
        Result result = run(contestant, raw);
        expected = expected == null ? result.tables().contents() : expected;
        if (!expected.equals(result.tables().contents())) {
          throw new IOException(
              "%s has other tables: %s instead of %s"
                  .formatted(contestant.label(), result.tables().contents(), expected));
        }
        results.computeIfAbsent(contestant, any -> new ArrayList<>()).add(result);
      }
    }
    print(scale, results);
  }

  private Result run(Contestant contestant, Path raw) throws Exception {
    Path tables = work.resolve("tables-" + contestant.label());
    delete(tables);
    Files.createDirectories(tables);
    Measured measured =
        Measured.run(
            command(contestant, raw.toAbsolutePath(), tables.toAbsolutePath()),
            Map.of(),
            log(contestant.label()));
    Path written =
        switch (contestant) {
          case STEDI -> tables.resolve("warehouse/stedi");
          case SPARK, FLINK -> tables.resolve("stedi");
          case DUCKDB -> tables;
        };
    return new Result(measured, Tables.in(written));
  }

  private List<String> command(Contestant contestant, Path raw, Path tables) {
    if (contestant == Contestant.STEDI) {
      return List.of(
          home.resolve("stedi").toString(), "run", "--quiet", "--input=" + raw, "--lake=" + tables);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(PEER_HEAP);
    command.addAll(PEER_OPENS);
    Class<?> peer =
        switch (contestant) {
          case STEDI -> throw new IllegalArgumentException("this project is no peer");
          case SPARK -> SparkPeer.class;
          case FLINK -> FlinkPeer.class;
          case DUCKDB -> DuckDbPeer.class;
        };
    String classes =
        contestant == Contestant.FLINK ? flinkClasses() : System.getProperty("java.class.path");
    command.addAll(List.of("-cp", classes, peer.getName(), raw.toString(), tables.toString()));
    return command;
  }

  /** Flink as this project has it, with the JSON format, and Iceberg, which is in this project's jar. */
  private String flinkClasses() {
    Path bench = home.resolve("bench/target");
    return String.join(
        File.pathSeparator,
        bench.resolve("classes").toString(),
        bench.resolve("flink").resolve("*").toString(),
        home.resolve("target/lib").resolve("*").toString(),
        home.resolve("target/stedi-lakehouse.jar").toString());
  }

  private void print(int scale, Map<Contestant, List<Result>> results) {
    double own = median(results.get(Contestant.STEDI), Benchmark::seconds);
    out.printf("%n%d times the starter data, medians of %d rounds%n%n", scale, rounds(results));
    out.println("|        | seconds | spread | to stedi | CPU s | peak MB | tables MB | files |");
    out.println("| ------ | ------: | -----: | -------: | ----: | ------: | --------: | ----: |");
    results.forEach(
        (contestant, all) -> {
          double seconds = median(all, Benchmark::seconds);
          double least = all.stream().mapToDouble(Benchmark::seconds).min().orElseThrow();
          double most = all.stream().mapToDouble(Benchmark::seconds).max().orElseThrow();
          out.printf(
              Locale.ROOT,
              "| %-6s | %7.1f | %5.0f%% | %8.2f | %5.1f | %7.0f | %9.1f | %5.0f |%n",
              contestant.label(),
              seconds,
              100 * (most - least) / seconds,
              seconds / own,
              median(all, result -> result.measured().cpuSeconds()),
              median(all, result -> result.measured().peakMegabytes()),
              median(all, result -> result.tables().bytes() / 1e6),
              median(all, result -> result.tables().files()));
        });
  }

  private static int rounds(Map<Contestant, List<Result>> results) {
    return results.get(Contestant.STEDI).size();
  }

  private static double seconds(Result result) {
    return result.measured().seconds();
  }

  private static double median(
      List<Result> results, ToDoubleFunction<Result> value) {
    double[] sorted = results.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private Path log(String name) throws IOException {
    return Files.createDirectories(work.resolve("logs")).resolve(name + ".log");
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
