package io.stedi.lakehouse.lake;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.module.Module;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.FlinkCatalog;
import org.apache.iceberg.flink.TableLoader;

/**
 * The lake as a catalog of Flink, which tells Flink of no keys.
 *
 * <p>Flink would compare a table's key with the one that it derives for the query, which it loses
 * where a column is computed, and then put an operator in front of the sink that holds every row
 * once more. That rows of one key stay in order on their way to the sink is up to the queries.
 */
public class LakeCatalog extends FlinkCatalog {

  private final CatalogLoader loader;
  private final LakeTableFactory tables;

  /**
   * @param name of the catalog in Flink
   * @param mode of the jobs that write to its tables
   */
  public LakeCatalog(String name, Lake lake, RuntimeExecutionMode mode) {
    super(name, lake.database(), Namespace.empty(), lake.loader(), lake.properties(), false, -1);
    this.loader = lake.loader();
    this.tables =
        new LakeTableFactory(
            this, (DynamicTableSourceFactory) super.getFactory().orElseThrow(), mode);
  }

  @Override
  public Optional<Factory> getFactory() {
    return Optional.of(tables);
  }

  /** The table, without its key. */
  @Override
  public CatalogTable getTable(ObjectPath path) throws TableNotExistException {
    CatalogTable table = super.getTable(path);
    Schema schema = table.getUnresolvedSchema();
    Schema.Builder columns = Schema.newBuilder().fromColumns(schema.getColumns());
    return CatalogTable.newBuilder()
        .schema(columns.build())
        .comment(table.getComment())
        .partitionKeys(table.getPartitionKeys())
        .options(table.getOptions())
        .build();
  }

  /**
   * The table as it was at a time, which is what {@code FOR SYSTEM_TIME AS OF} asks for.
   *
   * @param timestamp in milliseconds since 1970
   */
  @Override
  public CatalogTable getTable(ObjectPath path, long timestamp) throws TableNotExistException {
    CatalogTable table = getTable(path);
    Map<String, String> options = new HashMap<>(table.getOptions());
    options.put("as-of-timestamp", String.valueOf(timestamp));
    return table.copy(options);
  }

  /** What has compiled plans write to the tables too. */
  Module module() {
    return tables;
  }

  /** What opens a table in Flink's tasks, as it is stored. */
  TableLoader tableLoader(ObjectPath path) {
    return TableLoader.fromCatalog(
        loader, TableIdentifier.of(path.getDatabaseName(), path.getObjectName()));
  }
}
