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
    new PseudonymKey(Map.of(), "", file.toString()).ensure();
    byte[] made = new PseudonymKey(Map.of(), "", file.toString()).find();
    new PseudonymKey(Map.of(), "", file.toString()).ensure();
    assertThat(new PseudonymKey(Map.of(), "", file.toString()).find()).isEqualTo(made).hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  @Test
  void theEnvironmentWinsAndLeavesNoFile() {
    Path file = folder.resolve("pseudonym.key");
    Map<String, String> environment = Map.of(PseudonymKey.VARIABLE, "0123456789abcdef");
    new PseudonymKey(environment, "", file.toString()).ensure();
    assertThat(new PseudonymKey(environment, "", "").find())
        .asString()
        .isEqualTo("0123456789abcdef");
    assertThat(file).doesNotExist();
  }

  @Test
  void aShortOrMissingKeyIsRefusedWithTheWayOut() {
    assertThatThrownBy(
            () -> new PseudonymKey(Map.of(PseudonymKey.VARIABLE, "short"), "", "").find())
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(PseudonymKey.VARIABLE, "at least 16")
        .hasMessageNotContaining("'short'");
    assertThatThrownBy(() -> new PseudonymKey(Map.of(), "", "").find())
        .hasMessageContainingAll(
            PseudonymKey.VARIABLE, "pseudonym.key-file", "pseudonym.secret-id");
    assertThatThrownBy(() -> new PseudonymKey(Map.of(), "", folder.resolve("no").toString()).find())
        .hasMessageContaining("does not exist");
  }
}
