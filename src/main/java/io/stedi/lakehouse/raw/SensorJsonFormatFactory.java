package io.stedi.lakehouse.raw;

import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.file.table.factories.BulkReaderFormatFactory;
import org.apache.flink.connector.file.table.factories.BulkWriterFormatFactory;
import org.apache.flink.connector.file.table.format.BulkDecodingFormat;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the format {@code sensor-json} of the file system connector, which reads dirty JSON files
 * without losing a byte.
 *
 * <p>Columns named {@code source_file}, {@code source_offset}, {@code source_length}, {@code
 * undeclared_fields}, {@code unusable_values}, {@code reject_reason} and {@code reject_bytes} tell
 * where a row comes from, what of it is in no column and, for what is not a record, why. All others
 * are JSON fields, whatever the case of their names. In a record the reject columns are null; in a
 * reject all data columns are.
 *
 * <p>Written, a row is one JSON object on a line of its own, with its fields named as the columns,
 * times in milliseconds since the epoch, and null left out.
 */
public final class SensorJsonFormatFactory
    implements BulkReaderFormatFactory, BulkWriterFormatFactory {

  /** The value of a table's {@code format} option. */
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
    return SensorJsonOptions.all();
  }

  @Override
  public BulkDecodingFormat<RowData> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig formatOptions) {
    FactoryUtil.validateFactoryOptions(this, formatOptions);
    checkOptionsAreKnown(context.getCatalogTable().getOptions().keySet());
    return new SensorJsonDecodingFormat(
        formatOptions.get(SensorJsonOptions.OPTIONAL_FIELDS),
        SensorJsonOptions.limits(formatOptions),
        new SourceNames(formatOptions.get(SensorJsonOptions.ROOT)));
  }

  @Override
  public EncodingFormat<BulkWriter.Factory<RowData>> createEncodingFormat(
      DynamicTableFactory.Context context, ReadableConfig formatOptions) {
    FactoryUtil.validateFactoryOptions(this, formatOptions);
    checkOptionsAreKnown(context.getCatalogTable().getOptions().keySet());
    return new SensorJsonEncodingFormat();
  }

  /** The file system connector leaves this to its formats: a misspelt option would do nothing. */
  private void checkOptionsAreKnown(Set<String> tableOptions) {
    String prefix = IDENTIFIER + ".";
    Set<String> known = new TreeSet<>();
    optionalOptions().forEach(option -> known.add(prefix + option.key()));
    for (String option : tableOptions) {
      if (option.startsWith(prefix) && !known.contains(option)) {
        throw new ValidationException(
            String.format("Unknown option '%s'. Supported are %s.", option, known));
      }
    }
  }
}
