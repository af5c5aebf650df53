package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import java.io.Closeable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.flink.CatalogLoader;
import org.apache.iceberg.flink.FlinkCatalog;
import org.apache.iceberg.flink.TableLoader;

/**
 * The lake as a catalog of Flink, whose tables have as much of a key as the mode needs. What is
 * stored keeps its key.
 *
 * <p>A batch job never takes a row back. Iceberg's sink would still remember the key of every row
 * on the heap, for the chance that it is deleted later in the same job; without a key it appends.
 *
 * <p>A streaming job takes rows back by Iceberg's key. Flink is told of none: it would compare it
 * with the key that it derives for the query, which it loses where a column is computed, and then
 * put an operator in front of the sink that holds every row once more. That rows of one key stay in
 * order on their way to the sink is up to the queries.
 */
public class LakeCatalog extends FlinkCatalog {

  private final CatalogLoader loader;

  /**
   * @param name of the catalog in Flink
   * @param mode of the jobs that write to its tables
   */
  public LakeCatalog(String name, Lake lake, RuntimeExecutionMode mode) {
    super(
        name,
        lake.database(),
        Namespace.empty(),
        mode == RuntimeExecutionMode.STREAMING ? lake.loader() : new WithoutKeys(lake.loader()),
        lake.properties(),
        false,
        -1);
    this.loader = lake.loader();
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

  /** What opens a table in Flink's tasks, as it is stored. */
  TableLoader tableLoader(ObjectPath path) {
    return TableLoader.fromCatalog(
        loader, TableIdentifier.of(path.getDatabaseName(), path.getObjectName()));
  }

  /** Opens a catalog whose tables tell of no key. */
  private record WithoutKeys(CatalogLoader loader) implements CatalogLoader {

    WithoutKeys {
      requireNonNull(loader, "loader");
    }

    @Override
    public Catalog loadCatalog() {
      Catalog catalog = loader.loadCatalog();
      return (Catalog)
          Proxy.newProxyInstance(
              LakeCatalog.class.getClassLoader(),
              Stream.of(Catalog.class, SupportsNamespaces.class, Closeable.class)
                  .filter(type -> type.isInstance(catalog))
                  .toArray(Class<?>[]::new),
              (proxy, method, arguments) -> {
                Object result;
                try {
                  result = method.invoke(catalog, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
                return result instanceof BaseTable table ? new KeylessTable(table) : result;
              });
    }

    @Override
    public CatalogLoader clone() {
      return new WithoutKeys(loader.clone());
    }
  }

  private static final class KeylessTable extends BaseTable {

    private static final long serialVersionUID = 1L;

    KeylessTable(BaseTable table) {
      super(table.operations(), table.name(), table.reporter());
    }

    @Override
    public org.apache.iceberg.Schema schema() {
      org.apache.iceberg.Schema stored = super.schema();
      return new org.apache.iceberg.Schema(stored.schemaId(), stored.columns());
    }
  }
}
