package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Causes;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Driver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.types.Types;

/**
 * The Iceberg catalog of a run, for Flink and for this program. Safe for use by several processes
 * at once, as far as the catalog behind it is.
 */
public final class Lake implements AutoCloseable {

  /** The catalog's own name. A JDBC catalog keeps it with every table, so it must not change. */
  public static final String NAME = "lake";

  private final Map<String, String> properties;
  private final String database;
  private final Catalog catalog;

  private Lake(Map<String, String> properties, String database, Catalog catalog) {
    this.properties = properties;
    this.database = database;
    this.catalog = catalog;
  }

  /**
   * Opens the catalog that the properties describe.
   *
   * @param properties Iceberg's catalog properties, {@code catalog-impl} among them
   * @param database the database, called namespace in Iceberg, that holds the tables
   * @throws LakehouseException if it cannot be opened
   */
  public static Lake open(Map<String, String> properties, String database) {
    requireNonNull(database, "database");
    String implementation = properties.get("catalog-impl");
    if (implementation == null) {
      throw LakehouseException.usage(
          "The setting catalog.catalog-impl is missing. It names the Iceberg catalog, for instance org.apache.iceberg.jdbc.JdbcCatalog.");
    }
    try {
      // A catalog in a database makes tables of its own when it is opened first.
      CatalogLoader loader = loader(Map.copyOf(properties));
      Catalog catalog = Attempts.of(loader::loadCatalog);
      return new Lake(Map.copyOf(properties), database, catalog);
    } catch (RuntimeException e) {
      throw Failures.explain(
          "Cannot open the catalog %s at %s"
              .formatted(
                  implementation,
                  properties.getOrDefault(
                      CatalogProperties.URI, properties.get(CatalogProperties.WAREHOUSE_LOCATION))),
          e);
    }
  }

  /** Makes the lake known to Flink under a catalog name, for jobs of the environment's mode. */
  // What replaces registerCatalog goes by a factory, which is what has to be avoided here.
  @SuppressWarnings("deprecation")
  public void register(String name, TableEnvironment environment) {
    LakeCatalog catalog =
        new LakeCatalog(name, this, environment.getConfig().get(ExecutionOptions.RUNTIME_MODE));
    environment.registerCatalog(name, catalog);
    environment.loadModule(name, catalog.module());
  }

  /**
   * What opens the catalog in Flink's tasks. Not Iceberg's factory: that asks Flink for Hadoop's
   * configuration, which on a cluster looks for Hadoop beside Flink and not in this program's jar.
   */
  public CatalogLoader loader() {
    return loader(properties);
  }

  private static CatalogLoader loader(Map<String, String> properties) {
    // Hadoop's cache of file systems leaves a hook in the process that keeps the classes of a job
    // alive for ever. Those of local files, all that is used of it, are made in no time.
    Configuration hadoop = new Configuration(false);
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    hadoop.setClass("fs.file.impl", LocalFiles.class, FileSystem.class);
    return new WithDrivers(
        CatalogLoader.custom(NAME, properties, hadoop, properties.get("catalog-impl")));
  }

  /**
   * Opens a catalog with the JDBC drivers of this program's jar. Java looks for drivers once in the
   * life of a process, for whoever asks first, and on a cluster each job has class loaders of its
   * own.
   */
  private record WithDrivers(CatalogLoader catalog) implements CatalogLoader {

    @Override
    public Catalog loadCatalog() {
      // Drivers register themselves when they are made.
      ServiceLoader.load(Driver.class, Lake.class.getClassLoader()).forEach(driver -> {});
      return catalog.loadCatalog();
    }

    @Override
    public CatalogLoader clone() {
      return new WithDrivers(catalog.clone());
    }
  }

  /** Iceberg's catalog properties, with which it was opened. */
  public Map<String, String> properties() {
    return properties;
  }

