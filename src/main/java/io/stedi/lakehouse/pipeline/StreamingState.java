package io.stedi.lakehouse.pipeline;

import static java.util.Objects.requireNonNull;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.lake.CommittedBy;
import java.io.DataInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a streaming run on this machine leaves for the next to go on from: checkpoints and
 * savepoints, the program that they fit, and who wrote the tables. On a cluster the platform keeps
 * all this.
 *
 * <p>The jobs of one lake that go on from one another are a chain: each begins where the one before
 * it ended, with new ids for jobs, as Iceberg's sink demands, and checkpoints numbered on. So the
 * state with the highest number is the newest, whatever clocks say.
 *
 * <p>No file is written twice. To write an object of S3 anew, Flink first deletes it, and whoever
 * is killed then leaves none.
 */
final class StreamingState {

  private static final Logger LOG = LoggerFactory.getLogger(StreamingState.class);

  private static final String METADATA = "_metadata";
  private static final String PROGRAM = "program.properties";
  private static final String CHAIN = "chain.properties";
  private static final String CHECKPOINTS = "checkpoints";
  private static final String SAVEPOINTS = "savepoints";
  private static final String RUN = "run";
  private static final String JOBS = "jobs";

  private final Location folder;

  /**
   * A checkpoint or savepoint that is complete.
   *
   * @param place its folder
   * @param number of the checkpoint; later ones have higher numbers
   */
  record Saved(Location place, long number) {}

  StreamingState(Location folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  /** What Flink has to be told to keep its state here. */
  Map<String, String> configuration() {
    Map<String, String> configuration = new TreeMap<>();
    configuration.put("execution.checkpointing.dir", checkpoints().uri().toString());
    configuration.put("execution.checkpointing.savepoint-dir", savepoints());
    configuration.put(
        "execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    // A stream outlives faults that take minutes, and a counter of failures would be used up some
    // day.
    configuration.put("restart-strategy.type", "exponential-delay");
    return configuration;
  }

  /** The URI of the folder for savepoints. */
  String savepoints() {
    return folder.resolve(SAVEPOINTS).uri().toString();
  }

  private Location checkpoints() {
    return folder.resolve(CHECKPOINTS);
  }

  /**
   * The newest state; empty if there is none.
   *
   * @throws LakehouseException if it cannot be read
   */
  Optional<Saved> newest() {
    try {
      List<Location> found = new ArrayList<>(entries(folder.resolve(SAVEPOINTS)));
      for (Location job : entries(checkpoints())) {
        found.addAll(entries(job));
      }
      List<Saved> complete = new ArrayList<>();
      for (Location place : found) {
        Location metadata = place.resolve(METADATA);
        if (fileSystem().exists(metadata.flinkPath())) {
          complete.add(new Saved(place, number(metadata)));
        }
      }
      return complete.stream().max(Comparator.comparingLong(Saved::number));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private List<Location> entries(Location parent) throws IOException {
    return parent.entries().stream()
        .filter(FileStatus::isDir)
        .map(entry -> parent.resolve(entry.getPath().getName()))
        .toList();
  }

  private long number(Location metadata) throws IOException {
    try (FSDataInputStream in = fileSystem().open(metadata.flinkPath())) {
      return Checkpoints.loadCheckpointMetadata(
              new DataInputStream(in), getClass().getClassLoader(), metadata.toString())
          .getCheckpointId();
    }
  }

  /**
   * Begins a chain of jobs, in place of any that was.
   *
   * @param run what bears the tables' content of before, if they were emptied for it
   */
  void begin(String run, StreamProgram program) {
    discard();
    Properties chain = new Properties();
    chain.setProperty(RUN, run);
    write(PROGRAM, program.text());
    write(chain);
  }

  /** Adds a job to the chain. */
  void add(JobID job) {
    write(JOBS + "/" + job.toHexString(), job.toHexString());
  }

  /** Who has written what the tables hold, up to a state. */
  CommittedBy committedBy(Saved saved) {
    return new CommittedBy(chain().getProperty(RUN), jobs(), saved.number());
  }

  /** What the chain was begun with, and its state therefore fits. */
  StreamProgram program() {
    try {
      return StreamProgram.parse(folder.resolve(PROGRAM).readText());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Deletes the states of other jobs than the one that a state is of. */
  void keepOnly(Saved saved) {
    try {
      List<Location> parents = new ArrayList<>(entries(folder.resolve(SAVEPOINTS)));
      parents.addAll(entries(checkpoints()));
      for (Location parent : parents) {
        if (!(saved.place() + "/").startsWith(parent + "/")) {
          delete(parent);
        }
      }
    } catch (IOException e) {
      // They take room, and the next run tries again.
      LOG.warn("Cannot delete the state of former jobs in {}", folder, e);
    }
  }

  /** Deletes everything that is its own: the folder may hold what others keep there. */
  void discard() {
    try {
      for (String name : List.of(CHAIN, PROGRAM, JOBS, SAVEPOINTS, CHECKPOINTS)) {
        delete(folder.resolve(name));
      }
    } catch (IOException e) {
      throw Failures.explain("Cannot delete the state of the former streaming run in " + folder, e);
    }
  }

  private void delete(Location place) throws IOException {
    LOG.info("deleting {}", place);
    fileSystem().delete(place.flinkPath(), true);
  }

  private Properties chain() {
    Properties chain = new Properties();
    try {
      chain.load(new StringReader(folder.resolve(CHAIN).readText()));
      return chain;
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private Set<String> jobs() {
    Set<String> jobs = new LinkedHashSet<>();
    try {
      for (FileStatus entry : folder.resolve(JOBS).entries()) {
        jobs.add(entry.getPath().getName());
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return jobs;
  }

  private LakehouseException unreadable(IOException e) {
    String why =
        e instanceof FileNotFoundException ? "a file is missing" : String.valueOf(e.getMessage());
    return LakehouseException.system(
        "Cannot read the state of the former streaming run in %s (%s). Make it readable, or give --fresh to begin anew."
            .formatted(folder, why),
        e);
  }

  private void write(Properties chain) {
    StringWriter text = new StringWriter();
    try {
      chain.store(text, null);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    write(CHAIN, text.toString());
  }

  private void write(String name, String text) {
    Location file = folder.resolve(name);
    // Elsewhere than on this machine an object appears when all of it is there.
    Location written = folder.isLocal() ? folder.resolve(".written") : file;
    try {
      try (FSDataOutputStream out =
          fileSystem().create(written.flinkPath(), FileSystem.WriteMode.OVERWRITE)) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      if (folder.isLocal()) {
        Files.createDirectories(file.localPath().getParent());
        Files.move(written.localPath(), file.localPath(), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw Failures.explain("Cannot write " + file, e);
    }
  }

  private FileSystem fileSystem() throws IOException {
    return folder.flinkPath().getFileSystem();
  }
}
