package io.stedi.lakehouse.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PseudonymKeyTest {

  @TempDir private Path folder;

  @Test
  void aKeyIsMadeOnceAndOnlyItsOwnerCanReadIt() throws Exception {
    Path file = folder.resolve("new").resolve("pseudonym.key");
    new PseudonymKey(Map.of(), "", "", file.toString()).ensure();
    byte[] made = new PseudonymKey(Map.of(), "", "", file.toString()).find();
    new PseudonymKey(Map.of(), "", "", file.toString()).ensure();
    assertThat(new PseudonymKey(Map.of(), "", "", file.toString()).find())
        .isEqualTo(made)
        .hasSize(64);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.list(file.getParent())).containsExactly(file);
  }

  @Test
  void theEnvironmentWinsAndLeavesNoFile() {
    Path file = folder.resolve("pseudonym.key");
    Map<String, String> environment =
        Map.of(PseudonymKey.VARIABLE, "0123456789abcdef0123456789abcdef");
    new PseudonymKey(environment, "", "", file.toString()).ensure();
    assertThat(new PseudonymKey(environment, "", "", "").find())
        .asString()
        .isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(file).doesNotExist();
  }

  @Test
  void aShortOrMissingKeyIsRefusedWithTheWayOut() {
    assertThatThrownBy(
            () -> new PseudonymKey(Map.of(PseudonymKey.VARIABLE, "short"), "", "", "").find())
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll(PseudonymKey.VARIABLE, "at least 32")
        .hasMessageNotContaining("'short'");
    assertThatThrownBy(() -> new PseudonymKey(Map.of(), "", "", "").find())
        .hasMessageContainingAll(
            PseudonymKey.VARIABLE, "pseudonym.key-file", "pseudonym.secret-id");
    assertThatThrownBy(
            () -> new PseudonymKey(Map.of(), "", "", folder.resolve("no").toString()).find())
        .hasMessageContaining("does not exist");
  }

  @Test
  void whatATextIsEntersItsHash() {
    KeyedHash hash = new KeyedHash("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    // printf 'account\0kim' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    assertThat(hash.of("account", "kim"))
        .isEqualTo("ed1d82466b1264ff8570a5aa742ce22a5d75e98fa03dc7022690f4910e14d220")
        .isNotEqualTo(hash.of("device", "kim"));
    assertThat(hash.fingerprint()).matches("1-[0-9a-f]{16}");
    assertThat(hash.of("fingerprint", "")).startsWith(hash.fingerprint().substring(2));
  }

  @Test
  void aTaskRefusesAnotherKeyThanTheLakes() {
    Map<String, String> former = Map.of(PseudonymKey.VARIABLE, "0123456789abcdef0123456789abcdef");
    Map<String, String> rotated = Map.of(PseudonymKey.VARIABLE, "fedcba9876543210fedcba9876543210");
    PseudonymKey key = new PseudonymKey(former, "", "", "");
    Map<String, String> job = key.jobParameters(key.fingerprint().orElseThrow());
    assertThat(PseudonymKey.hashOfTask(former, job).fingerprint())
        .isEqualTo(key.fingerprint().orElseThrow());
    assertThatThrownBy(() -> PseudonymKey.hashOfTask(rotated, job))
        .isInstanceOf(SuppressRestartsException.class)
        .cause()
        .hasMessageContainingAll("not the one", key.fingerprint().orElseThrow());
  }
}
