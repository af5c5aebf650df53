package io.stedi.lakehouse.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class FailuresTest {

  static Stream<Arguments> failures() {
    SQLiteException busy =
        new SQLiteException("[SQLITE_BUSY] The database is locked", SQLiteErrorCode.SQLITE_BUSY);
    return Stream.of(
        Arguments.of(new IOException("No space left on device"), "The disk is full"),
        Arguments.of(
            new CommitStateUnknownException(new IOException("reset")), "it may have happened"),
        Arguments.of(new CommitFailedException("stale"), "Another writer changed a table"),
        Arguments.of(new CommitFailedException(busy, "not written"), "The catalog is locked"),
        Arguments.of(busy, "The catalog is locked"),
        Arguments.of(new AccessDeniedException("/lake"), "There is no permission"),
        Arguments.of(new ForbiddenException("role"), "There is no permission"),
        Arguments.of(new FileNotFoundException("s3://b/x"), "does not exist"),
        Arguments.of(new NoSuchTableException("stedi.x"), "does not exist"),
        Arguments.of(new ConnectException("Connection refused"), "cannot be reached"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theTypeSaysWhatToDoWhereverItIsInTheChain(Exception failure, String advice) {
    for (Throwable wrapped :
        List.of(
            failure,
            new ExecutionException(failure),
            new RuntimeException("job", new IllegalStateException(failure)))) {
      LakehouseException explained = Failures.known(wrapped).orElseThrow();
      assertThat(explained).hasMessageContaining(advice).hasCause(wrapped);
      assertThat(explained.kind()).isEqualTo(LakehouseException.Kind.SYSTEM);
    }
  }

  @Test
  void whatIsMeantForTheReaderIsLeftAsItIs() {
    LakehouseException meant = LakehouseException.data("The file x is no record.");
    assertThat(Failures.known(new ExecutionException(meant))).containsSame(meant);
    assertThat(Failures.explain("The job failed", new ExecutionException(meant))).isSameAs(meant);
  }

  @Test
  void whatIsNotKnownIsSummed() {
    Exception unknown =
        new UncheckedIOException(new IOException("something that nobody has seen yet"));
    assertThat(Failures.known(unknown)).isEmpty();
    assertThat(Failures.explain("The job failed", unknown))
        .hasMessage("The job failed: something that nobody has seen yet");
  }
}
