package io.stedi.lakehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: who may know whom, package by package. */
class PackagesTest {

  private static final String ROOT = "io.stedi.lakehouse.";

  /** From the bottom up; each package may use those named, and they stand above it in this list. */
  private static final List<Map.Entry<String, Set<String>>> MAY_USE =
      List.of(
          Map.entry("failure", Set.of()),
          Map.entry("records", Set.of()),
          Map.entry("scan", Set.of()),
          Map.entry("source", Set.of("scan")),
          Map.entry("files", Set.of("failure", "records")),
          Map.entry("function", Set.of("failure", "files")),
          Map.entry("lake", Set.of("failure")),
          Map.entry("maintain", Set.of("failure", "function", "lake")),
          Map.entry(
              "config", Set.of("failure", "files", "function", "lake", "maintain", "records")),
          Map.entry("generate", Set.of("failure", "records", "files")),
          Map.entry("program", Set.of("failure", "records", "config")),
          Map.entry(
              "pipeline", Set.of("failure", "files", "config", "function", "lake", "program")),
          Map.entry("query", Set.of("failure", "config", "lake", "program")),
          Map.entry(
              "check",
              Set.of("failure", "records", "config", "function", "lake", "program", "query")),
          Map.entry("forget", Set.of("failure", "files", "config", "program", "query")),
          Map.entry(
              "report",
              Set.of("failure", "config", "lake", "maintain", "program", "query", "check")),
          Map.entry(
              "script", Set.of("failure", "config", "function", "lake", "program", "pipeline")),
          Map.entry(
              "job",
              Set.of("failure", "files", "config", "lake", "maintain", "program", "pipeline")),
          Map.entry(
              "cli",
              Set.of(
                  "failure",
                  "files",
                  "config",
                  "function",
                  "lake",
                  "maintain",
                  "generate",
                  "program",
                  "pipeline",
                  "query",
                  "check",
                  "forget",
                  "report",
                  "script")));

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.stedi.lakehouse");

  @Test
  void everyPackageUsesOnlyWhatItMay() {
    Map<String, Set<String>> uses = new TreeMap<>();
    for (JavaClass type : classes) {
      String name = packageOf(type);
      Set<String> used = uses.computeIfAbsent(name, key -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .map(PackagesTest::packageOf)
          .filter(target -> !target.equals(name))
          .forEach(used::add);
    }
    Map<String, Set<String>> allowed = new TreeMap<>();
    MAY_USE.forEach(entry -> allowed.put(entry.getKey(), new TreeSet<>(entry.getValue())));
    assertThat(uses).isEqualTo(allowed);
  }

  @Test
  void theListHasOneDirection() {
    Set<String> below = new TreeSet<>();
    for (Map.Entry<String, Set<String>> entry : MAY_USE) {
      assertThat(below).as("below %s", entry.getKey()).containsAll(entry.getValue());
      below.add(entry.getKey());
    }
  }

  @Test
  void aJobEndsNoProcessAndTouchesNoTerminalLockOrProperty() {
    Set<String> forbidden =
        Set.of("java.lang.System.exit", "java.lang.System.setProperty", "java.lang.Runtime.exit");
    for (JavaClass type : classes) {
      if (!packageOf(type).equals("cli")) {
        assertThat(type.getMethodCallsFromSelf())
            .extracting(call -> call.getTargetOwner().getName() + "." + call.getName())
            .as(type.getName())
            .doesNotContainAnyElementsOf(forbidden);
        assertThat(type.getFieldAccessesFromSelf())
            .extracting(access -> access.getTarget().getFullName())
            .as(type.getName())
            .doesNotContain("java.lang.System.out", "java.lang.System.err", "java.lang.System.in");
      }
    }
  }

  private static String packageOf(JavaClass type) {
    return type.getPackageName().substring(ROOT.length());
  }
}
