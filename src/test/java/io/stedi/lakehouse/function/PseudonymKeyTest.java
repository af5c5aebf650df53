package io.stedi.lakehouse.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudonymKeyTest {

  @TempDir private Path folder;

  @Test
  void aKeyIsMadeOnceAndOnlyItsOwnerCanReadIt() throws Exception {
    Path file = folder.resolve("new").resolve("pseudonym.key");
    PseudonymKey.ensure(Map.of(), file.toString());
    byte[] made = PseudonymKey.find(Map.of(), file.toString());
    PseudonymKey.ensure(Map.of(), file.toString());
    assertThat(PseudonymKey.find(Map.of(), file.toString())).isEqualTo(made).hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  @Test
  void theEnvironmentWinsAndLeavesNoFile() {
    Path file = folder.resolve("pseudonym.key");
    Map<String, String> environment = Map.of(PseudonymKey.VARIABLE, "0123456789abcdef");
    PseudonymKey.ensure(environment, file.toString());
    assertThat(PseudonymKey.find(environment, "")).asString().isEqualTo("0123456789abcdef");
    assertThat(file).doesNotExist();
  }

  @Test
  void aShortOrMissingKeyIsRefusedWithTheWayOut() {
    assertThatThrownBy(() -> PseudonymKey.find(Map.of(PseudonymKey.VARIABLE, "short"), ""))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(PseudonymKey.VARIABLE, "at least 16")
        .hasMessageNotContaining("'short'");
    assertThatThrownBy(() -> PseudonymKey.find(Map.of(), ""))
        .hasMessageContainingAll(PseudonymKey.VARIABLE, PseudonymKey.FILE_PARAMETER);
    assertThatThrownBy(() -> PseudonymKey.find(Map.of(), folder.resolve("no").toString()))
        .hasMessageContaining("does not exist");
  }
}
