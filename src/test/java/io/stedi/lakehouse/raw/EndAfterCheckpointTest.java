package io.stedi.lakehouse.raw;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.junit.jupiter.api.Test;

class EndAfterCheckpointTest {

  private final Map<Integer, ReaderInfo> readers = new HashMap<>();
  private final List<Integer> ended = new ArrayList<>();
  private final SplitEnumeratorContext<NumberSequenceSplit> context = context();

  @Test
  void aNewSourceEndsAtOnce() throws Exception {
    try (var source = EndAfterCheckpoint.ofNew(context, Nothing::new)) {
      ask(source, 0);
      assertThat(ended).containsExactly(0);
    }
  }

  @Test
  void aRestoredSourceEndsWithTheFirstCheckpointThatItHasSeen() throws Exception {
    try (var source = EndAfterCheckpoint.ofRestored(context, Nothing::new)) {
      ask(source, 0);
      ask(source, 1);
      // Of one that was on its way when the source was restored.
      source.notifyCheckpointComplete(4);
      source.snapshotState(5);
      source.snapshotState(6);
      assertThat(ended).isEmpty();
      source.notifyCheckpointComplete(6);
      assertThat(ended).containsExactly(0, 1);
      ask(source, 2);
      assertThat(ended).containsExactly(0, 1, 2);
      source.snapshotState(7);
      source.notifyCheckpointComplete(7);
      assertThat(ended).containsExactly(0, 1, 2);
    }
  }

  @Test
  void aReaderThatStartsAgainWaitsForTheNextCheckpoint() throws Exception {
    try (var source = EndAfterCheckpoint.ofNew(context, Nothing::new)) {
      source.snapshotState(1);
      source.notifyCheckpointComplete(1);
      ask(source, 0);
      readers.remove(0);
      source.addSplitsBack(List.of(), 0);
      readers.remove(1);
      source.addSplitsBack(List.of(), 1);
      ask(source, 0);
      ask(source, 1);
      // It is gone again.
      readers.remove(1);
      assertThat(ended).containsExactly(0);
      source.snapshotState(2);
      source.notifyCheckpointComplete(2);
      assertThat(ended).containsExactly(0, 0);
    }
  }

  private void ask(SplitEnumerator<NumberSequenceSplit, String> source, int reader) {
    readers.put(reader, new ReaderInfo(reader, "host"));
    source.handleSplitRequest(reader, "host");
  }

  /** Answers what {@link EndAfterCheckpoint} asks of it, and fails at anything else. */
  @SuppressWarnings("unchecked")
  private SplitEnumeratorContext<NumberSequenceSplit> context() {
    return (SplitEnumeratorContext<NumberSequenceSplit>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SplitEnumeratorContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "registeredReaders" -> readers;
                  case "signalNoMoreSplits" -> {
                    ended.add((Integer) arguments[0]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  /** Has no splits. */
  private record Nothing(SplitEnumeratorContext<NumberSequenceSplit> context)
      implements SplitEnumerator<NumberSequenceSplit, String> {

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, String host) {
      context.signalNoMoreSplits(subtask);
    }

    @Override
    public void addSplitsBack(List<NumberSequenceSplit> splits, int subtask) {}

    @Override
    public void addReader(int subtask) {}

    @Override
    public String snapshotState(long checkpoint) {
      return "";
    }

    @Override
    public void close() throws IOException {}
  }
}
