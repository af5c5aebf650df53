package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.LakeAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the connector {@code stedi-forgotten}: the entries of the lake's table {@code forgotten}
 * and, in a stream, those that are added later. Its columns are {@code what}, {@code id} and {@code
 * asked}.
 */
public final class ForgottenConnector implements DynamicTableSourceFactory {

  private static final ConfigOption<Duration> MONITOR_INTERVAL =
      ConfigOptions.key("monitor-interval").durationType().defaultValue(Duration.ZERO);

  /** Called by Flink's service loading. */
  public ForgottenConnector() {}

  @Override
  public String factoryIdentifier() {
    return "stedi-forgotten";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(MONITOR_INTERVAL);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig configuration = context.getConfiguration();
    Map<String, String> parameters =
        configuration.getOptional(PipelineOptions.GLOBAL_JOB_PARAMETERS).orElse(Map.of());
    boolean streaming =
        configuration.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.STREAMING;
    return new Entries(
        new ForgottenSource(
            LakeAddress.of(name -> parameters.getOrDefault(name, "")),
            streaming ? helper.getOptions().get(MONITOR_INTERVAL) : Duration.ZERO));
  }

  /** The table that is read. */
  private record Entries(ForgottenSource source) implements ScanTableSource {

    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
      // There are few of them.
      return SourceProvider.of(source, 1);
    }

    @Override
    public DynamicTableSource copy() {
      return this;
    }

    @Override
    public String asSummaryString() {
      return "who is forgotten";
    }
  }
}
