package io.stedi.lakehouse.program;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All SQL of the lakehouse, by name: what is created, from {@code catalog/}, and what is selected,
 * from {@code jobs/}.
 *
 * @param functions the SQL functions of our own
 * @param sources the raw files as tables
 * @param outputs folders of raw files to write, as tables
 * @param tables the tables of the lake
 * @param queries queries on the tables, spelled for Athena
 * @param checks queries for what is wrong with the tables; their folder says whether each is asked
 *     of the lake, of each kind of records or of each derived table
 * @param reports queries of the report, free of persons; their folder says whether the answer is
 *     drawn as a chart, of a label and a number, or shown as a table
 * @param jobs the query that defines each table; one without a table of its name is a plain view.
 *     Its folder says which command fills the table
 * @param modes the queries of which each mode has its own text
 */
public record SqlProgram(
    Map<String, SqlFile> functions,
    Map<String, SqlFile> sources,
    Map<String, SqlFile> outputs,
    Map<String, SqlFile> tables,
    Map<String, SqlFile> queries,
    Map<String, SqlFile> checks,
    Map<String, SqlFile> reports,
    Map<String, SqlFile> jobs,
    Map<RunMode, Map<String, SqlFile>> modes) {

  /** The command of which the jobs in {@code jobs/run} are. */
  public static final String RUN = "run";

  /** The command of which the jobs in {@code jobs/prepare} are. */
  static final String PREPARE = "prepare";

  /** The command that erases people, with what it asks of raw files in {@code jobs/forget}. */
  static final String FORGET = "forget";

  /** The command that looks for what is wrong, with the queries in {@code jobs/check}. */
  static final String CHECK = "check";

  /** The folder of the checks of the lake as a whole. */
  static final String CHECKS_OF_LAKE = "jobs/check/lake";

  /** The folder of the checks of each kind of records, which read raw files. */
  public static final String CHECKS_OF_KINDS = "jobs/check/kind";

  /** The folder of the checks of each derived table. */
  public static final String CHECKS_OF_TABLES = "jobs/check/table";

  /** The folder of what the report draws as charts. */
  public static final String CHARTS = "jobs/report/chart";

  /** The folder of what the report shows as tables. */
  static final String REPORTED_TABLES = "jobs/report/table";

  /** How the names of sources end that are raw files. */
  private static final String RAW = "_raw";

  /** The jobs that both commands need. */
  private static final String SHARED = "shared";

  public SqlProgram {
    requireJobs(tables, jobs, "declares a table that no job fills");
    requireJobs(outputs, jobs, "declares a table that no job fills");
  }

  /**
   * The tables that a command fills: those whose jobs lie in its folder or in the shared one.
   *
   * @param command {@link #RUN} or {@link #PREPARE}
   */
  public Set<String> tablesFilledBy(String command) {
    return tables.keySet().stream()
        .filter(table -> Set.of(jobs(command), jobs(SHARED)).contains(jobs.get(table).folder()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The jobs and sources that a job itself reads, in the order of their names. */
  Set<String> readBy(SqlFile job) {
    Set<String> read = new TreeSet<>(job.names());
    read.removeIf(name -> !jobs.containsKey(name) && !sources.containsKey(name));
    read.remove(job.name());
    return read;
  }

  /**
   * Where the rows of each table come from that a run fills: the tables and raw sources that its
   * job reads, itself or by views.
   */
  public Map<String, Set<String>> flow() {
    SqlProgram streaming = in(RunMode.STREAMING);
    Map<String, Set<String>> flow = new TreeMap<>();
    for (String table : tablesFilledBy(RUN)) {
      Set<String> from = new TreeSet<>();
      streaming.addReadBy(table, new TreeSet<>(), from);
      flow.put(table, from);
    }
    return flow;
  }

  private void addReadBy(String job, Set<String> seen, Set<String> from) {
    for (String name : readBy(jobs.get(job))) {
      if (tables.containsKey(name) || name.endsWith(RAW)) {
        from.add(name);
      } else if (jobs.containsKey(name) && seen.add(name)) {
        addReadBy(name, seen, from);
      }
    }
  }

  /** The program in a mode: with the queries that are not the same text in both. */
  SqlProgram in(RunMode mode) {
    Map<String, SqlFile> all = new TreeMap<>(jobs);
    modes.get(mode).forEach((name, job) -> putOnce(all, job));
    return new SqlProgram(
        functions, sources, outputs, tables, queries, checks, reports, all, modes);
  }

  private static String jobs(String command) {
    return "jobs/" + command;
  }

  private static void requireJobs(
      Map<String, SqlFile> files, Map<String, SqlFile> jobs, String otherwise) {
    for (SqlFile file : files.values()) {
      if (!jobs.containsKey(file.name())) {
        throw LakehouseException.usage(
            "%s/%s.sql %s. Add %s.sql to jobs/run, jobs/prepare or jobs/shared, or delete it."
                .formatted(file.folder(), file.name(), otherwise, file.name()));
      }
    }
  }

  /** Loads the program that travels with these classes, in the jar or in the build's folder. */
  public static SqlProgram load() {
    try {
      Path place = path(SqlProgram.class.getProtectionDomain().getCodeSource().getLocation());
      if (Files.isDirectory(place)) {
        return load(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return load(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file of a URL, which is relative where a cluster found the jar so. */
  static Path path(URL location) {
    return Path.of(
        URLDecoder.decode(location.getPath().replace("+", "%2B"), StandardCharsets.UTF_8));
  }

  private static SqlProgram load(Path root) throws IOException {
    Map<String, SqlFile> jobs = new TreeMap<>();
    for (String folder : List.of(RUN, PREPARE, FORGET, SHARED)) {
      files(root, jobs(folder)).values().forEach(job -> putOnce(jobs, job));
    }
    Map<RunMode, Map<String, SqlFile>> modes = new EnumMap<>(RunMode.class);
    for (RunMode mode : RunMode.values()) {
      modes.put(mode, files(root, jobs(mode.lowerCaseName())));
    }
    return new SqlProgram(
        files(root, "catalog/functions"),
        files(root, "catalog/sources"),
        files(root, "catalog/outputs"),
        files(root, "catalog/tables"),
        files(root, "jobs/queries"),
        files(root, List.of(CHECKS_OF_LAKE, CHECKS_OF_KINDS, CHECKS_OF_TABLES)),
        files(root, List.of(CHARTS, REPORTED_TABLES)),
        jobs,
        modes);
  }

  private static void putOnce(Map<String, SqlFile> jobs, SqlFile job) {
    SqlFile twin = jobs.put(job.name(), job);
    if (twin != null) {
      throw LakehouseException.usage(
          "%s/%s.sql and %s/%s.sql define the same name. Rename one of them."
              .formatted(twin.folder(), twin.name(), job.folder(), job.name()));
    }
  }

  private static Map<String, SqlFile> files(Path root, List<String> folders) throws IOException {
    Map<String, SqlFile> files = new TreeMap<>();
    for (String folder : folders) {
      files.putAll(files(root, folder));
    }
    return files;
  }

  private static Map<String, SqlFile> files(Path root, String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .map(file -> read(folder, file))
          .collect(Collectors.toMap(SqlFile::name, file -> file, (a, b) -> a, TreeMap::new));
    }
  }

  private static SqlFile read(String folder, Path file) {
    try {
      String fileName = file.getFileName().toString();
      return new SqlFile(
          folder,
          fileName.substring(0, fileName.length() - ".sql".length()),
          Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
