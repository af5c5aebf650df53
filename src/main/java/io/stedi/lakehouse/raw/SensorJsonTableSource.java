package io.stedi.lakehouse.raw;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Raw files as the planner sees them. The projection goes down to the reader, which still judges
 * all fields: what is rejected must not depend on what a query selects.
 */
final class SensorJsonTableSource
    implements ScanTableSource, SupportsProjectionPushDown, SupportsSourceWatermark {

  /** The part that Flink's planner gives a source's uid, so that savepoints know it by either. */
  private static final String SOURCE = "source";

  private static final String END_OF_TIME = "end-of-time";

  private final Path path;
  private final String pattern;
  private final List<String> optionalFields;
  private final ScanLimits limits;
  private final SourceNames sourceNames;
  private final Watch watch;
  private final String timeColumn;
  private final Duration outOfOrderness;
  private final boolean checkpoints;
  private final boolean endless;
  private final DataType columns;
  private Projection projection;
  private boolean watermark;

  /**
   * @param pattern which files below the path are read, a regular expression for their whole path;
   *     null for all
   * @param watch how the folder is watched; null to read what is there and end
   * @param timeColumn the column that a watermark goes by; null for none
   * @param outOfOrderness how far a watermark stays behind
   * @param checkpoints whether the job makes them
   * @param endless whether there is no last watermark
   * @param columns of the table, all of them
   */
  SensorJsonTableSource(
      Path path,
      String pattern,
      List<String> optionalFields,
      ScanLimits limits,
      SourceNames sourceNames,
      Watch watch,
      String timeColumn,
      Duration outOfOrderness,
      boolean checkpoints,
      boolean endless,
      DataType columns) {
    this.path = path;
    this.pattern = pattern;
    this.optionalFields = List.copyOf(optionalFields);
    this.limits = limits;
    this.sourceNames = sourceNames;
    this.watch = watch;
    this.timeColumn = timeColumn;
    this.outOfOrderness = outOfOrderness;
    this.checkpoints = checkpoints;
    this.endless = endless;
    this.columns = columns;
    this.projection = Projection.all(columns);
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  @Override
  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    projection = Projection.of(projectedFields);
  }

  @Override
  public void applySourceWatermark() {
    RowType row = (RowType) columns.getLogicalType();
    int column = timeColumn == null ? -1 : row.getFieldIndex(timeColumn);
    if (column < 0 || RowLayout.fieldType(row.getFields().get(column)) != FieldType.TIMESTAMP) {
      throw new ValidationException(
          String.format(
              "SOURCE_WATERMARK() goes by the column that the option '%s' of '%s' names, which must be"
                  + " of type TIMESTAMP_LTZ(3); it is '%s'.",
              SensorJsonOptions.EVENT_TIME.key(), SensorJsonFormatFactory.IDENTIFIER, timeColumn));
    }
    watermark = true;
  }

  /** What a watermark goes by; null if none is asked for, or the time of rows is not. */
  private EventTime eventTime() {
    int column = watermark ? position(timeColumn) : -1;
    return column < 0
        ? null
        : new EventTime(column, position(SourceColumn.ARRIVED_LATE.columnName()), outOfOrderness);
  }

  /** Where a column is in the rows that are produced; -1 if it is not. */
  private int position(String column) {
    int index = ((RowType) columns.getLogicalType()).getFieldIndex(column);
    int[] produced = projection.toTopLevelIndexes();
    for (int i = 0; i < produced.length; i++) {
      if (produced[i] == index) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    RowLayout layout =
        RowLayout.of(
            (RowType) columns.getLogicalType(), optionalFields, projection.toTopLevelIndexes());
    SensorJsonFormat format =
        new SensorJsonFormat(
            layout,
            limits,
            sourceNames,
            context.createTypeInformation(projection.project(columns)));
    SensorJsonSource source =
        new SensorJsonSource(path, pattern, format, watch, eventTime(), checkpoints);
    return endless ? new EndlessProvider(source) : SourceProvider.of(source);
  }

  /** A source in front of {@link EndlessTime}, which to savepoints is the source alone. */
  private record EndlessProvider(SensorJsonSource source) implements DataStreamScanProvider {

    @Override
    public DataStream<RowData> produceDataStream(
        ProviderContext provider, StreamExecutionEnvironment environment) {
      DataStreamSource<RowData> rows =
          environment.fromSource(source, WatermarkStrategy.noWatermarks(), provider.getName());
      provider.generateUid(SOURCE).ifPresent(rows::uid);
      SingleOutputStreamOperator<RowData> endless =
          rows.transform(END_OF_TIME, rows.getType(), new EndlessTime());
      provider.generateUid(END_OF_TIME).ifPresent(endless::uid);
      return endless;
    }

    @Override
    public boolean isBounded() {
      return source.getBoundedness() == Boundedness.BOUNDED;
    }
  }

  @Override
  public DynamicTableSource copy() {
    SensorJsonTableSource copy =
        new SensorJsonTableSource(
            path,
            pattern,
            optionalFields,
            limits,
            sourceNames,
            watch,
            timeColumn,
            outOfOrderness,
            checkpoints,
            endless,
            columns);
    copy.projection = projection;
    copy.watermark = watermark;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return SensorJsonFormatFactory.IDENTIFIER;
  }
}
