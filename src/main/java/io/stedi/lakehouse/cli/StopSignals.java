package io.stedi.lakehouse.cli;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a command end in its own time when it is asked to: by Ctrl-C, or by {@code SIGTERM} as
 * services and containers are stopped. Asked twice, the process ends at once.
 *
 * <p>No shutdown hook, since Flink's own hooks run at the same time and delete what a savepoint
 * reads. The class {@code sun.misc.Signal} of module {@code jdk.unsupported}, the only way to it
 * that Java has, is called by reflection because the compiler warns of it without exception.
 */
final class StopSignals implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

  /** What a shell takes for a process that was interrupted. */
  private static final int EXIT_INTERRUPTED = 130;

  private static final List<String> SIGNALS = List.of("INT", "TERM");

  private final Map<Object, Object> former = new HashMap<>();
  private final AtomicBoolean asked = new AtomicBoolean();
  private final Runnable stop;

  private StopSignals(Runnable stop) {
    this.stop = requireNonNull(stop, "stop");
  }

  /**
   * Begins to listen.
   *
   * @param stop called at most once, in a thread of its own
   */
  static StopSignals call(Runnable stop) {
    StopSignals signals = new StopSignals(stop);
    for (String name : SIGNALS) {
      try {
        signals.listen(name);
      } catch (ReflectiveOperationException e) {
        LOG.warn("SIG{} cannot be listened to: it ends the process at once", name, e);
      }
    }
    return signals;
  }

  private void listen(String name) throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = type.getConstructor(String.class).newInstance(name);
    Object handler =
        Proxy.newProxyInstance(
            handlerType.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    received(name);
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "stop at SIG" + name;
                });
    former.put(signal, handle(signal, handler));
  }

  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    try {
      return signal
          .getClass()
          .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
          .invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException) {
        // The Java machine keeps the signal for itself, or the system has none of the name.
        throw new ReflectiveOperationException(e.getCause());
      }
      throw e;
    }
  }

  private void received(String name) {
    LOG.info("received SIG{}", name);
    if (!asked.compareAndSet(false, true)) {
      Runtime.getRuntime().halt(EXIT_INTERRUPTED);
    }
    Thread thread = new Thread(stop, "stop");
    thread.setDaemon(true);
    thread.start();
  }

  /** Leaves the signals to what they did before. */
  @Override
  public void close() {
    former.forEach(
        (signal, handler) -> {
          try {
            handle(signal, handler);
          } catch (ReflectiveOperationException e) {
            LOG.warn("cannot restore {}", signal, e);
          }
        });
  }
}
