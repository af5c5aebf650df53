package io.stedi.lakehouse.source;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;

/** What an enumerator asks of Flink, answered in one thread; anything else it asks fails. */
final class EnumeratorContext {

  final Map<Integer, ReaderInfo> readers = new HashMap<>();
  final Map<String, Counter> counters = new HashMap<>();
  final Map<String, Gauge<?>> gauges = new HashMap<>();
  final List<FileSourceSplit> assigned = new ArrayList<>();
  final List<Integer> ended = new ArrayList<>();
  Histogram histogram;

  private Runnable periodic = () -> {};

  EnumeratorContext() {
    readers.put(0, new ReaderInfo(0, "host"));
  }

  /** Does what the enumerator wants done at each interval. */
  void tick() {
    periodic.run();
  }

  @SuppressWarnings("unchecked")
  SplitEnumeratorContext<FileSourceSplit> context() {
    return (SplitEnumeratorContext<FileSourceSplit>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SplitEnumeratorContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "registeredReaders" -> readers;
                  case "metricGroup" -> metrics();
                  case "assignSplit" -> {
                    assigned.add((FileSourceSplit) arguments[0]);
                    yield null;
                  }
                  case "signalNoMoreSplits" -> {
                    ended.add((Integer) arguments[0]);
                    yield null;
                  }
                  case "callAsync" -> {
                    periodic =
                        () ->
                            call(
                                (Callable<Object>) arguments[0],
                                (BiConsumer<Object, Throwable>) arguments[1]);
                    yield null;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private static void call(Callable<Object> work, BiConsumer<Object, Throwable> handler) {
    Object result = null;
    Throwable failure = null;
    try {
      result = work.call();
    } catch (Exception e) {
      failure = e;
    }
    handler.accept(result, failure);
  }

  private SplitEnumeratorMetricGroup metrics() {
    return (SplitEnumeratorMetricGroup)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {SplitEnumeratorMetricGroup.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "counter" ->
                      counters.computeIfAbsent((String) arguments[0], name -> new SimpleCounter());
                  case "gauge" -> {
                    gauges.put((String) arguments[0], (Gauge<?>) arguments[1]);
                    yield arguments[1];
                  }
                  case "histogram" -> {
                    histogram = (Histogram) arguments[1];
                    yield histogram;
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
