package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.records.FileKinds;
import io.stedi.lakehouse.testing.Chance;
import io.stedi.lakehouse.testing.LakeRows;
import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real data made as dirty as the real raw files are: the same tables, and exactly these
 * rejects.
 */
class DirtyStarterDataTest {

  private static final List<String> CUSTOMER_COLUMNS =
      List.of(
          "customername",
          "email",
          "phone",
          "birthday",
          "serialnumber",
          "registrationdate",
          "lastupdatedate",
          "sharewithresearchasofdate",
          "sharewithpublicasofdate",
          "sharewithfriendsasofdate");

  @TempDir private Path folder;

  /** Where the dirt was put: file, offset and length of every fragment that is no record. */
  private final TreeSet<String> expectedRejects = new TreeSet<>();

  @Test
  void dirtChangesNoTableAndEveryRejectIsAccountedFor() throws Exception {
    long seed = Chance.seed(getClass());
    TestLake clean = SharedLake.starter().lake();
    try (TestLake dirty = TestLake.in(folder.resolve("dirty"))) {
      soil(SharedLake.starter().raw(), folder.resolve("soiled"), new Random(seed));
      dirty.run(RunMode.BATCH, folder.resolve("soiled"));

      TreeSet<String> rejects = new TreeSet<>();
      dirty
          .records("rejected_landing")
          .forEach(
              reject ->
                  rejects.add(
                      "%s|%s|%s"
                          .formatted(
                              reject.getField("source_file"),
                              reject.getField("source_offset"),
                              reject.getField("source_length"))));
      assertThat(rejects).as("rejects, seed %d", seed).isEqualTo(expectedRejects);
      assertThat(rejects).hasSizeGreaterThan(100);

      LakeRows expected = new LakeRows(clean);
      LakeRows actual = new LakeRows(dirty);
      assertThat(actual.rows("customer_landing", CUSTOMER_COLUMNS.toArray(String[]::new)))
          .isEqualTo(expected.rows("customer_landing", CUSTOMER_COLUMNS.toArray(String[]::new)));
      assertThat(actual.rows("accelerometer_landing", "user", "timestamp", "x", "y", "z"))
          .isEqualTo(expected.rows("accelerometer_landing", "user", "timestamp", "x", "y", "z"));
      String[] step = {"sensorreadingtime", "serialnumber", "distancefromobject"};
      assertThat(actual.rows("step_trainer_landing", step))
          .isEqualTo(expected.rows("step_trainer_landing", step));
      assertThat(actual.customerTrusted()).isEqualTo(expected.customerTrusted());
      assertThat(actual.accelerometerTrusted()).isEqualTo(expected.accelerometerTrusted());
      assertThat(actual.customerCurated()).isEqualTo(expected.customerCurated());
      assertThat(actual.stepTrainerTrusted()).isEqualTo(expected.stepTrainerTrusted());
      assertThat(actual.machineLearningCurated()).isEqualTo(expected.machineLearningCurated());
    }
  }

  private void soil(Path from, Path to, Random random) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = from.relativize(file).toString();
        if (FileKinds.BY_MENTION.ofPath(name).isEmpty()) {
          continue;
        }
        Path target = to.resolve(name);
        Files.createDirectories(target.getParent());
        Files.write(target, soil(name, Files.readAllLines(file), random));
      }
    }
    Files.writeString(to.resolve("customer").resolve("empty.json"), "");
  }

  private byte[] soil(String name, List<String> lines, Random random) {
    List<String> separators =
        switch (random.nextInt(5)) {
          case 0 -> List.of("");
          case 1 -> List.of(",\n");
          case 2 -> List.of("\r\n");
          default -> List.of("\n", "", ",", ",\r\n", "\n\n  ");
        };
    // The data is ASCII, so that a character is a byte.
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (random.nextInt(400) == 0) {
        // An object that is cut off: on a line of its own, or with the next on the same line.
        String separator = random.nextBoolean() ? "\n" : "";
        String cut = line.substring(0, 2 + random.nextInt(line.length() - 3));
        expectReject(name, text.length(), cut);
        text.append(cut).append(separator);
      }
      text.append(respelled(line, random));
      text.append(separators.get(random.nextInt(separators.size())));
    }
    // A file cut off within its last number.
    String last = lines.get(0);
    text.append('\n');
    String cut = last.substring(0, last.length() - 2);
    expectReject(name, text.length(), cut);
    text.append(cut);
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void expectReject(String name, int offset, String cut) {
    String trimmed = cut.replaceAll("[ ,]+$", "");
    expectedRejects.add("%s|%d|%d".formatted(name, offset, trimmed.length()));
  }

  private static String respelled(String line, Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> line.replace("\"timestamp\"", "\"timeStamp\"");
      case 1 -> line.replace("\"user\"", "\"User\"").replace("\"email\"", "\"EMAIL\"");
      case 2 -> line.replaceAll("([0-9]{13})([,}])", "$1.0$2");
      case 3 -> line.replaceAll("\"phone\": \"([1-9][0-9]+)\"", "\"phone\": $1");
      case 4 -> line.replace("\":", "\" :\n  ");
      default -> line;
    };
  }
}
