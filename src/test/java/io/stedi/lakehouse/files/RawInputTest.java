package io.stedi.lakehouse.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.records.FileKinds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RawInputTest {

  private static final ZipLimits LIMITS = new ZipLimits(10, 50, 10_000, 1_000_000);

  @TempDir private Path folder;
  private Path scratch;

  @BeforeEach
  void scratch() {
    scratch = folder.resolve("scratch");
  }

  @Test
  void aFolderIsReadWhereItLies() throws Exception {
    Path input = folder.resolve("in put");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    put(input, "readme.txt");
    try (RawInput raw = RawInput.open(input.toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(Path.of(raw.root())).isEqualTo(input);
      assertThat(raw.ignored()).containsExactly("readme.txt");
      assertThat(raw.describe()).contains("1 customer files", "1 files of no kind ignored");
    }
    assertThat(input).isNotEmptyDirectory();
  }

  @Test
  void aZipFileIsUnpackedAndRemovedAgain() throws Exception {
    Path zip = zip(complete());
    Path root;
    try (RawInput raw =
        RawInput.open(zip.toString(), FileKinds.BY_MENTION, scratch, LIMITS, false)) {
      root = Path.of(raw.root());
      assertThat(root.resolve("accelerometer/a.json")).hasContent("{}");
    }
    assertThat(root).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../customer.json",
        "customer/../../x.json",
        "/customer.json",
        "C:\\customer.json",
        "..\\customer.json",
        "C:/customer.json"
      })
  void anEntryThatWouldLeaveTheFolderIsRefused(String name) throws Exception {
    Map<String, byte[]> entries = complete();
    entries.put(name, bytes("{}"));
    assertRefused(entries, name.replace('\\', '/'), "outside of the folder");
  }

  @Test
  void aZipFileThatWindowsMadeIsUnpacked() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    complete().forEach((name, bytes) -> entries.put(name.replace('/', '\\'), bytes));
    entries.put("customer\\empty\\", new byte[0]);
    try (RawInput raw = RawInput.open(zip(entries).toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(Path.of(raw.root()).resolve("accelerometer/a.json")).hasContent("{}");
      assertThat(Path.of(raw.root()).resolve("customer")).isDirectoryNotContaining("glob:**empty*");
    }
    entries.put("customer/c.json", bytes("{}"));
    assertRefused(entries, "customer/c.json", "occurs twice");
  }

  @Test
  void namesThatAreNotInUtf8AreNoDamage() throws Exception {
    Map<String, byte[]> entries = complete();
    entries.put("customer/k\u00FCnde.json", bytes("{}"));
    Path zip = zip(entries, ZipOutputStream.DEFLATED, Charset.forName("IBM437"));
    try (RawInput raw = RawInput.open(zip.toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(raw.describe()).contains("2 customer files");
    }
  }

  @Test
  void anEncryptedZipFileIsCalledSo() throws Exception {
    Path zip = zip(complete());
    byte[] bytes = Files.readAllBytes(zip);
    for (int i = 0; i + 9 < bytes.length; i++) {
      boolean local = bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 3;
      boolean central = bytes[i] == 'P' && bytes[i + 1] == 'K' && bytes[i + 2] == 1;
      if (local || central) {
        bytes[i + (local ? 6 : 8)] |= 1;
      }
    }
    Files.write(zip, bytes);
    assertData(zip.toString(), "is encrypted", "Unpack it yourself");
  }

  @Test
  void archivesWithinTheInputAreTheReasonWhyThereAreNoFiles() throws Exception {
    Path input = folder.resolve("nested");
    put(input, "data/customer.zip");
    put(input, "data/accelerometer.zip");
    assertData(
        input.toString(), "no customer", "2 archives", "data/accelerometer.zip", "unpack it");
  }

  @Test
  void bombsAreRefused() throws Exception {
    Map<String, byte[]> ratio = complete();
    ratio.put("customer/bomb.json", new byte[900_000]);
    assertRefused(ratio, "customer/bomb.json", "50 times");

    Map<String, byte[]> many = complete();
    for (int i = 0; i < 10; i++) {
      many.put("customer/%d.json".formatted(i), bytes("{}"));
    }
    assertRefused(many, "13 entries", "more than 10");

    Map<String, byte[]> large = complete();
    for (int i = 0; i < 5; i++) {
      byte[] noise = new byte[300_000];
      new Random(i).nextBytes(noise);
      large.put("customer/%d.json".formatted(i), noise);
    }
    assertRefused(large, "more than 1,000,000 bytes");
  }

  @Test
  void aDamagedZipFileIsNamed() throws Exception {
    Path zip = zip(complete());
    byte[] whole = Files.readAllBytes(zip);
    Files.write(zip, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> RawInput.open(zip.toString(), FileKinds.BY_MENTION, scratch))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(zip.toString(), "damaged");
    assertThat(Files.list(scratch)).isEmpty();
  }

  @Test
  void anInputThatCannotBeUsedIsExplained() throws Exception {
    assertData(folder.resolve("nowhere").toString(), "does not exist");
    assertData(Files.createDirectory(folder.resolve("empty")).toString(), "holds no files");
    Path text = Files.writeString(folder.resolve("customer.json"), "{}");
    assertData(text.toString(), "neither a folder nor a .zip");
    Path partial = folder.resolve("partial");
    put(partial, "customer/c.json");
    assertData(
        partial.toString(), "no accelerometer and no step_trainer files", "told by its name");
    assertThatThrownBy(() -> RawInput.open("gs://bucket/raw", FileKinds.BY_MENTION, scratch))
        .hasMessageContaining("gs://bucket/raw");
  }

  @Test
  void aNameThatFlinkWouldMisreadIsFoundBeforeTheRun() throws Exception {
    Path input = folder.resolve("input");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    put(input, "customer/c:1 100%.json");
    RawInput.open(input.toString(), FileKinds.BY_MENTION, scratch).close();
    put(input, "customer/a\\b.json");
    assertData(input.toString(), "customer/a\\b.json", "backslash", "Rename it");
  }

  @Test
  void aFileThatCannotBeReadIsFoundBeforeTheRun() throws Exception {
    Path input = folder.resolve("input");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    // A link to nowhere cannot be read by anybody, root included.
    Files.createSymbolicLink(input.resolve("customer-2.json"), folder.resolve("gone"));
    assertData(input.toString(), "customer-2.json", "Make it readable");
  }

  @Test
  void aWrongChecksumIsFound() throws Exception {
    Map<String, byte[]> entries = complete();
    entries.put("customer/c2.json", bytes("plainly stored"));
    Path zip = zip(entries, ZipOutputStream.STORED);
    byte[] whole = Files.readAllBytes(zip);
    whole[new String(whole, StandardCharsets.ISO_8859_1).indexOf("plainly")]++;
    Files.write(zip, whole);
    assertData(zip.toString(), "damaged", "checksum", "customer/c2.json");
  }

  @Test
  void anEntryThatIsFileAndFolderIsRefused() throws Exception {
    Map<String, byte[]> below = complete();
    below.put("customer/c.json/deeper.json", bytes("{}"));
    assertRefused(below, "customer/c.json/deeper.json", "a file, too");
    Map<String, byte[]> above = complete();
    above.put("customer/d/deeper.json", bytes("{}"));
    above.put("customer/d", bytes("{}"));
    assertRefused(above, "customer/d", "both a file and a folder");
  }

  @Test
  void aHiddenFolderIsRefusedSinceNothingInItWouldBeRead() throws Exception {
    Path hidden = folder.resolve("_raw");
    for (String file : complete().keySet()) {
      put(hidden, file);
    }
    assertData(hidden.toString(), "hidden", "Rename it");
  }

  @Test
  void aPipeIsNotWaitedForAndALinkThatLeadsBackIsNotFollowed() throws Exception {
    Path input = folder.resolve("piped");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    Path pipe = input.resolve("customer-pipe.json");
    assumeTrue(
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0,
        "skipped: mkfifo cannot be run here");
    Files.createSymbolicLink(input.resolve("customer/again"), input);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          try (RawInput raw = RawInput.open(input.toString(), FileKinds.BY_MENTION, scratch)) {
            assertThat(raw.describe()).contains("1 customer files");
            assertThat(raw.ignored())
                .containsExactlyInAnyOrder(
                    "customer-pipe.json (a pipe, a socket or a device)",
                    "customer/again (a link to a folder that it lies in)");
          }
        });
  }

  /** Whoever can write into the input could have other files read in place of all. */
  @Test
  void aManifestInTheInputLeadsNowhereUnlessItIsWhatIsAskedFor() throws Exception {
    Path input = folder.resolve("shared");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    String run = "stedi-run-01234567-89ab-cdef-0123-456789abcdef";
    for (String file : complete().keySet()) {
      put(input.resolve(run), file);
    }
    Path manifest = input.resolve("_stedi_manifest.json");
    Files.writeString(manifest, "{\"folder\":\"%s\",\"files\":[]}".formatted(run));
    try (RawInput raw = RawInput.open(input.toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(raw.root()).isEqualTo(input.toUri());
      assertThat(raw.describe()).contains("2 customer files");
    }
    try (RawInput raw = RawInput.open(manifest.toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(Path.of(raw.root())).isEqualTo(input.resolve(run));
      assertThat(raw.describe()).contains("1 customer files");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../elsewhere",
        "s3://other/raw",
        "file:///etc",
        "stedi-run-01234567-89ab-cdef-0123-456789abcdef/../../warehouse",
        "stedi-run-killed"
      })
  void aManifestThatLeadsElsewhereIsRefused(String elsewhere) throws Exception {
    Path output = Files.createDirectories(folder.resolve("reduced"));
    Path manifest = output.resolve("_stedi_manifest.json");
    Files.writeString(manifest, "{\"folder\":\"%s\",\"files\":[]}".formatted(elsewhere));
    assertThatThrownBy(() -> RawInput.open(manifest.toString(), FileKinds.BY_MENTION, scratch))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(elsewhere, "no run of prepare has made");
    assertThatThrownBy(() -> ManifestOutput.begin(Location.of(output), true))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("no run of prepare has made");
  }

  @Test
  void anOutputThatIsGivenAsAFolderIsNamedWithItsManifest() throws Exception {
    Path output = folder.resolve("reduced");
    for (String file : complete().keySet()) {
      put(output.resolve("stedi-run-01234567-89ab-cdef-0123-456789abcdef"), file);
    }
    assertData(output.toString(), "output of prepare", "_stedi_manifest.json");
  }

  @Test
  void anArchiveWithinTheInputIsIgnoredByName() throws Exception {
    Path input = folder.resolve("archived");
    for (String file : complete().keySet()) {
      put(input, file);
    }
    put(input, "customer/old.ZIP");
    try (RawInput raw = RawInput.open(input.toString(), FileKinds.BY_MENTION, scratch)) {
      assertThat(raw.ignored()).containsExactly("customer/old.ZIP");
    }
  }

  @Test
  void aTextThatIsNoPathIsAUsageError() {
    assertThatThrownBy(() -> RawInput.open("a\0b", FileKinds.BY_MENTION, scratch))
        .isInstanceOfSatisfying(
            LakehouseException.class,
            e -> assertThat(e.kind()).isEqualTo(LakehouseException.Kind.USAGE));
  }

  private void assertRefused(Map<String, byte[]> entries, String... parts) throws IOException {
    Path zip = zip(entries);
    assertThatThrownBy(
            () -> RawInput.open(zip.toString(), FileKinds.BY_MENTION, scratch, LIMITS, false))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining(zip.toString())
        .hasMessageContainingAll(parts);
    assertThat(Files.list(scratch)).as("what is left behind").isEmpty();
    try (Stream<Path> all = Files.walk(folder)) {
      assertThat(all.filter(path -> path.endsWith("x.json"))).isEmpty();
    }
  }

  private void assertData(String input, String... parts) {
    assertThatThrownBy(() -> RawInput.open(input, FileKinds.BY_MENTION, scratch))
        .isInstanceOfSatisfying(
            LakehouseException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(LakehouseException.Kind.DATA);
              assertThat(e).hasMessageContaining(input).hasMessageContainingAll(parts);
            });
  }

  private static Map<String, byte[]> complete() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("customer/c.json", bytes("{}"));
    entries.put("accelerometer/a.json", bytes("{}"));
    entries.put("step_trainer/s.json", bytes("{}"));
    return entries;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void put(Path root, String file) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), "{}");
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    return zip(entries, ZipOutputStream.DEFLATED);
  }

  private Path zip(Map<String, byte[]> entries, int method) throws IOException {
    return zip(entries, method, StandardCharsets.UTF_8);
  }

  private Path zip(Map<String, byte[]> entries, int method, Charset names) throws IOException {
    Path zip = folder.resolve("test.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file, names)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setMethod(method);
        if (method == ZipOutputStream.STORED) {
          CRC32 crc = new CRC32();
          crc.update(entry.getValue());
          header.setCrc(crc.getValue());
          header.setSize(entry.getValue().length);
        }
        out.putNextEntry(header);
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return zip;
  }
}
