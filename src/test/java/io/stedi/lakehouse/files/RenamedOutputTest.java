package io.stedi.lakehouse.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenamedOutputTest {

  @TempDir private Path folder;

  @Test
  void theFolderAppearsWhenItIsCompleteAndFilesAreNamedAfterTheirKind() throws Exception {
    Path target = folder.resolve("out");
    try (RenamedOutput output = RenamedOutput.begin(target, false, 1_000)) {
      write(output, "customer", "part-1", "{\"a\":1}\n");
      assertThat(target).doesNotExist();
      output.publish();
    }
    assertThat(target.resolve("customer/landing/customer-0000.json")).hasContent("{\"a\":1}");
    assertThat(target.resolve("step_trainer/landing")).isEmptyDirectory();
    assertThat(names()).containsExactly("out");
  }

  @Test
  void aFileThatIsTooLargeIsSplitAtTheEndsOfLines() throws Exception {
    Path target = folder.resolve("out");
    List<String> lines =
        Stream.iterate(0, i -> i + 1).limit(50).map(i -> "{\"n\":" + i + "}").toList();
    try (RenamedOutput output = RenamedOutput.begin(target, false, 100)) {
      write(output, "accelerometer", "part-1", String.join("\n", lines) + "\n");
      output.publish();
    }
    List<Path> files;
    try (Stream<Path> list = Files.list(target.resolve("accelerometer/landing"))) {
      files = list.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(3);
    assertThat(files).allSatisfy(file -> assertThat(Files.size(file)).isLessThan(100 + 10));
    StringBuilder all = new StringBuilder();
    for (Path file : files) {
      assertThat(Files.readString(file)).endsWith("}\n");
      all.append(Files.readString(file));
    }
    assertThat(all.toString().lines()).containsExactlyElementsOf(lines);
  }

  @Test
  void anExistingFolderIsReplacedOnlyWhenAskedTo() throws Exception {
    Path target = folder.resolve("out");
    try (RenamedOutput output = RenamedOutput.begin(target, false, 100)) {
      write(output, "customer", "part", "{}\n");
      write(output, "customer", "part-2", "{}\n");
      assertThat(output.publish()).as("bytes").isEqualTo(6);
    }
    assertThatThrownBy(() -> RenamedOutput.begin(target, false, 100))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(target.toString(), "--overwrite");
    try (RenamedOutput output = RenamedOutput.begin(target, true, 100)) {
      write(output, "customer", "part", "{}\n");
      assertThat(target.resolve("customer/landing/customer-0001.json")).exists();
      output.publish();
    }
    assertThat(target.resolve("customer/landing/customer-0001.json")).doesNotExist();
    assertThat(target.resolve("customer/landing/customer-0000.json")).exists();
    assertThat(names()).containsExactly("out");
  }

  @Test
  void whatThisProgramDidNotWriteIsNotReplaced() throws Exception {
    Path target = folder.resolve("out");
    try (RenamedOutput output = RenamedOutput.begin(target, false, 100)) {
      write(output, "customer", "part", "{}\n");
      output.publish();
    }
    Path mine = Files.writeString(target.resolve("customer/mine.txt"), "x");
    assertThatThrownBy(() -> RenamedOutput.begin(target, true, 100))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(target.toString(), "customer/mine.txt", "did not write");
    Path lake = Files.createDirectories(folder.resolve("lake/warehouse"));
    Files.writeString(lake.resolve("data.parquet"), "x");
    assertThatThrownBy(() -> RenamedOutput.begin(folder.resolve("lake"), true, 100))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("warehouse/data.parquet");
    assertThat(mine).exists();
    assertThat(lake.resolve("data.parquet")).exists();
  }

  @Test
  void whatIsNotPublishedLeavesNothingBehind() throws Exception {
    try (RenamedOutput output = RenamedOutput.begin(folder.resolve("out"), false, 100)) {
      write(output, "customer", "part", "{}\n");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void whatAKilledRunLeftIsClearedAndAnotherRunsIsNot() throws Exception {
    Path target = folder.resolve("out");
    Path left = Files.createDirectories(folder.resolve(".out.partial/customer/landing"));
    Files.writeString(left.resolve("part-old"), "{\"old\":1}\n");
    try (RenamedOutput output = RenamedOutput.begin(target, false, 100)) {
      assertThatThrownBy(() -> RenamedOutput.begin(target, false, 100))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContaining("Another run is writing");
      write(output, "customer", "part-new", "{\"new\":1}\n");
      output.publish();
    }
    assertThat(target.resolve("customer/landing/customer-0000.json")).hasContent("{\"new\":1}");
    assertThat(target.resolve("customer/landing/customer-0001.json")).doesNotExist();
  }

  @Test
  void nobodyElseCanLookIntoIt() throws Exception {
    try (RenamedOutput output = RenamedOutput.begin(folder.resolve("out"), false, 100)) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve(".out.partial"))))
          .isEqualTo("rwx------");
      output.publish();
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("out"))))
        .isEqualTo("rwx------");
  }

  /** Their names can be guessed, where others may write, too. */
  @Test
  void aLinkOrSomebodyElsesFolderInPlaceOfASiblingIsRefused() throws Exception {
    Path others = Files.createDirectories(folder.resolve("precious"));
    Path file = Files.writeString(others.resolve("file"), "x");
    Path target = folder.resolve("out");
    Files.createSymbolicLink(folder.resolve(".out.partial"), others);
    assertThatThrownBy(() -> RenamedOutput.begin(target, false, 100))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(".out.partial", "a link or another user's");
    Files.delete(folder.resolve(".out.partial"));

    Path former = Files.createDirectories(folder.resolve(".out.former"));
    Path mine = Files.writeString(former.resolve("mine"), "x");
    try (RenamedOutput output = RenamedOutput.begin(target, false, 100)) {
      write(output, "customer", "part", "{}\n");
      assertThatThrownBy(output::publish)
          .isInstanceOf(LakehouseException.class)
          .hasMessageContainingAll("mine", "did not write");
    }
    assertThat(file).exists();
    assertThat(mine).exists();
  }

  private static void write(RenamedOutput output, String kind, String name, String text)
      throws IOException {
    Path landing =
        Files.createDirectories(Path.of(output.partial()).resolve(kind).resolve("landing"));
    Files.writeString(landing.resolve(name), text);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
