package io.stedi.lakehouse.forget;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.forget.ForgottenRecords.Range;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlankedFileTest {

  private static final int RECORDS = 20_000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRecordsAreBlanksAndAllOthersHaveTheSamePlace(boolean compressed) throws IOException {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    List<Range> ranges = new ArrayList<>();
    long offset = 0;
    for (int i = 0; i < RECORDS; i++) {
      String record = "{\"user\":\"%s\"}".formatted("ä".repeat(random.nextInt(20)));
      int length = record.getBytes(UTF_8).length;
      boolean gone = random.nextInt(3) == 0;
      if (gone) {
        ranges.add(new Range(offset, length));
      }
      text.append(record).append('\n');
      expected.append(gone ? " ".repeat(length) : record).append('\n');
      offset += length + 1;
    }
    // One that is longer than any buffer.
    String last = "x".repeat(200_000);
    ranges.add(new Range(offset, last.length()));
    text.append(last);
    expected.append(" ".repeat(last.length()));
    Path file = Files.write(folder.resolve("records.json"), bytes(text.toString(), compressed));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));

    BlankedFile.write(Location.of(file), ranges, null);

    assertThat(text(file, compressed)).isEqualTo(expected.toString());
    assertThat(folder).isDirectoryContaining("glob:**/records.json");
    assertThat(folder.toFile().list()).hasSize(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_700_000_000_000L);
  }

  private static byte[] bytes(String text, boolean compressed) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!compressed) {
      return text.getBytes(UTF_8);
    }
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      zipped.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String text(Path file, boolean compressed) throws IOException {
    if (!compressed) {
      return Files.readString(file);
    }
    try (GZIPInputStream zipped = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(zipped.readAllBytes(), UTF_8);
    }
  }

  @Test
  void aLinkIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("records.json"), "{}");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
    assertThatThrownBy(() -> BlankedFile.write(Location.of(link), List.of(new Range(0, 2)), null))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("link.json", "is a link");
    assertThat(file).hasContent("{}");
  }
}
