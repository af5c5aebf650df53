package io.stedi.lakehouse.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.stedi.lakehouse.scan.Fragment;
import io.stedi.lakehouse.scan.RawScanner;
import io.stedi.lakehouse.scan.Scans;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How fast one core reads accelerometer records, in millions a second, beside a bare pass of
 * Jackson over the same bytes. Run by {@code bench/reader}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@OperationsPerInvocation(ReaderBenchmark.RECORDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class ReaderBenchmark {

  static final int RECORDS = 200_000;

  private final JsonFactory factory = new JsonFactory();
  private byte[] bytes;

  @Setup
  public void records() {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      text.append(
          String.format(
              Locale.ROOT,
              "{\"user\":\"person.%d@example.com\",\"timestamp\":%d,\"x\":%.1f,\"y\":%.1f,\"z\":%.1f}%n",
              random.nextInt(1000),
              1_655_561_935_465L + 30 * i,
              random.nextInt(40) / 10.0 - 2,
              random.nextInt(40) / 10.0 - 2,
              random.nextInt(40) / 10.0 - 2));
    }
    bytes = text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Records, typed, without making rows of them. */
  @Benchmark
  public long reader() throws IOException {
    RawScanner scanner =
        new RawScanner(new ByteArrayInputStream(bytes), 0, Scans.ACCELEROMETER, Scans.LIMITS);
    long length = 0;
    for (Fragment next = scanner.next(); next != null; next = scanner.next()) {
      length += next.length();
    }
    return length;
  }

  /** Every token and no value but that of numbers. */
  @Benchmark
  public double jackson() throws IOException {
    double sum = 0;
    try (JsonParser parser = factory.createParser(bytes)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isNumeric()) {
          sum += parser.getDoubleValue();
        }
      }
    }
    return sum;
  }
}
