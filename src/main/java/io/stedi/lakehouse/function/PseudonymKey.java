package io.stedi.lakehouse.function;

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
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the key of the pseudonyms comes from: the environment variable {@value #VARIABLE}, else the
 * file that the setting {@code pseudonym.key-file} names. The same key gives the same pseudonyms,
 * so it must be kept as long as the tables are.
 */
public final class PseudonymKey {

  /** The environment variable that holds the key, as any text of at least 16 bytes. */
  public static final String VARIABLE = "STEDI_PSEUDONYM_KEY";

  /** The job parameter that holds the key file's path. */
  public static final String FILE_PARAMETER = "pseudonym.key-file";

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MIN_BYTES = 16;
  private static final int GENERATED_BYTES = 32;

  private PseudonymKey() {}

  /**
   * Makes sure that there is a key: where neither the variable nor the file is there, writes a
   * random one into the file, readable by its owner only. A file that is not on this machine is not
   * made but must be there.
   *
   * @param keyFile the key file's path or URI, or the empty string if there is none
   * @throws LakehouseException if the file cannot be written, or the key is too short
   */
  public static void ensure(Map<String, String> environment, String keyFile) {
    Location place = keyFile.isEmpty() ? null : Location.of(keyFile);
    if (!environment.getOrDefault(VARIABLE, "").isEmpty()
        || place == null
        || !place.isLocal()
        || Files.exists(place.localPath())) {
      find(environment, keyFile);
      return;
    }
    make(environment, place.localPath());
  }

  private static void make(Map<String, String> environment, Path keyFile) {
    byte[] key = new byte[GENERATED_BYTES];
    new SecureRandom().nextBytes(key);
    try {
      Path folder = keyFile.toAbsolutePath().getParent();
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
        Files.move(draft, keyFile, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (FileAlreadyExistsException e) {
      find(environment, keyFile.toString());
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
   * @param keyFile the key file's path or URI, or the empty string if there is none
   * @return the fingerprint, or empty if there is no key here, as where only the tasks have it
   */
  public static Optional<String> fingerprint(Map<String, String> environment, String keyFile) {
    if (environment.getOrDefault(VARIABLE, "").isEmpty() && keyFile.isEmpty()) {
      return Optional.empty();
    }
    byte[] digest =
        mac(environment, keyFile)
            .doFinal("fingerprint of the key".getBytes(StandardCharsets.UTF_8));
    return Optional.of(HexFormat.of().formatHex(digest, 0, 8));
  }

  /**
   * HMAC-SHA-256 under the key.
   *
   * @param keyFile the key file's path or URI, or the empty string if there is none
   * @throws LakehouseException if there is no key, or it is shorter than 16 bytes
   */
  static Mac mac(Map<String, String> environment, String keyFile) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(find(environment, keyFile), ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      // Every Java has this algorithm and takes any key for it.
      throw new IllegalStateException(e);
    }
  }

  /**
   * The key's bytes.
   *
   * @param keyFile the key file's path or URI, or the empty string if there is none
   * @throws LakehouseException if there is no key, or it is shorter than 16 bytes
   */
  static byte[] find(Map<String, String> environment, String keyFile) {
    String fromEnvironment = environment.getOrDefault(VARIABLE, "");
    if (!fromEnvironment.isEmpty()) {
      return checked(fromEnvironment, "the environment variable " + VARIABLE);
    }
    if (keyFile.isEmpty()) {
      throw LakehouseException.usage(
          "There is no key for the pseudonyms. Set the environment variable %s, or the setting %s to a file that holds it."
              .formatted(VARIABLE, FILE_PARAMETER));
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
