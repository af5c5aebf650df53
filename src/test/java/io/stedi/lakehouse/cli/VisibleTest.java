package io.stedi.lakehouse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTest {

  @ParameterizedTest
  @CsvSource({
    "'\u001b]0;title\u0007\u001b[2J', '\\u001b]0;title\\u0007\\u001b[2J'",
    "'two\nlines: rejected: 0', 'two\\u000alines: rejected: 0'",
    "'a\rb', 'a\\u000db'",
    "'abc\u202egnp.exe', 'abc\\u202egnp.exe'",
    "'\u009b31m', '\\u009b31m'",
    "'K\u00fcnstler \u540d \ud83d\ude00', 'K\u00fcnstler \u540d \ud83d\ude00'"
  })
  void whatIsNoneOrMovesTheCursorIsShownAsItsCode(String text, String shown) {
    assertThat(Visible.line(text)).isEqualTo(shown);
  }

  @Test
  void messagesKeepTheirLines() {
    assertThat(Visible.lines("a\nb\u001b")).isEqualTo("a\nb\\u001b");
  }

  @Test
  void aTableHasALineForEachRowWhateverIsInIt() {
    StringWriter out = new StringWriter();
    TextTable.print(
        new PrintWriter(out), List.of("n"), 1, List.of(List.of("a\nrejected: 9"), List.of("b")));
    assertThat(out.toString().lines()).containsExactly("n", "a\\u000arejected: 9", "b");
  }
}
