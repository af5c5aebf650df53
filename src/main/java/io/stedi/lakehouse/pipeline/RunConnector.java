package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.LakeAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.RowType;

/**
 * Makes the run's lease and its publication parts of the job. The program that submits a job may be
 * gone long before the job is done, and after the loss of a JobManager another instance of it waits
 * for the same job; the job itself is there exactly as long as it writes.
 *
 * <p>For Flink it is a table that is read and one that is written, between which a single row flows
 * that nobody looks at: {@link LeaseSource} holds the lease where sources are coordinated, {@link
 * Publication} publishes where a job is finished, both in the JobManager.
 */
public final class RunConnector implements DynamicTableSourceFactory, DynamicTableSinkFactory {

  private static final String IDENTIFIER = "stedi-run";
  private static final String BEGINNING = "run_beginning";
  private static final String END = "run_end";

  private static final ConfigOption<String> RUN = text("run");
  private static final ConfigOption<String> DATABASE = text("database");
  private static final ConfigOption<String> COMMAND = text("command");
  private static final ConfigOption<String> MODE = text("mode");
  private static final ConfigOption<String> TABLES = text("tables");
  private static final ConfigOption<Long> BEGAN =
      ConfigOptions.key("began").longType().noDefaultValue();
  private static final ConfigOption<Boolean> REPLACES =
      ConfigOptions.key("replaces").booleanType().noDefaultValue();
  private static final ConfigOption<Boolean> ENDLESS =
      ConfigOptions.key("endless").booleanType().noDefaultValue();

  /** Before the names of the catalog's properties. */
  private static final String CATALOG = "catalog.";

  /** Before the names of settings. */
  private static final String SETTING = "setting.";

  /** Called by Flink's service loading. */
  public RunConnector() {}

  private static ConfigOption<String> text(String name) {
    return ConfigOptions.key(name).stringType().noDefaultValue();
  }

  /**
   * Adds the lease, the publication and the report to a job.
   *
   * @param endless whether the job reads on until it is stopped
   */
  static void add(
      TableEnvironment environment, StatementSet statements, JobRun run, boolean endless) {
    TableDescriptor.Builder table =
        TableDescriptor.forConnector(IDENTIFIER)
            .schema(Schema.newBuilder().column("nothing", DataTypes.BIGINT()).build())
            .option(RUN, run.id())
            .option(DATABASE, run.lake().database())
            .option(TABLES, String.join(",", run.tables()))
            .option(REPLACES, run.replaces())
            .option(COMMAND, run.command())
            .option(MODE, run.mode())
            .option(BEGAN, run.began().toEpochMilli())
            .option(ENDLESS, endless);
    run.lake().catalog().forEach((key, value) -> table.option(CATALOG + key, value));
    run.settings().forEach((key, value) -> table.option(SETTING + key, value));
    environment.createTemporaryTable(BEGINNING, table.build());
    environment.createTemporaryTable(END, table.build());
    statements.add(environment.from(BEGINNING).insertInto(END));
  }

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(RUN, DATABASE, COMMAND, MODE, TABLES, BEGAN, REPLACES, ENDLESS);
  }

  /** Beside the properties of the catalog and the settings. */
  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    return new Beginning(
        run(context),
        Boolean.parseBoolean(context.getCatalogTable().getOptions().get(ENDLESS.key())));
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    return new End(run(context));
  }

  private static JobRun run(Context context) {
    Map<String, String> options = context.getCatalogTable().getOptions();
    return new JobRun(
        options.get(RUN.key()),
        new LakeAddress(below(CATALOG, options), options.get(DATABASE.key())),
        Arrays.stream(options.get(TABLES.key()).split(","))
            .filter(table -> !table.isEmpty())
            .toList(),
        Boolean.parseBoolean(options.get(REPLACES.key())),
        options.get(COMMAND.key()),
        options.get(MODE.key()),
        below(SETTING, options),
        Instant.ofEpochMilli(Long.parseLong(options.get(BEGAN.key()))));
  }

  private static Map<String, String> below(String prefix, Map<String, String> options) {
    Map<String, String> below = new TreeMap<>();
    options.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            below.put(key.substring(prefix.length()), value);
          }
        });
    return below;
  }

  /** The table that is read. */
  private record Beginning(JobRun run, boolean endless) implements ScanTableSource {

    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      return new DataStreamScanProvider() {
        @Override
        public DataStream<RowData> produceDataStream(
            ProviderContext provider, StreamExecutionEnvironment environment) {
          return environment
              .fromSource(
                  new LeaseSource(run, endless), WatermarkStrategy.noWatermarks(), BEGINNING)
              .uid(BEGINNING)
              .setParallelism(1)
              .map(number -> (RowData) GenericRowData.of(number))
              .returns(InternalTypeInfo.of(RowType.of(new BigIntType())))
              .uid(BEGINNING + "_row")
              .setParallelism(1);
        }

        @Override
        public boolean isBounded() {
          return !endless;
        }
      };
    }

    @Override
    public DynamicTableSource copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "lease of the run";
    }
  }

  /** The table that is written. */
  private record End(JobRun run) implements DynamicTableSink {

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
      return ChangelogMode.insertOnly();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
      return new DataStreamSinkProvider() {
        // As Flink's own table of files does: in what replaces output formats nothing is called
        // when the whole job is done.
        @SuppressWarnings("deprecation")
        @Override
        public DataStreamSink<?> consumeDataStream(
            ProviderContext provider, DataStream<RowData> rows) {
          return rows.writeUsingOutputFormat(new Publication(run))
              .name(END)
              .uid(END)
              .setParallelism(1);
        }
      };
    }

    @Override
    public DynamicTableSink copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "publication of the run";
    }
  }
}