  /** The properties that all tables have unless their definitions say otherwise. */
  public Map<String, String> tableDefaults() {
    Map<String, String> defaults = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(CatalogProperties.TABLE_DEFAULT_PREFIX)) {
            defaults.put(key.substring(CatalogProperties.TABLE_DEFAULT_PREFIX.length()), value);
          }
        });
    return defaults;
  }

  /** The database that holds the tables. */
  public String database() {
    return database;
  }

  /** A table's own name, without those of catalog and database. */
  public static String nameOf(Table table) {
    String name = table.name();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** The table, as it is now; empty if there is none of that name. */
  public Optional<Table> table(String name) {
    try {
      return Optional.of(inPlace(catalog.loadTable(TableIdentifier.of(database, name))));
    } catch (NoSuchTableException e) {
      return Optional.empty();
    }
  }

  /**
   * A table that this program keeps for itself, made if need be: it has no rows, and its properties
   * are what counts.
   */
  Table ensureTable(String name) {
    return ensureTable(
        name,
        new Schema(Types.NestedField.optional(1, "run", Types.StringType.get())),
        PartitionSpec.unpartitioned(),
        Map.of(
            "comment",
            "which run may write to the lake; kept by the runs themselves",
            TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED,
            "true",
            // Others may be about to read a version that is replaced now.
            TableProperties.METADATA_PREVIOUS_VERSIONS_MAX,
            "10"));
  }

  /** A table, made if need be. */
  Table ensureTable(
      String name, Schema schema, PartitionSpec partitioning, Map<String, String> properties) {
    ensureDatabase();
    return Attempts.of(
        () ->
            table(name)
                .orElseGet(
                    () ->
                        catalog.createTable(
                            TableIdentifier.of(database, name), schema, partitioning, properties)));
  }

  /**
   * Keeps a text beside the tables, for the runs after this one.
   *
   * @param name the file's name; a text of the same name is replaced
   * @return the place, for {@link #kept}
   */
  public String keep(String name, String text) throws IOException {
    Table table = ensureTable(Lease.TABLE);
    OutputFile file = table.io().newOutputFile(table.location() + "/kept/" + name);
    try (OutputStream out = file.createOrOverwrite()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return file.location();
  }

  /** The text at a place where {@link #keep} put it. */
  public String kept(String place) throws IOException {
    try (InputStream in = ensureTable(Lease.TABLE).io().newInputFile(place).newStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * A catalog of local files knows its tables by absolute paths, so that of a lake which was copied
   * or moved leads to where the tables were.
   */
  private Table inPlace(Table table) {
    String warehouse =
        properties.getOrDefault(CatalogProperties.WAREHOUSE_LOCATION, "").replaceFirst("/+$", "");
    if (warehouse.startsWith("file:")
        && !path(table.location()).startsWith(path(warehouse) + "/")) {
      throw LakehouseException.usage(
          "This lake was copied or moved: its catalog says that the table %s lies at %s, and not below %s. Move the lake back, or fill another from the raw files with --lake."
              .formatted(table.name(), table.location(), warehouse));
    }
    return table;
  }

  private static String path(String location) {
    return location.replaceFirst("^file:/+", "/");
  }

  /** Makes the database where it is missing; asked first, since not every role may make one. */
  public void ensureDatabase() {
    Namespace namespace = Namespace.of(database);
    if (catalog instanceof SupportsNamespaces namespaces) {
      Attempts.of(
          () -> {
            if (!namespaces.namespaceExists(namespace)) {
              namespaces.createNamespace(namespace);
            }
            return null;
          });
    }
  }

  /** What to say of it in an error: the database and where its tables lie. */
  public String describe() {
    return "%s at %s"
        .formatted(database, properties.getOrDefault(CatalogProperties.WAREHOUSE_LOCATION, "?"));
  }

  /** The tables for which there is an entry in the catalog, in the order given. */
  public List<Table> tables(List<String> names) {
    return names.stream().map(this::table).flatMap(Optional::stream).toList();
  }

  @Override
  public void close() {
    if (catalog instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw LakehouseException.system("Cannot close the catalog: " + Causes.summary(e), e);
      }
    }
  }
}
