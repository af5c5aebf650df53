package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.flink.table.data.StringData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalTest {

  /** Spaces, as Unicode has them, and what has no width. */
  private static final String BLANKS =
      " \t\n\u000B\f\r\u0085\u00A0\u1680\u2003\u200B\u2060\u3000\uFEFF";

  private static final String LETTERS = "a1.-~Z\u00E9\u00C9\u540D";

  private final Canonical canonical = new Canonical();

  @ParameterizedTest
  @CsvSource({
    "Kim@Lake.Example, kim@lake.example",
    "KIM@LAKE.EXAMPLE, kim@lake.example",
    "\u00C9va@lake.example, \u00E9va@lake.example",
    "I@lake.example, i@lake.example",
    "kim lake, kim lake",
    // e and an accent, as macOS spells it
    "'e\u0301va@lake.example', \u00E9va@lake.example",
    "'Kim <Kim@Lake.Example>', kim@lake.example",
    "'<kim@lake.example>', kim@lake.example",
    "mailto:Kim@lake.example, kim@lake.example",
    "kim@lake.example., kim@lake.example",
    "kim\uFF20lake.example, kim@lake.example",
    "kim@xn--bcher-kva.example, kim@b\u00FCcher.example",
    "kim@B\u00DCCHER.example, kim@b\u00FCcher.example",
    "xn--serial, xn--serial",
    "a:1., a:1.",
    "a<b>, a<b>"
  })
  void spellingsOfOneAddressAreOne(String text, String expected) {
    assertThat(of(text)).isEqualTo(expected);
  }

  /** Against a plain spelling of the rule, on texts that mix blanks, capitals and long letters. */
  @Test
  void blanksAtTheEndsMakeNoDifferenceAndThoseWithinDo() {
    Random random = new Random(7);
    String all = BLANKS + LETTERS;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int length = random.nextInt(8); length > 0; length--) {
        text.append(all.charAt(random.nextInt(all.length())));
      }
      String expected =
          text.toString()
              .replaceAll("^[%1$s]+|[%1$s]+$".formatted(BLANKS), "")
              .replace('Z', 'z')
              .replace('\u00C9', '\u00E9');
      assertThat(of(text.toString())).as("'%s'", text).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kim@lake.example", "8a1c", "0"})
  void whatIsCanonicalIsGivenBackItself(String text) {
    StringData data = StringData.fromString(text);
    assertThat(canonical.eval(data)).isSameAs(data);
  }

  @Test
  void nothingStaysNothing() {
    assertThat(canonical.eval(null)).isNull();
    assertThat(of(" \t")).isEmpty();
    assertThat(of("")).isEmpty();
  }

  private String of(String text) {
    return canonical.eval(StringData.fromString(text)).toString();
  }
}
