package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All SQL of the lakehouse, by name.
 *
 * @param functions the SQL functions of our own
 * @param sources the raw files as tables
 * @param outputs folders of raw files to write, as tables
 * @param catalog the tables of the lake
 * @param queries queries on the tables, spelled for Athena
 * @param jobs the query that defines each table; one without a table of its name is a plain view
 */
record SqlProgram(
    Map<String, SqlFile> functions,
    Map<String, SqlFile> sources,
    Map<String, SqlFile> outputs,
    Map<String, SqlFile> catalog,
    Map<String, SqlFile> queries,
    Map<String, SqlFile> jobs) {

  SqlProgram {
    requireJobs(catalog, jobs);
    requireJobs(outputs, jobs);
  }

  private static void requireJobs(Map<String, SqlFile> tables, Map<String, SqlFile> jobs) {
    for (SqlFile table : tables.values()) {
      if (!jobs.containsKey(table.name())) {
        throw LakehouseException.usage(
            "%s/%s.sql declares a table that no job fills. Add jobs/%s.sql, or delete it."
                .formatted(table.folder(), table.name(), table.name()));
      }
    }
  }

  /** Loads the program that travels with these classes, in the jar or in the build's folder. */
  static SqlProgram load() {
    try {
      Path place =
          Path.of(SqlProgram.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(place)) {
        return load(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return load(jar.getPath("/"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SqlProgram load(Path root) throws IOException {
    Map<String, SqlFile> expressions = files(root, "jobs/expressions");
    Map<String, SqlFile> jobs = files(root, "jobs");
    jobs.replaceAll((name, job) -> job.expanded(expressions));
    return new SqlProgram(
        files(root, "functions"),
        files(root, "sources"),
        files(root, "outputs"),
        files(root, "catalog"),
        files(root, "queries"),
        jobs);
  }

  private static Map<String, SqlFile> files(Path root, String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".sql"))
          .map(file -> read(folder, file))
          .collect(
              Collectors.toMap(
                  SqlFile::name,
                  file -> file,
                  (a, b) -> {
                    throw new IllegalStateException("two files named " + a.name());
                  },
                  TreeMap::new));
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
