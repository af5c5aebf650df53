package io.stedi.lakehouse.lake;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

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

  /** Looks at the table's current snapshot. Reads data only where deletes make that necessary. */
  public static TableContent of(String name, Table table) {
    long recorded = 0;
    long bytes = 0;
    int dataFiles = 0;
    Map<String, Long> deleteFiles = new TreeMap<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        recorded += task.file().recordCount();
        bytes += task.file().fileSizeInBytes();
        dataFiles++;
        for (DeleteFile delete : task.deletes()) {
          deleteFiles.put(delete.location(), delete.fileSizeInBytes());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    long rows = deleteFiles.isEmpty() ? recorded : countRows(table);
    long deleteBytes = deleteFiles.values().stream().mapToLong(Long::longValue).sum();
    return new TableContent(name, rows, dataFiles, deleteFiles.size(), bytes + deleteBytes);
  }

  /** How many rows hold each value of a text or boolean column; nulls are not counted. */
  public static Map<String, Long> countBy(Table table, String column) {
    Map<String, Long> counts = new TreeMap<>();
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).where(Expressions.notNull(column)).select(column).build()) {
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
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).select(column).build()) {
      for (Record record : records) {
        sum += ((Number) record.getField(column)).longValue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sum;
  }

  private static long countRows(Table table) {
    String column = table.schema().columns().get(0).name();
    long rows = 0;
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).select(column).build()) {
      for (Record ignored : records) {
        rows++;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}
