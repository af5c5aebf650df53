package io.stedi.lakehouse.source;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands raw files out to readers, those changed first before those changed later: all that are
 * there, or, where the folder is watched, also all that come.
 *
 * <p>A watched file is read when it has been seen unchanged for a while, since nobody can tell
 * whether its writer is done, and at once where files appear whole. It is read once, also after a
 * restart; what comes under its name later is not read but reported.
 */
final class RawSplitEnumerator implements SplitEnumerator<FileSourceSplit, RawFilesState> {

  private static final Logger LOG = LoggerFactory.getLogger(RawSplitEnumerator.class);

  /** Where an object is seen only when all of it is there. */
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "s3p", "gs", "abfs", "abfss", "wasb", "wasbs", "oss");

  /** How long it took until the rows of a file were committed, in milliseconds. */
  private static final String FRESHNESS = "freshnessMs";

  /** For how many times as long as a look took, none begins after it. */
  private static final int PAUSE = 3;

  /** How many files that is told of: some minutes or hours, so that it shows how it is now. */
  private static final int RECENT_FILES = 1000;

  private final SplitEnumeratorContext<FileSourceSplit> context;
  private final RawFolder files;
  private final Path folder;
  private final Watch watch;
  private final LongSupplier nanoTime;
  private final boolean restored;
  private final boolean beganWatching;
  private final String beganIn;
  private final SeenFiles seen;
  private final Deque<FileSourceSplit> pending;
  private final Set<Integer> waiting = new LinkedHashSet<>();
  private final Map<Path, Unsettled> unsettled = new HashMap<>();
  private final Freshness freshness;

  /**
   * What readers have, of those that have asked since the source started; a reader asks when done.
   */
  private final Map<Integer, FileSourceSplit> reading = new HashMap<>();

  private final Counter filesTaken;
  private final Counter filesChanged;
  private final Counter filesLeft;
  private final Counter listingFailures;
  private final Counter looks;

  /** When the next look may begin; null before the first. Of the thread that looks. */
  private Long lookDue;

  private volatile long lookMillis;
  private volatile int splitsPending;

  /**
   * When the file was changed last that is unread for longest, in epoch milliseconds; 0 if none.
   */
  private volatile long oldestUnread;

  /** When the folder was listed last; null if it was not since the source started. */
  private Long listedBefore;

  /** When the folder could not be listed for the first time since it was; null if it was. */
  private Long unlistedSince;

  /**
   * A file as it was seen first, in nanoseconds of a clock that only goes forward, and when it was
   * not yet; null if that is not known.
   */
  private record Unsettled(long size, long changed, long since, Long absent) {}

  private RawSplitEnumerator(
      SplitEnumeratorContext<FileSourceSplit> context,
      RawFolder files,
      Path folder,
      Watch watch,
      LongSupplier nanoTime,
      boolean restored,
      RawFilesState state) {
    this.context = requireNonNull(context, "context");
    this.files = requireNonNull(files, "files");
    this.folder = requireNonNull(folder, "folder");
    this.watch = watch;
    this.nanoTime = nanoTime;
    this.restored = restored;
    this.beganWatching = state.watched();
    this.beganIn = state.folder();
    this.seen = state.seen();
    this.pending = new ArrayDeque<>(state.pending());
    this.freshness =
        new Freshness(
            nanoTime,
            context
                .metricGroup()
                .histogram(FRESHNESS, new DescriptiveStatisticsHistogram(RECENT_FILES)));
    this.filesTaken = context.metricGroup().counter("filesTaken");
    this.filesChanged = context.metricGroup().counter("filesChanged");
    this.filesLeft = context.metricGroup().counter("filesLeft");
    this.listingFailures = context.metricGroup().counter("listingFailures");
    context.metricGroup().gauge("filesUnsettled", unsettled::size);
    context.metricGroup().gauge("splitsPending", () -> splitsPending);
    context.metricGroup().gauge("oldestUnreadMs", this::oldestUnread);
    context.metricGroup().gauge("filesUnreadable", files::unreadable);
    context.metricGroup().gauge("lookMs", () -> lookMillis);
    this.looks = context.metricGroup().counter("looks");
  }

  /**
   * Begins to read a folder.
   *
   * @param watch null to read what is there and end
   */
  static RawSplitEnumerator ofNew(
      SplitEnumeratorContext<FileSourceSplit> context,
      RawFolder files,
      Path folder,
      Watch watch,
      LongSupplier nanoTime) {
    return new RawSplitEnumerator(
        context,
        files,
        folder,
        watch,
        nanoTime,
        false,
        RawFilesState.empty(watch != null, folder.toString()));
  }

  /** Goes on from a checkpoint. */
  static RawSplitEnumerator ofRestored(
      SplitEnumeratorContext<FileSourceSplit> context,
      RawFolder files,
      Path folder,
      Watch watch,
      LongSupplier nanoTime,
      RawFilesState state) {
    return new RawSplitEnumerator(context, files, folder, watch, nanoTime, true, state);
  }

  @Override
  public void start() {
    requireSameInput();
    if (watch != null) {
      context.callAsync(this::look, this::discovered, 0, watch.interval().toMillis());
    } else if (restored) {
      reportLeft();
    } else {
      try {
        list().values().forEach(splits -> take(splits, null));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot list the files of " + folder, e);
      }
    }
  }

  private void reportLeft() {
    try {
      list().forEach(this::leave);
    } catch (IOException e) {
      // What is still to be read is in the state.
      LOG.warn("Cannot list {} to see what has come since the run was begun", folder, e);
    }
  }

  /**
   * A run that goes on ends as the one before it, and reads the same folder: by another path every
   * file would be another, and be read again. Looked at here and not where this is made: what fails
   * there keeps a job from being ended (Flink 2.3).
   */
  private void requireSameInput() {
    boolean watches = watch != null;
    if (beganWatching != watches) {
      throw refused(
          end(beganWatching), end(watches), "streaming.bounded=%b".formatted(!beganWatching));
    }
    if (!beganIn.equals(folder.toString())) {
      throw refused("reads " + beganIn, folder.toString(), "--input");
    }
  }

  private static SuppressRestartsException refused(String former, String now, String option) {
    return new SuppressRestartsException(
        new IllegalStateException(
            "The run that this one would go on from %s, and this one %s. Give %s as it was, or --fresh to begin anew."
                .formatted(former, now, option)));
  }

  private static String end(boolean watched) {
    return watched ? "watches its input" : "ends when it has read what was there";
  }

  /**
   * Says of a file that it came too late. Readers that had nothing more to do have ended, and that
   * is in the checkpoint: who took what is new now would have none to give it to.
   */
  private void leave(Path path, List<FileSourceSplit> splits) {
    FileSourceSplit first = splits.get(0);
    long size = first.fileSize();
    long changed = first.fileModificationTime();
    if (seen.compare(path, size, changed) != SeenFiles.Known.SEEN) {
      filesLeft.inc();
      seen.add(path, size, changed);
      LOG.warn(
          "{} has come, or was changed, since the run was begun, which reads what was there then. What is new is not read: give --fresh when the run has ended.",
          path);
    }
  }

  /**
   * Looks at the folder, unless the last look took so long that it is too early for another.
   *
   * @return null if it is too early
   */
  private Map<Path, List<FileSourceSplit>> look() throws IOException {
    long start = nanoTime.getAsLong();
    if (lookDue != null && start - lookDue < 0) {
      return null;
    }
    try {
      return list();
    } finally {
      long took = nanoTime.getAsLong() - start;
      lookDue = start + took + PAUSE * took;
      lookMillis = TimeUnit.NANOSECONDS.toMillis(took);
      looks.inc();
    }
  }

  /**
   * The files that are not seen yet, or were changed, each with its splits, in the order of their
   * last change.
   */
  private Map<Path, List<FileSourceSplit>> list() throws IOException {
    List<FileSourceSplit> splits = new ArrayList<>(files.look(seen));
    splits.sort(
        Comparator.comparingLong(FileSourceSplit::fileModificationTime)
            .thenComparing(split -> split.path().toString())
            .thenComparingLong(FileSourceSplit::offset));
    Map<Path, List<FileSourceSplit>> found = new LinkedHashMap<>();
    splits.forEach(split -> found.computeIfAbsent(split.path(), p -> new ArrayList<>()).add(split));
    return found;
  }

  private void discovered(Map<Path, List<FileSourceSplit>> found, Throwable failure) {
    long now = nanoTime.getAsLong();
    if (failure != null) {
      notListed(failure, now);
      return;
    }
    if (found == null) {
      return;
    }
    if (unlistedSince != null) {
      LOG.info("{} can be listed again", folder);
      unlistedSince = null;
    }
    unsettled.keySet().retainAll(found.keySet());
    found.forEach((path, splits) -> consider(path, splits, now));
    listedBefore = now;
    assign();
    LongStream changed =
        LongStream.concat(
            unsettled.values().stream().mapToLong(Unsettled::changed),
            pending.stream().limit(1).mapToLong(FileSourceSplit::fileModificationTime));
    oldestUnread = changed.min().orElse(0);
  }

  private void notListed(Throwable failure, long now) {
    listingFailures.inc();
    if (unlistedSince == null) {
      unlistedSince = now;
    }
    Duration since = Duration.ofNanos(now - unlistedSince);
    if (since.compareTo(watch.patience()) >= 0) {
      throw new UncheckedIOException(
          new IOException(
              "The folder %s could not be listed for %d s. Make it readable again; nothing is lost, the run goes on where it was."
                  .formatted(folder, since.toSeconds()),
              failure));
    }
    LOG.warn("Cannot list {}, trying again", folder, failure);
  }

  private void consider(Path path, List<FileSourceSplit> splits, long now) {
    long size = splits.get(0).fileSize();
    long changed = splits.get(0).fileModificationTime();
    switch (seen.compare(path, size, changed)) {
      case NEW -> {
        if (size == 0) {
          // There is nothing to read, and whoever made it may yet fill it.
          unsettled.remove(path);
          return;
        }
        Unsettled file = seenAs(path, size, changed, now);
        if (isWhole(path) || now - file.since() >= watch.settleTime().toNanos()) {
          unsettled.remove(path);
          take(splits, file.absent());
        }
      }
      case CHANGED -> {
        filesChanged.inc();
        seen.add(path, size, changed);
        LOG.error(
            "{} was changed after it was read (now {} bytes). What is new in it is not read: give it under a new name.",
            path,
            size);
      }
      case SEEN -> {}
    }
  }

  private static boolean isWhole(Path path) {
    String scheme = path.toUri().getScheme();
    return scheme != null && OBJECT_STORES.contains(scheme);
  }

  /** How a file was seen first as it is now. */
  private Unsettled seenAs(Path path, long size, long changed, long now) {
    Unsettled before = unsettled.get(path);
    if (before == null || before.size() != size || before.changed() != changed) {
      before = new Unsettled(size, changed, now, listedBefore);
      unsettled.put(path, before);
    }
    return before;
  }

  /**
   * @param absent when the file was not there, in nanoseconds; null if that is not known
   */
  private void take(List<FileSourceSplit> splits, Long absent) {
    FileSourceSplit first = splits.get(0);
    seen.add(first.path(), first.fileSize(), first.fileModificationTime());
    if (absent != null) {
      freshness.taken(first.path(), splits.size(), absent);
    }
    pending.addAll(splits);
    filesTaken.inc();
  }

  @Override
  public void handleSplitRequest(int subtask, String host) {
    waiting.add(subtask);
    FileSourceSplit done = reading.remove(subtask);
    if (done != null) {
      freshness.read(done.path());
    }
    assign();
  }

  /** For how long the file is unread that was changed first, in milliseconds; 0 if all are read. */
  private long oldestUnread() {
    long changed = oldestUnread;
    return changed == 0 ? 0 : Math.max(0, System.currentTimeMillis() - changed);
  }

  private void assign() {
    assignPending();
    splitsPending = pending.size();
  }

  private void assignPending() {
    Iterator<Integer> readers = waiting.iterator();
    while (readers.hasNext()) {
      int reader = readers.next();
      if (!context.registeredReaders().containsKey(reader)) {
        // It failed; started again, it asks again.
        readers.remove();
      } else if (!pending.isEmpty()) {
        readers.remove();
        FileSourceSplit split = pending.poll();
        reading.put(reader, split);
        context.assignSplit(split, reader);
      } else if (watch == null) {
        readers.remove();
        context.signalNoMoreSplits(reader);
      } else {
        return;
      }
    }
  }

  @Override
  public void addSplitsBack(List<FileSourceSplit> splits, int subtask) {
    for (int i = splits.size() - 1; i >= 0; i--) {
      pending.addFirst(splits.get(i));
      freshness.again(splits.get(i).path());
    }
    reading.remove(subtask);
    assign();
  }

  /** A reader asks for splits by itself. */
  @Override
  public void addReader(int subtask) {}

  @Override
  public RawFilesState snapshotState(long checkpoint) {
    freshness.checkpointBegins(checkpoint);
    return new RawFilesState(watch != null, folder.toString(), new ArrayList<>(pending), seen);
  }

  @Override
  public void notifyCheckpointComplete(long checkpoint) {
    freshness.checkpointCompleted(checkpoint);
  }

  /** Listing is done in threads of the context, which ends them. */
  @Override
  public void close() {}
}
