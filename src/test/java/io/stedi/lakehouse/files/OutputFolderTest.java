package io.stedi.lakehouse.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

  @TempDir private Path folder;

  @Test
  void theFolderAppearsWhenItIsCompleteAndFilesAreNamedAfterTheirKind() throws Exception {
    Path target = folder.resolve("out");
    try (OutputFolder output = OutputFolder.begin(target, false, 1_000)) {
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
    try (OutputFolder output = OutputFolder.begin(target, false, 100)) {
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
    Path target = Files.createDirectories(folder.resolve("out"));
    Files.writeString(target.resolve("mine.txt"), "x");
    assertThatThrownBy(() -> OutputFolder.begin(target, false, 100))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(target.toString(), "--overwrite");
    try (OutputFolder output = OutputFolder.begin(target, true, 100)) {
      write(output, "customer", "part", "{}\n");
      assertThat(target.resolve("mine.txt")).exists();
      output.publish();
    }
    assertThat(target.resolve("mine.txt")).doesNotExist();
    assertThat(target.resolve("customer/landing/customer-0000.json")).exists();
    assertThat(names()).containsExactly("out");
  }

  @Test
  void whatIsNotPublishedLeavesNothingBehind() throws Exception {
    try (OutputFolder output = OutputFolder.begin(folder.resolve("out"), false, 100)) {
      write(output, "customer", "part", "{}\n");
    }
    assertThat(names()).isEmpty();
  }

  @Test
  void whatAKilledRunLeftIsClearedAndAnotherRunsIsNot() throws Exception {
    Path target = folder.resolve("out");
    Path left = Files.createDirectories(folder.resolve(".out.partial/customer/landing"));
    Files.writeString(left.resolve("part-old"), "{\"old\":1}\n");
    try (OutputFolder output = OutputFolder.begin(target, false, 100)) {
      assertThatThrownBy(() -> OutputFolder.begin(target, false, 100))
          .isInstanceOf(LakehouseException.class)
          .hasMessageContaining("Another run is writing");
      write(output, "customer", "part-new", "{\"new\":1}\n");
      output.publish();
    }
    assertThat(target.resolve("customer/landing/customer-0000.json")).hasContent("{\"new\":1}");
    assertThat(target.resolve("customer/landing/customer-0001.json")).doesNotExist();
  }

  private static void write(OutputFolder output, String kind, String name, String text)
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
