package io.stedi.lakehouse.raw;

import java.util.List;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.connector.file.src.reader.BulkFormat;
import org.apache.flink.connector.file.table.format.BulkDecodingFormat;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * The format as the planner sees it. It takes the projection itself, because all fields must be
 * judged to produce any: what is rejected must not depend on what a query selects.
 */
final class SensorJsonDecodingFormat
    implements BulkDecodingFormat<RowData>,
        ProjectableDecodingFormat<BulkFormat<RowData, FileSourceSplit>> {

  private final List<String> optionalFields;
  private final ScanLimits limits;
  private final SourceNames sourceNames;

  SensorJsonDecodingFormat(
      List<String> optionalFields, ScanLimits limits, SourceNames sourceNames) {
    this.optionalFields = List.copyOf(optionalFields);
    this.limits = limits;
    this.sourceNames = sourceNames;
  }

  @Override
  public BulkFormat<RowData, FileSourceSplit> createRuntimeDecoder(
      DynamicTableSource.Context context, DataType physicalDataType, int[][] projections) {
    Projection projection = Projection.of(projections);
    RowLayout layout =
        RowLayout.of(
            (RowType) physicalDataType.getLogicalType(),
            optionalFields,
            projection.toTopLevelIndexes());
    return new SensorJsonFormat(
        layout,
        limits,
        sourceNames,
        context.createTypeInformation(projection.project(physicalDataType)));
  }

  @Override
  public BulkFormat<RowData, FileSourceSplit> createRuntimeDecoder(
      DynamicTableSource.Context context, DataType physicalDataType) {
    return ProjectableDecodingFormat.super.createRuntimeDecoder(context, physicalDataType);
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }
}
