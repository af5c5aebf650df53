package io.stedi.lakehouse.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqlFileTest {

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
}
