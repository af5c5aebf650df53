package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.ScanLimits;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Raw files as the planner sees them. The projection goes down to the reader, which still judges
 * all fields: what is rejected must not depend on what a query selects.
 */
final class SensorJsonTableSource implements ScanTableSource, SupportsProjectionPushDown {

  private final Path path;
  private final String pattern;
  private final List<String> optionalFields;
  private final ScanLimits limits;
  private final SourceNames sourceNames;
  private final Watch watch;
  private final DataType columns;
  private Projection projection;

  /**
   * @param pattern which files below the path are read, a regular expression for their whole path;
   *     null for all
   * @param watch how the folder is watched; null to read what is there and end
   * @param columns of the table, all of them
   */
  SensorJsonTableSource(
      Path path,
      String pattern,
      List<String> optionalFields,
      ScanLimits limits,
      SourceNames sourceNames,
      Watch watch,
      DataType columns) {
    this.path = path;
    this.pattern = pattern;
    this.optionalFields = List.copyOf(optionalFields);
    this.limits = limits;
    this.sourceNames = sourceNames;
    this.watch = watch;
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
    return SourceProvider.of(new SensorJsonSource(path, pattern, format, watch));
  }

  @Override
  public DynamicTableSource copy() {
    SensorJsonTableSource copy =
        new SensorJsonTableSource(
            path, pattern, optionalFields, limits, sourceNames, watch, columns);
    copy.projection = projection;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return SensorJsonFormatFactory.IDENTIFIER;
  }
}
