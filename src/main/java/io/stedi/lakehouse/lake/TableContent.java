package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.DeleteFileSet;

/**
 * What a table holds now.
 *
 * @param table the table's name
 * @param rows the rows that a reader gets
 * @param dataFiles the number of data files
 * @param deleteFiles the number of delete files that readers have to apply
 * @param bytes the size of all these files
 */
public record TableContent(String table, long rows, int dataFiles, int deleteFiles, long bytes) {

  /**
   * The column of a table which several commands fill that tells which of them a row is of. Each
   * command replaces, and reports, only its own rows.
   */
  private static final String COMMAND = "command";

  /** More keys than that do not fit beside a run into its memory. */
  private static final long MOST_DELETES_READ = 2_000_000;

  /** Looks at all rows of the current snapshot. Reads data only where deletes make it necessary. */
  public static TableContent of(Table table) {
    return of(table, Expressions.alwaysTrue());
  }

  /** Looks at the rows that a command fills. */
  public static TableContent of(Table table, String command) {
    return of(table, filledBy(table, command));
  }

  /** The rows that a command fills: all of them in a table that no other fills. */
  static Expression filledBy(Table table, String command) {
    return table.schema().findField(COMMAND) == null
        ? Expressions.alwaysTrue()
        : Expressions.equal(COMMAND, command);
  }

  private static TableContent of(Table table, Expression rows) {
    long count = 0;
    long bytes = 0;
    int dataFiles = 0;
    DeleteFileSet deletes = DeleteFileSet.create();
    List<FileScanTask> deleted = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().filter(rows).planFiles()) {
      for (FileScanTask task : tasks) {
        bytes += task.file().fileSizeInBytes();
        dataFiles++;
        if (task.deletes().isEmpty()) {
          count += task.file().recordCount();
        } else {
          deleted.add(task);
        }
        deletes.addAll(task.deletes());
      }
      count += countLive(table, deleted, deletes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long deleteBytes = deletes.stream().mapToLong(DeleteFile::fileSizeInBytes).sum();
    return new TableContent(
        Lake.nameOf(table), count, dataFiles, deletes.size(), bytes + deleteBytes);
  }

  private static long countLive(Table table, List<FileScanTask> files, DeleteFileSet deletes)
      throws IOException {
    long deleted = deletes.stream().mapToLong(DeleteFile::recordCount).sum();
    if (deleted > MOST_DELETES_READ) {
      // Each of a stream's deletes takes back one row.
      return files.stream().mapToLong(file -> file.file().recordCount()).sum() - deleted;
    }
    LiveRows live =
        new LiveRows(table, table.schema().select(table.schema().columns().get(0).name()), files);
    long count = 0;
    for (FileScanTask file : files) {
      try (CloseableIterable<Record> records = live.in(file)) {
        for (Record ignored : records) {
          count++;
        }
      }
    }
    return count;
  }

  /** How many rows hold each value of a text or boolean column; nulls are not counted. */
  public static Map<String, Long> countBy(Table table, String column) {
    return countBy(table, column, Expressions.alwaysTrue());
  }

  /** How many of the rows that a command fills hold each value, as in {@link #countBy}. */
  static Map<String, Long> countBy(Table table, String column, String command) {
    return countBy(table, column, filledBy(table, command));
  }

  private static Map<String, Long> countBy(Table table, String column, Expression rows) {
    Map<String, Long> counts = new TreeMap<>();
    try (CloseableIterable<Record> records =
        LiveRows.of(table, Expressions.and(rows, Expressions.notNull(column)), column)) {
      for (Record record : records) {
        counts.merge(String.valueOf(record.getField(column)), 1L, Long::sum);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  /** The sum of a column of whole numbers. */
  public static long sum(Table table, String column) {
    long sum = 0;
    try (CloseableIterable<Record> records = LiveRows.of(table, Expressions.alwaysTrue(), column)) {
      for (Record record : records) {
        sum += ((Number) record.getField(column)).longValue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }
}
