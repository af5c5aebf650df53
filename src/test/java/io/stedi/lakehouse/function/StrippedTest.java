package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.data.StringData;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class StrippedTest {

  /** What texts are made of: letters of one to four bytes, some of which are to be taken. */
  private static final List<String> LETTERS =
      List.of(" ", "\t", "\u00a0", "\u2003", "\ufeff", "a", "Z", "~", "é", "名", "\ud83d\ude00");

  private static final String BLANKS = " \t\u00a0\u2003\ufeff";

  @Test
  void givesWhatTrimGives() throws Exception {
    Random random = new Random(7);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        text.append(LETTERS.get(random.nextInt(LETTERS.size())));
      }
      texts.add(text.toString());
    }
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inBatchMode());
    environment.createTemporarySystemFunction("stripped", Stripped.class);
    String sql =
        """
        SELECT t, c, stripped(t, c), TRIM(BOTH c FROM t)
        FROM (VALUES ('%s')) AS a (texts)
        CROSS JOIN UNNEST(SPLIT(texts, '|')) AS b (t)
        CROSS JOIN (VALUES ('%s'), ('a~名\ud83d\ude00')) AS c (c)"""
            .formatted(String.join("|", texts), BLANKS);
    int seen = 0;
    try (CloseableIterator<Row> rows = environment.executeSql(sql).collect()) {
      while (rows.hasNext()) {
        Row row = rows.next();
        assertThat(row.getField(2)).as("%s", row).isEqualTo(row.getField(3));
        seen++;
      }
    }
    assertThat(seen).isEqualTo(2 * texts.size());
  }

  @Test
  void aTextWithNothingToTakeIsGivenBackItself() {
    StringData text = StringData.fromString("kim@lake.example");
    Stripped stripped = new Stripped();
    assertThat(stripped.eval(text, StringData.fromString(BLANKS))).isSameAs(text);
    assertThat(stripped.eval(text, StringData.fromString("e"))).hasToString("kim@lake.exampl");
    assertThat(stripped.eval(null, StringData.fromString("e"))).isNull();
    assertThat(stripped.eval(text, null)).isNull();
  }
}
