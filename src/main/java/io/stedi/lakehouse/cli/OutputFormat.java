package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.flink.types.Row;

/** How a command prints rows. */
enum OutputFormat {
  /** Aligned columns; waits for the last row. */
  TABLE {
    @Override
    RowPrinter printer(PrintWriter out, List<String> columns) {
      List<List<String>> rows = new ArrayList<>();
      return new RowPrinter() {
        @Override
        public void row(Row row) {
          rows.add(cells(row, "NULL"));
        }

        @Override
        public void end() {
          TextTable.print(out, columns, columns.size(), rows);
          out.println("(%d %s)".formatted(rows.size(), rows.size() == 1 ? "row" : "rows"));
          out.flush();
        }
      };
    }
  },

  /** RFC 4180, with a header; null is the empty field. */
  CSV {
    @Override
    RowPrinter printer(PrintWriter out, List<String> columns) {
      out.println(line(columns));
      return new RowPrinter() {
        @Override
        public void row(Row row) {
          out.println(line(cells(row, "")));
        }

        @Override
        public void end() {
          out.flush();
        }
      };
    }

    private String line(List<String> cells) {
      return String.join(
          ",",
          cells.stream()
              .map(
                  cell ->
                      cell.matches("(?s).*[\",\r\n].*")
                          ? '"' + cell.replace("\"", "\"\"") + '"'
                          : cell)
              .toList());
    }
  },

  /** One JSON object a line. */
  JSON {
    @Override
    RowPrinter printer(PrintWriter out, List<String> columns) throws IOException {
      JsonGenerator json =
          new JsonFactory().createGenerator(out).setPrettyPrinter(new MinimalPrettyPrinter("\n"));
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      return new RowPrinter() {
        @Override
        public void row(Row row) throws IOException {
          json.writeStartObject();
          for (int i = 0; i < columns.size(); i++) {
            json.writeFieldName(columns.get(i));
            value(json, row.getField(i));
          }
          json.writeEndObject();
        }

        @Override
        public void end() throws IOException {
          json.close();
          out.println();
          out.flush();
        }
      };
    }

    private void value(JsonGenerator json, Object value) throws IOException {
      if (value == null) {
        json.writeNull();
      } else if (value instanceof Boolean bool) {
        json.writeBoolean(bool);
      } else if (value instanceof Number) {
        json.writeNumber(value.toString());
      } else {
        json.writeString(text(value));
      }
    }
  };

  abstract RowPrinter printer(PrintWriter out, List<String> columns) throws IOException;

  private static List<String> cells(Row row, String forNull) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      Object value = row.getField(i);
      cells.add(value == null ? forNull : text(value));
    }
    return cells;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
  }
}
