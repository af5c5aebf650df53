package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptsTest {

  @ParameterizedTest
  @ValueSource(classes = {NotFoundException.class, CommitFailedException.class})
  void whatAnotherCameInBetweenOfIsDoneAgain(Class<? extends RuntimeException> sign) {
    AtomicInteger attempts = new AtomicInteger();
    assertThat(
            Attempts.of(
                () -> {
                  if (attempts.incrementAndGet() < 3) {
                    throw failure(sign);
                  }
                  return "done";
                }))
        .isEqualTo("done");
    assertThat(attempts).hasValue(3);
  }

  @ParameterizedTest
  @ValueSource(classes = {NotFoundException.class, CommitFailedException.class})
  void whatNeverGetsBetterIsTold(Class<? extends RuntimeException> sign) {
    assertThat(attemptsAt(failure(sign))).isBetween(2, 20);
  }

  @Test
  void whatHasNothingToDoWithOthersIsNotTriedAgain() {
    assertThat(attemptsAt(new IllegalStateException("broken"))).isEqualTo(1);
  }

  /** How often is tried what always fails, until the failure is told. */
  private static int attemptsAt(RuntimeException failure) {
    AtomicInteger attempts = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Attempts.of(
                    () -> {
                      attempts.incrementAndGet();
                      throw failure;
                    }))
        .isSameAs(failure);
    return attempts.get();
  }

  private static RuntimeException failure(Class<? extends RuntimeException> sign) {
    return sign == NotFoundException.class
        ? new NotFoundException("00000.metadata.json")
        : new CommitFailedException("another was faster");
  }
}
