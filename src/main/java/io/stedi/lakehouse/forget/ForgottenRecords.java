package io.stedi.lakehouse.forget;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.Plan;
import io.stedi.lakehouse.program.Planner;
import io.stedi.lakehouse.program.SqlProgram;
import io.stedi.lakehouse.query.QueryCluster;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Looks for those who are forgotten in raw files, by {@code jobs/forget}. */
public final class ForgottenRecords {

  private ForgottenRecords() {}

  /**
   * A record, or a fragment that is none, in a file as it is decompressed.
   *
   * @param offset of its first byte
   * @param length in bytes
   */
  public record Range(long offset, long length) {

    long end() {
      return offset + length;
    }
  }

  /**
   * The places of those who are forgotten.
   *
   * @param input the folder of raw files
   * @return by file, relative to the folder, in their order
   * @throws LakehouseException if a file cannot be read
   */
  public static SortedMap<String, List<Range>> in(URI input, Settings settings) {
    requireNonNull(input, "input");
    Plan plan = new Planner(SqlProgram.load(), settings).forgottenRecords(input);
    Configuration configuration = Configuration.fromMap(settings.flinkConfiguration());
    plan.configuration().forEach(configuration::setString);
    // What fails once fails again, and a restart would hide why.
    configuration.setString("restart-strategy.type", "none");
    SortedMap<String, List<Range>> places = new TreeMap<>();
    try (QueryCluster cluster = QueryCluster.start(settings)) {
      TableEnvironment environment = cluster.environment(configuration);
      plan.define(environment);
      TableResult answer = environment.executeSql("SELECT * FROM " + Planner.FORGOTTEN_RECORD);
      try (CloseableIterator<Row> rows = answer.collect()) {
        rows.forEachRemaining(
            row ->
                places
                    .computeIfAbsent(row.getFieldAs(0), file -> new ArrayList<>())
                    .add(new Range(row.<Long>getFieldAs(1), row.<Long>getFieldAs(2))));
      }
    } catch (LakehouseException e) {
      throw e;
    } catch (Exception e) {
      throw Failures.explain("The raw files cannot be looked through", e);
    }
    places.values().forEach(ranges -> ranges.sort(Comparator.comparing(Range::offset)));
    return places;
  }
}
