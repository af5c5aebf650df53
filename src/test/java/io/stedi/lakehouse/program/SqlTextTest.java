package io.stedi.lakehouse.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTextTest {

  @Test
  void tablesAreTheNamesBehindFromJoinAndTable() {
    assertThat(
            SqlText.of(
                    """
                    -- FROM in_comment
                    WITH own AS (SELECT a.column_a, 'FROM in_text', 'it''s FROM in_text2' /* FROM in_block
                    */ FROM first_table AS a JOIN `second table` ON a.x = 1)
                    SELECT EXTRACT(EPOCH FROM f(moment)) FROM own, LATERAL TABLE(function_name(1))
                    LEFT JOIN stored.qualified AS q ON TRUE
                    JOIN (SELECT * FROM "third") AS t ON TRUE -- JOIN last""")
                .tables())
        .contains("first_table", "second table", "third", "own")
        .doesNotContain(
            "in_comment",
            "in_text",
            "in_text2",
            "in_block",
            "column_a",
            "moment",
            "qualified",
            "stored",
            "last");
  }

  @Test
  void columnsThatAreReservedWordsAreQuotedButNotTypesLiteralsAndTexts() {
    assertThat(
            SqlText.of(
                    "SELECT a.User, MAX(TIMESTAMP), 'user', \"user\", CAST(x AS TIMESTAMP), CAST(y AS TIMESTAMP(3)) FROM a WHERE timestamp > TIMESTAMP '2020-01-01' -- user\n ORDER BY user")
                .withQuoted(List.of("user", "timestamp")))
        .hasToString(
            "SELECT a.\"user\", MAX(\"timestamp\"), 'user', \"user\", CAST(x AS TIMESTAMP), CAST(y AS TIMESTAMP(3)) FROM a WHERE \"timestamp\" > TIMESTAMP '2020-01-01' -- user\n ORDER BY \"user\"");
  }

  @Test
  void doubleQuotesBecomeBackticksButNotInTextsAndComments() {
    assertThat(
            SqlText.of("SELECT a.\"user\", '\"x\"' -- \"c\"\nFROM \"t\" /* \"d\" */")
                .withBackticks())
        .hasToString("SELECT a.`user`, '\"x\"' -- \"c\"\nFROM `t` /* \"d\" */");
    assertThat(SqlText.of("SELECT 'it''s \"', \"open").withBackticks())
        .hasToString("SELECT 'it''s \"', \"open");
  }

  @ParameterizedTest
  @CsvSource({
    "'-- counts; of something\r\nSELECT 1', SELECT",
    "'\uFEFF-- a\nSELECT 1', SELECT",
    "'/* a; b */ /* c */\n with x AS (SELECT 1) SELECT 1', WITH",
    "'  show tables', SHOW",
    "'(SELECT 1)', ''",
    "'-- nothing', ''"
  })
  void theVerbIsTheFirstWordThatIsNoComment(String sql, String verb) {
    assertThat(SqlText.of(sql).verb()).isEqualTo(verb);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT ';' AS a;",
        "SELECT ';' AS a ; \r\n",
        "SELECT ';' AS a -- a;b\n",
        "SELECT ';' AS a; -- done",
        "SELECT ';' AS a /* a;b */;\n\n"
      })
  void aStatementEndsBeforeItsSemicolonAndWhatFollows(String sql) {
    assertThat(SqlText.of(sql).withoutEnd()).hasToString("SELECT ';' AS a");
  }

  @Test
  void aHintIsNoComment() {
    String sql = "SELECT * FROM t /*+ OPTIONS('snapshot-id' = '1') */";
    assertThat(SqlText.of(sql + "; -- c").withoutEnd()).hasToString(sql);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 'open", "a \"open", "/* open", "`", "\uD83D\uDE00 'x'"})
  void whatIsNotClosedStaysAsItIs(String sql) {
    assertThat(SqlText.of(sql)).hasToString(sql);
  }
}
