package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.SortOrderComparators;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.actions.RewriteFileGroup;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.encryption.EncryptedFiles;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.io.DataWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files into which a group of files is merged, of about the target's size. Rows keep the order
 * of the files, or, where the table names a column in the property {@value #SORTED_BY}, are sorted
 * by it as far as there is memory for them.
 */
final class RewrittenFiles {

  private static final Logger LOG = LoggerFactory.getLogger(RewrittenFiles.class);

  /** The property of a table that names the column by which its rows are sorted when merged. */
  static final String SORTED_BY = "stedi.sorted-by";

  /** How many rows are sorted in memory, of some hundred bytes each. */
  private static final int MAX_SORTED = 500_000;

  /** A writer's length is asked for once in so many rows. */
  private static final int ROWS_BETWEEN_LENGTHS = 1_000;

  private final Table table;
  private final StructLike partition;
  private final PartitionSpec spec;
  private final long targetBytes;
  private final List<Record> sorted;
  private final Comparator<Record> order;
  private final List<DataFile> made = new ArrayList<>();
  private final List<String> begun = new ArrayList<>();
  private DataWriter<Record> writer;
  private long rows;

  RewrittenFiles(Table table, RewriteFileGroup group, long targetBytes) {
    this(
        table,
        table.specs().get(group.outputSpecId()),
        group.info().partition(),
        group.fileScanTasks().stream().mapToLong(file -> file.file().recordCount()).sum(),
        targetBytes);
  }

  /** What one file becomes, in its own partition. */
  RewrittenFiles(Table table, FileScanTask file, long targetBytes) {
    this(table, file.spec(), file.file().partition(), file.file().recordCount(), targetBytes);
  }

  private RewrittenFiles(
      Table table, PartitionSpec spec, StructLike partition, long inRows, long targetBytes) {
    this.table = requireNonNull(table, "table");
    this.spec = spec;
    this.partition = spec.isUnpartitioned() ? null : partition;
    this.targetBytes = targetBytes;
    String column = table.properties().get(SORTED_BY);
    boolean sorts = column != null && inRows <= MAX_SORTED;
    this.sorted = sorts ? new ArrayList<>() : null;
    this.order = sorts ? order(table.schema(), column) : null;
  }

  private static Comparator<Record> order(Schema schema, String column) {
    Comparator<StructLike> values =
        SortOrderComparators.forSchema(schema, SortOrder.builderFor(schema).asc(column).build());
    InternalRecordWrapper left = new InternalRecordWrapper(schema.asStruct());
    InternalRecordWrapper right = new InternalRecordWrapper(schema.asStruct());
    return (a, b) -> values.compare(left.wrap(a), right.wrap(b));
  }

  /** Adds a row, whose record the caller may use again. */
  void add(Record row) throws IOException {
    if (sorted == null) {
      write(row);
    } else {
      sorted.add(row.copy());
    }
  }

  private void write(Record row) throws IOException {
    if (writer != null && rows % ROWS_BETWEEN_LENGTHS == 0 && writer.length() >= targetBytes) {
      finishFile();
    }
    if (writer == null) {
      String location =
          table
              .locationProvider()
              .newDataLocation(spec, partition, "merged-" + UUID.randomUUID() + ".parquet");
      begun.add(location);
      writer =
          FormatModelRegistry.<Record, Object>dataWriteBuilder(
                  FileFormat.PARQUET,
                  Record.class,
                  EncryptedFiles.plainAsEncryptedOutput(table.io().newOutputFile(location)))
              .setAll(table.properties())
              .metricsConfig(MetricsConfig.forTable(table))
              .schema(table.schema())
              .spec(spec)
              .partition(partition)
              .build();
    }
    writer.write(row);
    rows++;
  }

  private void finishFile() throws IOException {
    DataWriter<Record> finished = writer;
    writer = null;
    finished.close();
    made.add(finished.toDataFile());
  }

  /**
   * Writes what is left to write.
   *
   * @return all files
   */
  List<DataFile> finish() throws IOException {
    if (sorted != null) {
      sorted.sort(order);
      for (Record row : sorted) {
        write(row);
      }
    }
    if (writer != null) {
      finishFile();
    }
    return List.copyOf(made);
  }

  /** Deletes the files, finished or not. */
  void discard() {
    try (DataWriter<Record> open = writer) {
      LOG.debug("discarding {}", open);
    } catch (RuntimeException | IOException e) {
      LOG.debug("a file that is discarded cannot be closed", e);
    }
    CatalogUtil.deleteFiles(table.io(), begun, "rewritten file", true);
  }
}
