package io.stedi.lakehouse.cli;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.maintain.Forgetting;
import io.stedi.lakehouse.maintain.Maintenance;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintains the tables of a streaming run on this machine for as long as it runs, and erases whom
 * it was asked to forget before. What fails is logged, and tried again the next time; the stream
 * does not notice.
 */
final class BackgroundMaintenance implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundMaintenance.class);

  private final Lake lake;
  private final Settings settings;
  private final List<String> tables;
  private final ScheduledExecutorService passes;

  private BackgroundMaintenance(Lake lake, Settings settings, List<String> tables) {
    this.lake = requireNonNull(lake, "lake");
    this.settings = requireNonNull(settings, "settings");
    this.tables = List.copyOf(tables);
    this.passes =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "maintenance");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Begins to maintain tables, unless the settings say that it is not to be done. */
  static BackgroundMaintenance of(Lake lake, Settings settings, List<String> tables) {
    BackgroundMaintenance maintenance = new BackgroundMaintenance(lake, settings, tables);
    Optional<Duration> interval = settings.duration(Setting.MAINTENANCE_INTERVAL);
    interval.ifPresent(
        every ->
            maintenance.passes.scheduleWithFixedDelay(
                maintenance::pass, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS));
    return maintenance;
  }

  private void pass() {
    try {
      new Maintenance(lake, settings.maintenance())
          .run(
              Stream.concat(tables.stream(), Maintenance.ownTables().stream()).toList(),
              done -> {});
      if (Forgetting.open(lake) > 0) {
        // Asked while the stream did not run, or cut off.
        Forgetting.of(lake, settings.maintenance(), settings.pseudonymKey(), tables)
            .run(List.of(), Duration.ZERO, step -> LOG.info("forgetting: {}", step));
      }
    } catch (RuntimeException e) {
      LOG.error("a pass of maintenance failed", e);
    }
  }

  /** Ends it at once: a pass that is cut off changes nothing, and the next one clears up. */
  @Override
  public void close() {
    passes.shutdownNow();
  }
}
