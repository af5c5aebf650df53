package io.stedi.lakehouse.script;

import io.stedi.lakehouse.lake.Lake;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.catalog.CommonCatalogOptions;
import org.apache.flink.table.factories.CatalogFactory;

/**
 * Makes the catalog of type {@code stedi} from Iceberg's catalog properties; {@code
 * default-database} is the database of the tables.
 */
public final class ScriptCatalogFactory implements CatalogFactory {

  static final String IDENTIFIER = "stedi";

  private static final ConfigOption<String> DEFAULT_DATABASE =
      ConfigOptions.key(CommonCatalogOptions.DEFAULT_DATABASE_KEY).stringType().noDefaultValue();

  /** Called by Flink's service loading. */
  public ScriptCatalogFactory() {}

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(DEFAULT_DATABASE);
  }

  /** All others are handed to Iceberg as they are. */
  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public Catalog createCatalog(Context context) {
    Map<String, String> properties = new HashMap<>(context.getOptions());
    String database = properties.remove(DEFAULT_DATABASE.key());
    return new ScriptCatalog(
        context.getName(),
        Lake.open(properties, database),
        context.getConfiguration().get(ExecutionOptions.RUNTIME_MODE));
  }
}
