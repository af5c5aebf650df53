package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who holds a lease, as the properties of its table say.
 *
 * @param run the run's id
 * @param machine the machine and its process namespace; empty where that cannot be told
 * @param process the process id
 * @param started when the process started, in milliseconds since the epoch: ids are used again
 * @param expires until when the lease is held, in milliseconds since the epoch
 */
record Holder(String run, String machine, long process, long started, long expires) {

  private static final String RUN = "lease.run";
  private static final String MACHINE = "lease.machine";
  private static final String PROCESS = "lease.process";
  private static final String STARTED = "lease.process-started";
  private static final String EXPIRES = "lease.expires";

  /** This process, for so long. */
  static Holder self(String run, Instant now, Duration time) {
    ProcessHandle self = ProcessHandle.current();
    return new Holder(run, thisMachine(), self.pid(), started(self), now.plus(time).toEpochMilli());
  }

  static Optional<Holder> of(Map<String, String> properties) {
    if (!properties.containsKey(RUN)) {
      return Optional.empty();
    }
    return Optional.of(
        new Holder(
            properties.get(RUN),
            properties.getOrDefault(MACHINE, ""),
            Long.parseLong(properties.getOrDefault(PROCESS, "0")),
            Long.parseLong(properties.getOrDefault(STARTED, "0")),
            Long.parseLong(properties.getOrDefault(EXPIRES, "0"))));
  }

  /** The properties with this holder. */
  Map<String, String> in(Map<String, String> properties) {
    Map<String, String> held = without(properties);
    held.put(RUN, run);
    held.put(MACHINE, machine);
    held.put(PROCESS, String.valueOf(process));
    held.put(STARTED, String.valueOf(started));
    held.put(EXPIRES, String.valueOf(expires));
    return held;
  }

  /** The properties with no holder. */
  static Map<String, String> without(Map<String, String> properties) {
    Map<String, String> free = new HashMap<>(properties);
    free.keySet().removeIf(key -> key.startsWith("lease."));
    return free;
  }

  /** Whether this and another are the same process, working on the same run. */
  boolean isSameAs(Holder other) {
    return run.equals(other.run)
        && machine.equals(other.machine)
        && process == other.process
        && started == other.started;
  }

  boolean isGone(Instant now) {
    return expires <= now.toEpochMilli() || isDead();
  }

  /** Whether it was a process of this machine that has ended; only that can be told at once. */
  private boolean isDead() {
    return !machine.isEmpty()
        && machine.equals(thisMachine())
        && ProcessHandle.of(process)
            .filter(ProcessHandle::isAlive)
            .filter(alive -> started == 0 || started(alive) == started)
            .isEmpty();
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  /** Host names are no answer: many machines and containers share one. */
  private static String thisMachine() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException | UnsupportedOperationException e) {
      return "";
    }
  }
}
