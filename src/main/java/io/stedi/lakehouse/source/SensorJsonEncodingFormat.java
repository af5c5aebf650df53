package io.stedi.lakehouse.source;

import io.stedi.lakehouse.scan.FieldType;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.format.EncodingFormat;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** Writes what the format reads: one object a line, fields named as the table's columns. */
final class SensorJsonEncodingFormat implements EncodingFormat<BulkWriter.Factory<RowData>> {

  @Override
  public BulkWriter.Factory<RowData> createRuntimeEncoder(
      DynamicTableSink.Context context, DataType physicalDataType) {
    RowType row = (RowType) physicalDataType.getLogicalType();
    List<String> names = List.copyOf(row.getFieldNames());
    List<FieldType> types = new ArrayList<>();
    for (RowType.RowField column : row.getFields()) {
      types.add(RowLayout.fieldType(column));
    }
    List<FieldType> fieldTypes = List.copyOf(types);
    return out -> new SensorJsonWriter(out, names, fieldTypes);
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }
}
