package io.stedi.lakehouse.cli;

import java.io.IOException;
import org.apache.flink.types.Row;

/** Prints the rows of a query. */
interface RowPrinter {

  void row(Row row) throws IOException;

  /** Prints what had to wait for the last row. */
  void end() throws IOException;
}
