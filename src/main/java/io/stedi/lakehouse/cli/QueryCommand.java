package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.query.LakeQuery;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.apache.flink.types.Row;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stedi query}: looks at the lake. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = "Runs one Flink SQL query on the tables of the lake.")
final class QueryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private LakeOptions lakeOptions;

  @ArgGroup(multiplicity = "1")
  private Source source;

  /** Where the query comes from. */
  static final class Source {

    @Parameters(paramLabel = "SQL", description = "One SELECT.")
    private String sql;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "File that holds the SELECT, such as those in jobs/queries/.")
    private Path file;

    String text() {
      if (sql != null) {
        return sql;
      }
      try {
        return Files.readString(file);
      } catch (CharacterCodingException e) {
        throw LakehouseException.usage(
            "The query file %s is not in UTF-8. Save it so.".formatted(file), e);
      } catch (IOException e) {
        throw LakehouseException.usage(
            "Cannot read the query file %s (%s). Check the path after --file.".formatted(file, e),
            e);
      }
    }
  }

  @Option(
      names = "--format",
      defaultValue = "table",
      description = "table, csv or json (one object a line) (default: table).")
  private OutputFormat format;

  @Override
  public Integer call() throws IOException {
    try (LocalLake local = LocalLake.forReading(lakeOptions);
        LakeQuery.Result result =
            new LakeQuery(local.settings(), local.lake()).run(source.text())) {
      RowPrinter printer = format.printer(spec.commandLine().getOut(), result.columns());
      PrintWriter out = spec.commandLine().getOut();
      // Nobody computes for a reader who has gone.
      for (Iterator<Row> rows = result.rows(); !out.checkError() && rows.hasNext(); ) {
        printer.row(rows.next());
      }
      printer.end();
    }
    return 0;
  }
}
