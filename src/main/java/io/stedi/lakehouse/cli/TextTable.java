package io.stedi.lakehouse.cli;

import java.io.PrintWriter;
import java.util.List;

/** Prints rows in columns as wide as their widest cell. */
final class TextTable {

  private TextTable() {}

  /**
   * Prints a header and rows.
   *
   * @param leftAligned how many of the first columns are aligned left; the others are numbers
   */
  static void print(
      PrintWriter out, List<String> header, int leftAligned, List<List<String>> cells) {
    List<List<String>> rows =
        cells.stream().map(row -> row.stream().map(Visible::line).toList()).toList();
    int[] widths = new int[header.size()];
    for (int column = 0; column < widths.length; column++) {
      int width = header.get(column).length();
      for (List<String> row : rows) {
        width = Math.max(width, row.get(column).length());
      }
      widths[column] = width;
    }
    line(out, header, widths, leftAligned);
    for (List<String> row : rows) {
      line(out, row, widths, leftAligned);
    }
  }

  private static void line(PrintWriter out, List<String> cells, int[] widths, int leftAligned) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? "" : "  ");
      line.append(column < leftAligned ? cell + padding : padding + cell);
    }
    out.println(line.toString().stripTrailing());
  }
}
