package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.testing.SharedLake;
import io.stedi.lakehouse.testing.TestLake;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Manifests hold the least and the greatest value of a column: of these columns they must not. */
class ColumnBoundsTest {

  private static final Set<String> PERSONAL =
      Set.of(
          "customername",
          "email",
          "user",
          "phone",
          "birthday",
          "serialnumber",
          "account",
          "device");

  @Test
  void noManifestHoldsAPersonsName() throws Exception {
    TestLake lake = SharedLake.sample().lake();
    int looked = 0;
    for (Map.Entry<String, Long> rows : lake.counts().entrySet()) {
      Table table = lake.table(rows.getKey());
      if (rows.getValue() == 0) {
        continue;
      }
      try (CloseableIterable<FileScanTask> files =
          table.newScan().includeColumnStats().planFiles()) {
        for (FileScanTask task : files) {
          for (Types.NestedField column : table.schema().columns()) {
            if (PERSONAL.contains(column.name())) {
              assertThat(task.file().lowerBounds())
                  .as("%s.%s", rows.getKey(), column.name())
                  .doesNotContainKey(column.fieldId());
              looked++;
            }
          }
        }
      }
    }
    assertThat(looked).isGreaterThan(10);
  }
}
