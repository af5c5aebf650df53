package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.types.Row;
import org.junit.jupiter.api.Test;

class MaxByTest {

  private final MaxBy maxBy = new MaxBy();

  @Test
  void theValueOfTheTextThatSortsLastIsTaken() {
    Row group = group("b", "a", "c", "b");
    assertThat(maxBy.getValue(group)).isEqualTo(Row.of("c"));
    assertThat(maxBy.getValue(maxBy.createAccumulator())).isNull();
  }

  @Test
  void textsSortByTheirBytesAsFlinkSortsThem() {
    // In Java the second half of a pair of surrogates comes before this character.
    assertThat(maxBy.getValue(group("\uD83D\uDE00", "\uFF21"))).isEqualTo(Row.of("\uD83D\uDE00"));
  }

  @Test
  void partsOfAGroupAreTakenTogether() {
    Row group = group("b");
    maxBy.merge(group, List.of(group("a"), maxBy.createAccumulator(), group("d", "c")));
    assertThat(maxBy.getValue(group)).isEqualTo(Row.of("d"));
  }

  private Row group(String... texts) {
    Row group = maxBy.createAccumulator();
    for (String text : texts) {
      maxBy.accumulate(group, Row.of(text), text);
    }
    return group;
  }
}
