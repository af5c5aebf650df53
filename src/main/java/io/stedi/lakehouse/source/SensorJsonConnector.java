package io.stedi.lakehouse.source;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.Path;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the connector {@code sensor-json}, which reads dirty JSON files without losing a byte.
 *
 * <p>Columns named {@code source_file}, {@code source_offset}, {@code source_length}, {@code
 * undeclared_fields}, {@code unusable_values}, {@code reject_reason} and {@code reject_bytes} tell
 * where a row comes from, what of it is in no column and, for what is not a record, why. All others
 * are JSON fields, whatever the case of their names. In a record the reject columns are null; in a
 * reject all data columns are.
 */
public final class SensorJsonConnector implements DynamicTableSourceFactory {

  /** Called by Flink's service loading. */
  public SensorJsonConnector() {}

  @Override
  public String factoryIdentifier() {
    return SensorJsonFormatFactory.IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(SensorJsonOptions.PATH);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    Set<ConfigOption<?>> options = new HashSet<>(SensorJsonOptions.all());
    options.removeAll(requiredOptions());
    return options;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig options = helper.getOptions();
    return new SensorJsonTableSource(
        new Path(options.get(SensorJsonOptions.PATH)),
        options.get(SensorJsonOptions.PATTERN),
        options.get(SensorJsonOptions.OPTIONAL_FIELDS),
        SensorJsonOptions.limits(options),
        new SourceNames(options.get(SensorJsonOptions.ROOT)),
        isStreaming(context.getConfiguration()) ? SensorJsonOptions.watch(options) : null,
        context.getPhysicalRowDataType());
  }

  private static boolean isStreaming(ReadableConfig configuration) {
    return configuration.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.STREAMING;
  }
}
