package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.TableContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the stack gives a job, on an imitation of AWS: a bucket, a Glue database and the secret that
 * holds the pseudonym key.
 */
public final class AwsLake implements AutoCloseable {

  public static final String BUCKET = "stedi-lake";
  public static final String DATABASE = "stedi";

  private final MotoServer moto;
  private final AwsHttp direct;
  private final AwsProxy proxy;
  private final String secret;

  private AwsLake(MotoServer moto, AwsHttp direct, AwsProxy proxy, String secret) {
    this.moto = moto;
    this.direct = direct;
    this.proxy = proxy;
    this.secret = secret;
  }

  /** Starts the services and makes what the stack makes; skips the test if moto is missing. */
  public static AwsLake start() throws IOException, InterruptedException {
    MotoServer moto = MotoServer.start();
    AwsHttp aws = new AwsHttp(moto.endpoint());
    aws.put("/" + BUCKET, new byte[0]);
    makeDatabase(aws, DATABASE);
    String arn =
        aws.json(
                "secretsmanager",
                "secretsmanager.CreateSecret",
                Map.of("Name", "pseudonyms", "SecretString", TestLake.KEY))
            .path("ARN")
            .asText();
    return new AwsLake(moto, aws, AwsProxy.start(moto.endpoint()), arn);
  }

  /** What all calls go through. */
  public AwsProxy proxy() {
    return proxy;
  }

  /** The place of a folder in the bucket. */
  public static String uri(String folder) {
    return "s3://%s/%s".formatted(BUCKET, folder);
  }

  /** {@code ./stedi} as somebody runs it who has the rights of the stack's role. */
  public Stedi stedi(Path folder, Map<String, String> changes) {
    Map<String, String> environment = new HashMap<>(environment());
    environment.putAll(changes);
    return new Stedi(folder, environment);
  }

  /** The variables that lead a process here, and nowhere else. */
  public Map<String, String> environment() {
    String endpoint = proxy.endpoint().toString();
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", AwsHttp.REGION);
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", endpoint);
    environment.put("STEDI_S3_ENDPOINT", endpoint);
    environment.put("STEDI_GLUE_ENDPOINT", endpoint);
    environment.put("STEDI_S3_PATH_STYLE", "true");
    environment.put("STEDI_WAREHOUSE", uri("warehouse"));
    environment.put("STEDI_PSEUDONYM_SECRET", secret);
    return environment;
  }

  /** Makes another database, as the stack does. */
  public void makeDatabase(String name) throws IOException, InterruptedException {
    makeDatabase(direct, name);
  }

  private static void makeDatabase(AwsHttp aws, String name)
      throws IOException, InterruptedException {
    aws.json(
        "glue",
        "AWSGlue.CreateDatabase",
        Map.of(
            "DatabaseInput",
            Map.of("Name", name, "LocationUri", uri("warehouse/%s.db".formatted(name)))));
  }

  /** Puts a file into the bucket. */
  public void put(String key, Path file) throws IOException {
    put(key, Files.readAllBytes(file));
  }

  /** Puts an object into the bucket. */
  public void put(String key, byte[] content) {
    try {
      direct.put("/" + BUCKET + Path.of("/", key).toUri().getRawPath(), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Puts the files of a folder into one of the bucket. */
  public void upload(Path local, String folder) throws IOException {
    try (Stream<Path> files = Files.walk(local)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        put(folder + "/" + local.relativize(file), file);
      }
    }
  }

  /** Gets the objects of a folder of the bucket, of which there are less than a thousand. */
  public void download(String folder, Path local) throws IOException, InterruptedException {
    for (String key : direct.keys(BUCKET, folder + "/")) {
      Optional<byte[]> object = direct.bytes("/" + BUCKET + Path.of("/", key).toUri().getRawPath());
      if (object.isPresent()) {
        Path file = local.resolve(key);
        Files.createDirectories(file.getParent());
        Files.write(file, object.get());
      }
    }
  }

  /** What leads an Iceberg catalog here; the credentials are Java's system properties. */
  public Map<String, String> catalogProperties() {
    String endpoint = proxy.endpoint().toString();
    return Map.of(
        "catalog-impl",
        "org.apache.iceberg.aws.glue.GlueCatalog",
        "io-impl",
        "org.apache.iceberg.aws.s3.S3FileIO",
        "warehouse",
        uri("warehouse"),
        "client.region",
        AwsHttp.REGION,
        "glue.endpoint",
        endpoint,
        "s3.endpoint",
        endpoint,
        "s3.path-style-access",
        "true");
  }

  /** What leads Flink's own S3 file system here, and checkpoints with it. */
  public Map<String, String> flinkConfiguration() {
    return Map.of(
        "execution.checkpointing.dir",
        uri("checkpoints"),
        "s3.endpoint",
        proxy.endpoint().toString(),
        "s3.path-style-access",
        "true",
        "s3.region",
        AwsHttp.REGION);
  }

  /** The number of rows of each table of a database, deletes applied. */
  public Map<String, Long> counts(String database) {
    // Where AWS's SDK looks for what no property of a catalog gives.
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    Map<String, Long> counts = new TreeMap<>();
    try (Lake lake = Lake.open(catalogProperties(), database)) {
      for (String table : StarterData.PUBLISHED.keySet()) {
        counts.put(table, lake.table(table).map(t -> TableContent.of(t).rows()).orElse(0L));
      }
    }
    return counts;
  }

  /** Glue's version of a table, which each change counts up; null if there is no such table. */
  public String version(String table) throws IOException, InterruptedException {
    JsonNode tables = direct.json("glue", "AWSGlue.GetTables", Map.of("DatabaseName", DATABASE));
    for (JsonNode found : tables.path("TableList")) {
      if (found.path("Name").asText().equals(table)) {
        return found.path("VersionId").asText();
      }
    }
    return null;
  }

  /** Changes nothing of a table but its version, as if somebody else had committed. */
  public void touch(String table) {
    try {
      Map<String, String> name = Map.of("DatabaseName", DATABASE, "Name", table);
      ObjectNode input = (ObjectNode) direct.json("glue", "AWSGlue.GetTable", name).path("Table");
      input.retain("Name", "Parameters", "StorageDescriptor", "TableType", "Description");
      direct.json(
          "glue", "AWSGlue.UpdateTable", Map.of("DatabaseName", DATABASE, "TableInput", input));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    proxy.close();
    moto.close();
  }
}
