package io.stedi.lakehouse.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSketchTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 100, TimeSketch.MOST, TimeSketch.MOST + 1, 1_000_000})
  void letsGoOfAboutAsManyAsItMay(int count) {
    Random random = new Random(count);
    TimeSketch sketch = new TimeSketch();
    long[] times = random.longs(count, 0, 1_000_000_000L).map(time -> time * time).toArray();
    Arrays.stream(times).forEach(sketch::add);
    Arrays.sort(times);
    long last = times[count - 1];
    int most = Math.max(1, count / 20);
    int steps = 0;
    int gone = 0;
    long until;
    do {
      until = sketch.release(last, most);
      int upTo = upTo(times, until);
      if (until < last) {
        assertThat(upTo - gone).as("step %d", steps).isBetween(most * 8 / 10, most * 12 / 10 + 1);
      }
      gone = upTo;
      steps++;
    } while (until < last);
    assertThat(steps).isBetween(Math.min(count, 19), 23);
  }

  @Test
  void letsGoOfNothingThatIsLater() {
    TimeSketch sketch = new TimeSketch();
    sketch.add(3);
    sketch.add(5);
    assertThat(sketch.release(4, 9)).isEqualTo(4);
    assertThat(sketch.release(6, 1)).isEqualTo(6);
  }

  @Test
  void whatIsOfOneTimeGoesTogether() {
    TimeSketch sketch = new TimeSketch();
    for (int i = 0; i < 100; i++) {
      sketch.add(7);
      sketch.add(8);
    }
    assertThat(sketch.release(9, 3)).isEqualTo(7);
    assertThat(sketch.release(9, 3)).isEqualTo(8);
    assertThat(sketch.release(9, 3)).isEqualTo(9);
  }

  @Test
  void isTheSameWhenItIsReadAgain() throws Exception {
    TimeSketch sketch = new TimeSketch();
    new Random(1).longs(100_000, 0, 1_000_000).forEach(sketch::add);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    sketch.write(new DataOutputStream(bytes));
    assertThat(bytes.size()).isLessThanOrEqualTo(TimeSketch.MOST * Long.BYTES + 12);
    TimeSketch read =
        TimeSketch.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    for (int step = 0; step < 30; step++) {
      assertThat(read.release(1_000_000, 4_000)).isEqualTo(sketch.release(1_000_000, 4_000));
    }
  }

  private static int upTo(long[] times, long last) {
    return (int) Arrays.stream(times).filter(time -> time <= last).count();
  }
}
