package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.lake.Lake;
import io.stedi.lakehouse.lake.Lease;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;

/**
 * What a lake knows of the stream that a cluster runs on it: the program that it was begun with.
 * The cluster keeps the state, and this program knows neither where nor for how long.
 */
final class StreamNotes {

  private static final String PROGRAM = "stream.program";

  private final Lake lake;
  private final Lease lease;

  StreamNotes(Lake lake, Lease lease) {
    this.lake = requireNonNull(lake, "lake");
    this.lease = requireNonNull(lease, "lease");
  }

  /** Notes the program of a stream that begins. */
  void begin(StreamProgram program) {
    String name = "program-" + lease.run() + ".properties";
    try {
      lease.set(PROGRAM, lake.keep(name, program.text()));
    } catch (IOException e) {
      throw Failures.explain("Cannot keep the program beside the tables", e);
    }
    lease.set(Lease.ROLLED_BACK, "");
  }

  /** The program that the stream was begun with; empty in a lake that does not know. */
  static Optional<StreamProgram> program(Lake lake) {
    String place = Lease.get(lake, PROGRAM);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(StreamProgram.parse(lake.kept(place)));
    } catch (IOException e) {
      throw Failures.explain("Cannot read the program that the stream was begun with, " + place, e);
    }
  }

  /**
   * Makes sure that the state is not one of after what the tables were rolled back to, unless it is
   * a savepoint that was chosen.
   *
   * @throws LakehouseException if it may be
   */
  void requireNotRolledBack(Configuration cluster) {
    String moment = Lease.get(lake, Lease.ROLLED_BACK);
    if (!moment.isEmpty() && !cluster.contains(StateRecoveryOptions.SAVEPOINT_PATH)) {
      throw LakehouseException.usage(
          "The tables were rolled back to %s, and the state that this run would go on from may be of later: rows would be missing. Start it from a savepoint of then, or with --fresh ID."
              .formatted(moment));
    }
  }
}
