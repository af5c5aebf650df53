package io.stedi.lakehouse.function;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of the pseudonyms. It comes from the environment variable {@value #VARIABLE}, else from
 * AWS Secrets Manager by the id that the setting {@code pseudonym.secret-id} gives, else from the
 * file that {@code pseudonym.key-file} names. The same key gives the same pseudonyms, and a lake
 * whose key is lost cannot be added to.
 */
public final class PseudonymKey {

  /** The environment variable that holds the key itself. */
  public static final String VARIABLE = "STEDI_PSEUDONYM_KEY";

  private static final String FILE_PARAMETER = "pseudonym.key-file";
  private static final String SECRET_PARAMETER = "pseudonym.secret-id";

  /** The names of a job's parameters that say where its tasks find the key. */
  static final List<String> PARAMETERS = List.of(SECRET_PARAMETER, FILE_PARAMETER);

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 16;
  private static final int GENERATED_BYTES = 32;

  private final String value;
  private final String secretId;
  private final String keyFile;

  /**
   * @param environment the environment variables of this process
   * @param secretId the name or ARN of a secret, or the empty string if there is none
   * @param keyFile the key file's path or URI, or the empty string if there is none
   */
  public PseudonymKey(Map<String, String> environment, String secretId, String keyFile) {
    this.value = environment.getOrDefault(VARIABLE, "");
    this.secretId = requireNonNull(secretId, "secretId");
    this.keyFile = requireNonNull(keyFile, "keyFile");
  }

  /** The key of a job, as {@link #jobParameters} describes it. */
  public static PseudonymKey ofJob(
      Map<String, String> environment, Map<String, String> parameters) {
    return new PseudonymKey(
        environment,
        parameters.getOrDefault(SECRET_PARAMETER, ""),
        parameters.getOrDefault(FILE_PARAMETER, ""));
  }

  /** Where tasks find the key. The key itself is none of these: Flink shows its configuration. */
  public Map<String, String> jobParameters() {
    return Map.of(SECRET_PARAMETER, secretId, FILE_PARAMETER, keyFile);
  }

  /**
   * Makes sure that there is a key: where none is given but a file's name on this machine, writes a
   * random one into it, readable by its owner only. Any other must be there.
   *
   * @throws LakehouseException if there is no key, it is too short, or the file cannot be written
   */
  public void ensure() {
    if (value.isEmpty() && secretId.isEmpty() && !keyFile.isEmpty()) {
      Location place = Location.of(keyFile);
      if (place.isLocal() && !Files.exists(place.localPath())) {
        make(place.localPath());
        return;
      }
    }
    find();
  }

  private void make(Path file) {
    byte[] key = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      // Written aside and renamed, so that another process never reads half a key.
      Path draft =
          Files.createTempFile(
              folder,
              ".key",
              ".tmp",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(draft, HexFormat.of().formatHex(key) + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (FileAlreadyExistsException e) {
      find();
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write the pseudonym key file %s (%s). Make its folder writable, or give the key in the environment variable %s."
              .formatted(keyFile, e, VARIABLE),
          e);
    }
  }

  /**
   * What tells one key from another without telling anything about it.
   *
   * @return the fingerprint, or empty if there is no key here, as where only the tasks have it
   */
  public Optional<String> fingerprint() {
    if (value.isEmpty() && secretId.isEmpty() && keyFile.isEmpty()) {
      return Optional.empty();
    }
    byte[] digest = mac().doFinal("fingerprint of the key".getBytes(StandardCharsets.UTF_8));
    return Optional.of(HexFormat.of().formatHex(digest, 0, 8));
  }

  /**
   * HMAC-SHA-256 under the key.
   *
   * @throws LakehouseException if there is no key, or it is shorter than 16 bytes
   */
  Mac mac() {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(find(), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      // Every Java has this algorithm and takes any key for it.
      throw new IllegalStateException(e);
    }
  }

  /**
   * The key's bytes.
   *
   * @throws LakehouseException if there is no key, or it is shorter than 16 bytes
   */
  byte[] find() {
    if (!value.isEmpty()) {
      return checked(value, "the environment variable " + VARIABLE);
    }
    if (!secretId.isEmpty()) {
      return checked(AwsSecret.read(secretId).strip(), "the secret " + secretId);
    }
    if (keyFile.isEmpty()) {
      throw LakehouseException.usage(
          "There is no key for the pseudonyms. Set the environment variable %s, or one of the settings %s and %s."
              .formatted(VARIABLE, SECRET_PARAMETER, FILE_PARAMETER));
    }
    try {
      return checked(Location.of(keyFile).readText().strip(), "the file " + keyFile);
    } catch (FileNotFoundException e) {
      throw LakehouseException.usage(
          "The pseudonym key file %s does not exist on this machine. Put it there, or set the environment variable %s."
              .formatted(keyFile, VARIABLE),
          e);
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot read the pseudonym key file %s (%s).".formatted(keyFile, e), e);
    }
  }

  private static byte[] checked(String key, String place) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      throw LakehouseException.usage(
          "The pseudonym key in %s has %d bytes; it needs at least %d."
              .formatted(place, bytes.length, MIN_BYTES));
    }
    return bytes;
  }
}
