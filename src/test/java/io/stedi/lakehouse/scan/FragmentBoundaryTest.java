package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.scan.Scans.Seen;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FragmentBoundaryTest {

  private static final int INPUTS = 5_000;

  private static final String RECORD =
      "{\"user\":\"a@b.cd\",\"timestamp\":1655564376361,\"x\":1.0,\"y\":-1.0,\"z\":0.0}";

  /** A failure names the seed of its input, which {@code -Dscan.seed=} repeats. */
  @Test
  void whereAFileIsSplitAFragmentBegins() throws Exception {
    Long only = Long.getLong("scan.seed");
    Random seeds = new Random();
    int found = 0;
    for (int i = 0; i < INPUTS; i++) {
      found += check(only == null ? seeds.nextLong() : only);
    }
    assertThat(found).as("places that were found").isPositive();
  }

  private static int check(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = DirtyInput.random(random).bytes();
    int recordBytes = random.nextInt(4) == 0 ? 2 + random.nextInt(300) : 1 << 12;
    ScanLimits limits = Scans.limits(4096, recordBytes, 1 << 16);
    List<Seen> fragments = Scans.scan(bytes, Scans.ACCELEROMETER, limits);
    FragmentBoundary boundary = new FragmentBoundary(Scans.ACCELEROMETER, limits);
    int found = 0;
    for (int i = 0; i < 10 && bytes.length > 0; i++) {
      int position = random.nextInt(bytes.length);
      int start = Math.max(0, position - recordBytes);
      int end = (int) Math.min(bytes.length, start + 3L * recordBytes);
      byte[] seen = Arrays.copyOfRange(bytes, start, end);
      int index = boundary.find(seen, position - start, end == bytes.length);
      if (index >= 0) {
        found++;
        long place = start + index;
        assertThat(place).as("seed %d", seed).isGreaterThanOrEqualTo(position);
        assertThat(fragments)
            .as("seed %d: a fragment at %d, looked for from %d", seed, place, position)
            .anyMatch(fragment -> fragment.offset() == place);
      }
    }
    return found;
  }

  @Test
  void theNextRecordIsFoundWithAndWithoutLines() throws IOException {
    assertThat(find(RECORD + "\n" + RECORD, 1)).isEqualTo(RECORD.length() + 1);
    assertThat(find(RECORD + RECORD, 1)).isEqualTo(RECORD.length());
    assertThat(find(RECORD + RECORD, RECORD.length())).isEqualTo(RECORD.length());
    assertThat(find(RECORD + RECORD, RECORD.length() + 1)).isEqualTo(-1);
  }

  @Test
  void theInsideOfAnObjectIsNoPlace() throws IOException {
    String around = "{\"one\":" + RECORD + ",\n\"two\":" + RECORD + "}";
    assertThat(find(around + "\n" + RECORD, 3)).isEqualTo(around.length() + 1);
  }

  @Test
  void aRecordBehindACutIsAPlace() throws IOException {
    String cut = RECORD.substring(0, 30);
    assertThat(find(cut + RECORD, 1)).isEqualTo(cut.length());
  }

  private static int find(String text, int position) throws IOException {
    return new FragmentBoundary(Scans.ACCELEROMETER, Scans.limits(4096, 1 << 12, 1 << 12))
        .find(text.getBytes(UTF_8), position, true);
  }
}
