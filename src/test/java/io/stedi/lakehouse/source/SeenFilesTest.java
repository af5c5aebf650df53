package io.stedi.lakehouse.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.source.SeenFiles.Known;
import java.io.IOException;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class SeenFilesTest {

  private static final int FILES = 100_000;

  @Test
  void eachFileIsKnownByItsLastVersionAlsoWhenItWasWrittenAndRead() throws IOException {
    SeenFiles files = new SeenFiles();
    for (int i = 0; i < FILES; i++) {
      files.add(path(i), i, 1);
    }
    files.add(path(7), 8, 2);
    DataOutputSerializer out = new DataOutputSerializer(64);
    files.write(out);
    assertThat(out.length()).isEqualTo(Integer.BYTES + FILES * SeenFiles.BYTES);
    SeenFiles read = SeenFiles.read(new DataInputDeserializer(out.getCopyOfBuffer()));
    for (SeenFiles seen : new SeenFiles[] {files, read}) {
      assertThat(seen.size()).isEqualTo(FILES);
      for (int i = 0; i < FILES; i++) {
        assertThat(seen.compare(path(i), i, 1)).isEqualTo(i == 7 ? Known.CHANGED : Known.SEEN);
        assertThat(seen.compare(path(FILES + i), i, 1)).isEqualTo(Known.NEW);
      }
      assertThat(seen.compare(path(7), 8, 2)).isEqualTo(Known.SEEN);
      assertThat(seen.compare(path(3), 4, 1)).isEqualTo(Known.CHANGED);
      assertThat(seen.compare(path(3), 3, 2)).isEqualTo(Known.CHANGED);
    }
  }

  private static Path path(int number) {
    return new Path("file:/raw/customer-" + number + ".json");
  }
}
