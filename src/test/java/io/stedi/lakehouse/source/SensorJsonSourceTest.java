package io.stedi.lakehouse.source;

import static org.apache.flink.connector.base.source.reader.SourceReaderOptions.ELEMENT_QUEUE_CAPACITY;
import static org.apache.flink.connector.base.source.reader.SourceReaderOptions.SOURCE_READER_CLOSE_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class SensorJsonSourceTest {

  @Test
  void readersHaveRoomForWhatThreadsThatEndHaveToSay() {
    Configuration reader = SensorJsonSource.withDefaults(new Configuration());

    assertThat(reader.get(ELEMENT_QUEUE_CAPACITY))
        .isGreaterThan(ELEMENT_QUEUE_CAPACITY.defaultValue());
    assertThat(reader.get(SOURCE_READER_CLOSE_TIMEOUT))
        .isLessThan(SOURCE_READER_CLOSE_TIMEOUT.defaultValue());
  }

  @Test
  void whatTheClusterSaysOfReadersStands() {
    Configuration given = new Configuration();
    given.set(ELEMENT_QUEUE_CAPACITY, 3);
    given.set(SOURCE_READER_CLOSE_TIMEOUT, 60_000L);

    Configuration reader = SensorJsonSource.withDefaults(given);

    assertThat(reader).isEqualTo(given);
  }
}
