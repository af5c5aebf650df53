package io.stedi.lakehouse.source;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.stedi.lakehouse.scan.FieldType;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.table.data.RowData;

/** Writes rows as newline-delimited JSON. The stream belongs to the caller, who closes it. */
final class SensorJsonWriter implements BulkWriter<RowData> {

  private static final int MILLISECOND_PRECISION = 3;
  private static final JsonFactory JSON = new JsonFactory();

  private final List<String> names;
  private final List<FieldType> types;
  private final JsonGenerator json;

  SensorJsonWriter(FSDataOutputStream out, List<String> names, List<FieldType> types)
      throws IOException {
    this.names = names;
    this.types = types;
    json = JSON.createGenerator(out, JsonEncoding.UTF8);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setPrettyPrinter(new MinimalPrettyPrinter(""));
  }

  @Override
  public void addElement(RowData row) throws IOException {
    json.writeStartObject();
    for (int i = 0; i < types.size(); i++) {
      if (!row.isNullAt(i)) {
        json.writeFieldName(names.get(i));
        write(row, i);
      }
    }
    json.writeEndObject();
    json.writeRaw('\n');
  }

  @Override
  public void flush() throws IOException {
    json.flush();
  }

  @Override
  public void finish() throws IOException {
    json.close();
  }

  private void write(RowData row, int i) throws IOException {
    switch (types.get(i)) {
      case STRING -> json.writeString(row.getString(i).toString());
      case INT -> json.writeNumber(row.getInt(i));
      case BIGINT -> json.writeNumber(row.getLong(i));
      case TIMESTAMP ->
          json.writeNumber(row.getTimestamp(i, MILLISECOND_PRECISION).getMillisecond());
      case DOUBLE -> {
        double number = row.getDouble(i);
        if (!Double.isFinite(number)) {
          throw new IOException(
              String.format("JSON has no number for %s in column '%s'", number, names.get(i)));
        }
        json.writeNumber(number);
      }
    }
  }
}
