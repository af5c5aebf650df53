package io.stedi.lakehouse.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The jar that is submitted to a cluster. */
@Tag("process")
class JarProcessTest {

  private static final Path JAR = Path.of("target", "stedi-lakehouse.jar");

  @Test
  void itStartsTheJobOfACluster() throws IOException {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo(LakehouseJob.class.getName());
    }
  }

  /** Two copies of a class of Flink's are two classes, and neither takes the other's objects. */
  @Test
  void itHoldsNothingThatAClusterHas() throws IOException {
    Set<String> own = classes(JAR);
    assertThat(own).contains("io/stedi/lakehouse/job/LakehouseJob.class");
    List<Path> cluster;
    try (Stream<Path> jars = Files.list(Path.of("target", "lib"))) {
      // Iceberg brings RoaringBitmap, which Flink has for itself, too: neither shows it to the
      // other. A cluster loads the planner apart, and with it the geometry that Iceberg has as
      // well.
      cluster =
          jars.filter(
                  jar ->
                      !jar.getFileName()
                          .toString()
                          .matches("(RoaringBitmap|flink-table-(planner|api-scala)).*"))
              .toList();
    }
    assertThat(cluster).hasSizeGreaterThan(40);
    for (Path jar : cluster) {
      Set<String> both = new TreeSet<>(classes(jar));
      both.retainAll(own);
      assertThat(both).as(jar.toString()).isEmpty();
    }
  }

  private static Set<String> classes(Path path) throws IOException {
    try (JarFile jar = new JarFile(path.toFile())) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.endsWith("module-info.class"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
