package io.stedi.lakehouse.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlFileTest {

  @Test
  void namesAreThoseOutsideCommentsTextsAndQualifiers() {
    SqlFile file =
        file(
            """
            -- FROM in_comment
            SELECT a.qualified, `quoted`, 'in_text', 'it''s in_text2' /* in_block
            in_block2 */ FROM first_table AS a JOIN `second table` ON a.`also_qualified` = 1
            -- last line in_comment3""");
    assertThat(file.names())
        .contains("a", "quoted", "first_table", "second table")
        .doesNotContain(
            "qualified",
            "in_comment",
            "in_text",
            "in_text2",
            "in_block",
            "in_block2",
            "also_qualified",
            "in_comment3");
  }

  @Test
  void aStatementHasItsVariablesReplacedAndNoSemicolon() {
    assertThat(file("SELECT ${a.b-c} FROM t;\n").statement(Map.of("a.b-c", "$1")))
        .isEqualTo("SELECT $1 FROM t");
  }

  @Test
  void anUnknownVariableIsNamedWithItsFile() {
    assertThatThrownBy(() -> file("SELECT ${no.such}").statement(Map.of("known", "x")))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("jobs/test.sql", "no.such", "known");
  }

  private static SqlFile file(String text) {
    return new SqlFile("jobs", "test", text);
  }

  @Test
  void columnsThatAreReservedWordsAreQuotedButNotTypesLiteralsAndTexts() {
    assertThat(
            SqlFile.quoted(
                "SELECT a.User, MAX(TIMESTAMP), 'user', \"user\", CAST(x AS TIMESTAMP), CAST(y AS TIMESTAMP(3)) FROM a WHERE timestamp > TIMESTAMP '2020-01-01' -- user\n ORDER BY user",
                List.of("user", "timestamp")))
        .isEqualTo(
            "SELECT a.\"user\", MAX(\"timestamp\"), 'user', \"user\", CAST(x AS TIMESTAMP), CAST(y AS TIMESTAMP(3)) FROM a WHERE \"timestamp\" > TIMESTAMP '2020-01-01' -- user\n ORDER BY \"user\"");
  }

  @Test
  void doubleQuotesBecomeBackticksButNotInTextsAndComments() {
    assertThat(SqlFile.withBackticks("SELECT a.\"user\", '\"x\"' -- \"c\"\nFROM \"t\" /* \"d\" */"))
        .isEqualTo("SELECT a.`user`, '\"x\"' -- \"c\"\nFROM `t` /* \"d\" */");
    assertThat(SqlFile.withBackticks("SELECT 'it''s \"', \"open"))
        .isEqualTo("SELECT 'it''s \"', \"open");
  }
}
