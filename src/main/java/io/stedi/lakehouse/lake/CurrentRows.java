package io.stedi.lakehouse.lake;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.DeleteLoader;
import org.apache.iceberg.data.GenericDeleteFilter;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.util.PartitionUtil;

/**
 * Reads rows of a table as it is now. Iceberg's own reader opens every delete file anew for every
 * data file that it applies to, which for forty commits of a stream are eight hundred times; here
 * each is opened once, as far as there is room for what it holds.
 */
final class CurrentRows {

  /** Room for what delete files hold, in bytes by Iceberg's estimate. */
  private static final long ROOM = 64L << 20;

  private final FileIO io;
  private final Schema all;
  private final Schema selected;
  private final Map<String, Object> deletes = new ConcurrentHashMap<>();
  private final AtomicLong room = new AtomicLong(ROOM);

  private CurrentRows(TableScan scan) {
    this.io = scan.table().io();
    this.all = scan.table().schema();
    this.selected = scan.schema();
  }

  /**
   * The rows for which a condition holds.
   *
   * @param column the only column that is read, beside those of the condition and of deletes
   */
  static CloseableIterable<Record> of(Table table, Expression condition, String column) {
    TableScan scan = table.newScan().filter(condition).select(List.of(column));
    CurrentRows reader = new CurrentRows(scan);
    CloseableIterable<FileScanTask> files = scan.planFiles();
    CloseableIterable<Record> rows =
        CloseableIterable.concat(CloseableIterable.transform(files, reader::in));
    return CloseableIterable.combine(
        rows,
        () -> {
          try (files) {
            rows.close();
          }
        });
  }

  private CloseableIterable<Record> in(FileScanTask task) {
    GenericDeleteFilter filter =
        new GenericDeleteFilter(io, task, all, selected) {
          @Override
          protected DeleteLoader newDeleteLoader() {
            return new OnceOpened(this::loadInputFile);
          }
        };
    Schema read = filter.requiredSchema();
    ReadBuilder<Record, ?> file =
        FormatModelRegistry.readBuilder(
            task.file().format(), Record.class, io.newInputFile(task.file()));
    CloseableIterable<Record> records =
        file.project(read)
            .idToConstant(
                PartitionUtil.constantsMap(task, IdentityPartitionConverters::convertConstant))
            .split(task.start(), task.length())
            .filter(task.residual())
            .build();
    // What the file's statistics cannot rule out is still to be looked at row by row.
    Evaluator condition = new Evaluator(read.asStruct(), task.residual());
    InternalRecordWrapper values = new InternalRecordWrapper(read.asStruct());
    return CloseableIterable.filter(
        filter.filter(records), record -> condition.eval(values.wrap(record)));
  }

  /** Keeps what it has read of a delete file for the data files to come. */
  private final class OnceOpened extends BaseDeleteLoader {

    OnceOpened(Function<DeleteFile, InputFile> open) {
      super(open);
    }

    @Override
    protected boolean canCache(long size) {
      return true;
    }

    @Override
    @SuppressWarnings("unchecked")
    protected <V> V getOrLoad(String file, Supplier<V> read, long size) {
      V content = (V) deletes.get(file);
      if (content == null) {
        content = read.get();
        if (room.addAndGet(-size) >= 0) {
          deletes.put(file, content);
        } else {
          room.addAndGet(size);
        }
      }
      return content;
    }
  }
}
