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
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.table.functions.FunctionContext;

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

  private static final String VERSION_PARAMETER = "pseudonym.secret-version";
  private static final String FINGERPRINT_PARAMETER = "pseudonym.key-fingerprint";

  /** The names of a job's parameters that say where its tasks find the key, and which it is. */
  private static final List<String> PARAMETERS =
      List.of(SECRET_PARAMETER, VERSION_PARAMETER, FILE_PARAMETER, FINGERPRINT_PARAMETER);

  /** What 32 random bytes, or as many random letters, are. */
  private static final int MIN_BYTES = 32;

  private static final int GENERATED_BYTES = 32;

  private final String value;
  private final String secretId;
  private final String secretVersion;
  private final String keyFile;

  /**
   * @param environment the environment variables of this process
   * @param secretId the name or ARN of a secret, or the empty string if there is none
   * @param secretVersion the id of a version of the secret, or the empty string for the current one
   * @param keyFile the key file's path or URI, or the empty string if there is none
   */
  public PseudonymKey(
      Map<String, String> environment, String secretId, String secretVersion, String keyFile) {
    this.value = environment.getOrDefault(VARIABLE, "");
    this.secretId = requireNonNull(secretId, "secretId");
    this.secretVersion = requireNonNull(secretVersion, "secretVersion");
    this.keyFile = requireNonNull(keyFile, "keyFile");
  }

  /** The key of a job, as {@link #jobParameters} describes it. */
  public static PseudonymKey ofJob(
      Map<String, String> environment, Map<String, String> parameters) {
    return new PseudonymKey(
        environment,
        parameters.getOrDefault(SECRET_PARAMETER, ""),
        parameters.getOrDefault(VERSION_PARAMETER, ""),
        parameters.getOrDefault(FILE_PARAMETER, ""));
  }

  /**
   * The hash that a function of a task makes pseudonyms with, which is that of the lake.
   *
   * @throws LakehouseException as the task's key has it
   * @throws SuppressRestartsException if it is another key than the lake's
   */
  public static KeyedHash hashOfTask(FunctionContext context) {
    Map<String, String> parameters = new HashMap<>();
    PARAMETERS.forEach(name -> parameters.put(name, context.getJobParameter(name, "")));
    return hashOfTask(System.getenv(), parameters);
  }

  /**
   * The hash that a task makes pseudonyms with.
   *
   * @throws LakehouseException if there is no key, it is too short, or it cannot be read
   * @throws SuppressRestartsException if the key is not the one that the job was started with: its
   *     pseudonyms would be others, and a withdrawal of consent would miss the rows that it takes
   *     back
   */
  static KeyedHash hashOfTask(Map<String, String> environment, Map<String, String> parameters) {
    KeyedHash hash = new KeyedHash(ofJob(environment, parameters).find());
    String expected = parameters.getOrDefault(FINGERPRINT_PARAMETER, "");
    if (!expected.isEmpty() && !expected.equals(hash.fingerprint())) {
      throw new SuppressRestartsException(
          LakehouseException.usage(
              "The pseudonym key of this task is not the one that the lake was written with: its fingerprint is %s, the lake's is %s. Give the former key back and start the run again; it goes on from its last checkpoint."
                  .formatted(hash.fingerprint(), expected)));
    }
    return hash;
  }

  /**
   * Where tasks find the key. The key itself is none of these: Flink shows its configuration.
   *
   * @param fingerprint of the key that tasks have to have, which is the one that the lake is tied
   *     to; the empty string for any
   */
  public Map<String, String> jobParameters(String fingerprint) {
    return Map.of(
        SECRET_PARAMETER,
        secretId,
        VERSION_PARAMETER,
        secretVersion,
        FILE_PARAMETER,
        keyFile,
        FINGERPRINT_PARAMETER,
        fingerprint);
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
    return Optional.of(new KeyedHash(find()).fingerprint());
  }

  /**
   * The hash that pseudonyms are made with.
   *
   * @throws LakehouseException if there is no key, it is too short, or it cannot be read
   */
  public KeyedHash hash() {
    return new KeyedHash(find());
  }

  /**
   * The key's bytes.
   *
   * @throws LakehouseException if there is no key, it is shorter than 32 bytes, or it cannot be
   *     read
   */
  byte[] find() {
    if (!value.isEmpty()) {
      return checked(value, "the environment variable " + VARIABLE);
    }
    if (!secretId.isEmpty()) {
      return checked(AwsSecret.read(secretId, secretVersion).strip(), "the secret " + secretId);
    }
    if (keyFile.isEmpty()) {
      throw LakehouseException.usage(
          "There is no key for the pseudonyms. Set the environment variable %s, or one of the settings %s and %s."
              .formatted(VARIABLE, SECRET_PARAMETER, FILE_PARAMETER));
    }
    try {
      return checked(Location.of(keyFile).readText().strip(), "the file " + keyFile);
    } catch (FileNotFoundException e) {
      Location place = Location.of(keyFile);
      if (place.isLocal() && Files.exists(place.localPath())) {
        throw LakehouseException.system(
            "The pseudonym key file %s cannot be read by this user. Whoever made the lake can."
                .formatted(keyFile),
            e);
      }
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
          "The pseudonym key in %s has %d bytes; it needs at least %d, which have to be random: openssl rand -hex 32 makes some."
              .formatted(place, bytes.length, MIN_BYTES));
    }
    return bytes;
  }
}
