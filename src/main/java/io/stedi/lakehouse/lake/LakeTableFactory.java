package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogTable;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.module.Module;

/**
 * Reads the lake's tables as Iceberg's connector does, and writes them by {@link LakeTableSink}.
 *
 * <p>Flink asks a catalog for it when it plans a statement. For a plan that it loads it asks
 * modules, and else the connector that a table's options name: that is Iceberg's, which would open
 * a catalog of its own, and not with what this lake's was opened. So it is a module too.
 */
final class LakeTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory, Module {

  private final LakeCatalog lake;
  private final DynamicTableSourceFactory iceberg;
  private final boolean keyed;

  /**
   * @param iceberg the factory of Iceberg's catalog
   * @param mode of the jobs that write
   */
  LakeTableFactory(LakeCatalog lake, DynamicTableSourceFactory iceberg, RuntimeExecutionMode mode) {
    this.lake = requireNonNull(lake, "lake");
    this.iceberg = requireNonNull(iceberg, "iceberg");
    this.keyed = mode == RuntimeExecutionMode.STREAMING;
  }

  @Override
  public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
    return Optional.of(this);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    return iceberg.createDynamicTableSource(context);
  }

  /** As a module it is asked for every table, the lake's or not. */
  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    ObjectIdentifier name = context.getObjectIdentifier();
    ResolvedCatalogTable table = context.getCatalogTable();
    if (name.getCatalogName().equals(lake.getName())) {
      return new LakeTableSink(
          lake.tableLoader(name.toObjectPath()),
          table.getResolvedSchema(),
          table.getOptions(),
          context.getConfiguration(),
          keyed);
    }
    return FactoryUtil.createDynamicTableSink(
        null,
        name,
        table,
        context.getEnrichmentOptions(),
        context.getConfiguration(),
        context.getClassLoader(),
        context.isTemporary());
  }

  @Override
  public String factoryIdentifier() {
    return lake.getName();
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }
}
