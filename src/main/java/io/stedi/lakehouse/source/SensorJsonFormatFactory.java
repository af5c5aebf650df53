package io.stedi.lakehouse.source;

import java.util.Set;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.file.table.factories.BulkWriterFormatFactory;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the format {@code sensor-json} of the file system connector, in which files are written
 * that the connector of the same name reads. A row is one JSON object on a line of its own, with
 * its fields named as the columns, times in milliseconds since the epoch, and null left out.
 */
public final class SensorJsonFormatFactory implements BulkWriterFormatFactory {

  /** The value of a table's {@code connector} option to read, of {@code format} to write. */
  public static final String IDENTIFIER = "sensor-json";

  /** Called by Flink's service loading. */
  public SensorJsonFormatFactory() {}

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public EncodingFormat<BulkWriter.Factory<RowData>> createEncodingFormat(
      DynamicTableFactory.Context context, ReadableConfig formatOptions) {
    FactoryUtil.validateFactoryOptions(this, formatOptions);
    checkNoOptions(context.getCatalogTable().getOptions().keySet());
    return new SensorJsonEncodingFormat();
  }

  /** The file system connector leaves this to its formats: a misspelt option would do nothing. */
  private static void checkNoOptions(Set<String> tableOptions) {
    for (String option : tableOptions) {
      if (option.startsWith(IDENTIFIER + ".")) {
        throw new ValidationException(
            String.format("Unknown option '%s'. The format %s has none.", option, IDENTIFIER));
      }
    }
  }
}
