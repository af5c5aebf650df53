package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.factories.DynamicTableFactory.Context;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.module.Module;

/**
 * Has compiled plans write to the lake's tables by way of its own catalog. Flink asks a catalog how
 * its tables are written only when it plans a statement; for a plan that it loads it asks modules,
 * and else the connector that a table's options name. That is Iceberg's, which would open a catalog
 * of its own, and not with what this lake's was opened.
 */
final class LakeModule implements Module {

  private final String catalog;
  private final LakeCatalog lake;
  private final DynamicTableSinkFactory tables;

  /**
   * @param catalog the lake's name in Flink
   * @param lake the catalog of that name
   */
  LakeModule(String catalog, LakeCatalog lake) {
    this.catalog = requireNonNull(catalog, "catalog");
    this.lake = requireNonNull(lake, "lake");
    this.tables = (DynamicTableSinkFactory) lake.getFactory().orElseThrow();
  }

  @Override
  public Optional<DynamicTableSinkFactory> getTableSinkFactory() {
    return Optional.of(new SinkFactory());
  }

  /** Flink asks this for every table, the lake's or not. */
  private final class SinkFactory implements DynamicTableSinkFactory {

    @Override
    public DynamicTableSink createDynamicTableSink(Context context) {
      if (context.getObjectIdentifier().getCatalogName().equals(catalog)) {
        return new LakeTableSink(
            tables.createDynamicTableSink(context),
            lake.tableLoader(context.getObjectIdentifier().toObjectPath()));
      }
      return FactoryUtil.createDynamicTableSink(
          null,
          context.getObjectIdentifier(),
          context.getCatalogTable(),
          context.getEnrichmentOptions(),
          context.getConfiguration(),
          context.getClassLoader(),
          context.isTemporary());
    }

    @Override
    public String factoryIdentifier() {
      return catalog;
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
}
