package io.stedi.lakehouse.lake;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.BaseDeleteLoader;
import org.apache.iceberg.data.IdentityPartitionConverters;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.expressions.Evaluator;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.formats.FormatModelRegistry;
import org.apache.iceberg.formats.ReadBuilder;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.DeleteFileSet;
import org.apache.iceberg.util.PartitionUtil;
import org.apache.iceberg.util.StructLikeMap;
import org.apache.iceberg.util.StructProjection;

/**
 * Reads the rows of data files to which equality deletes apply. Iceberg's own reader builds a set
 * of all deleted keys for every data file. Here each delete file is read once, and of a key only
 * the newest delete is kept: a row is gone if that is newer than the row's file. A key takes some
 * 100 to 200 bytes of the heap.
 */
public final class LiveRows {

  private final Table table;
  private final Schema schema;
  private final Map<Scope, Deleted> deleted = new HashMap<>();

  /** Where a delete file applies, and the fields by which it deletes. */
  private record Scope(String partition, Set<Integer> fields) {}

  /** The keys that delete files name, each with the sequence number of its newest delete. */
  private record Deleted(Schema key, StructLikeMap<Long> newest) {}

  /**
   * Reads the delete files that apply to data files.
   *
   * @param wanted the columns to read
   * @param files of one snapshot of the table
   * @throws IOException if a delete file cannot be read
   */
  public LiveRows(Table table, Schema wanted, Iterable<FileScanTask> files) throws IOException {
    this.table = requireNonNull(table, "table");
    DeleteFileSet deletes = equalityDeletes(files);
    Set<Integer> ids = new HashSet<>(TypeUtil.getProjectedIds(wanted));
    for (DeleteFile delete : deletes) {
      Deleted into =
          deleted.computeIfAbsent(
              scope(delete),
              scope -> {
                Schema key = TypeUtil.select(table.schema(), scope.fields());
                return new Deleted(key, StructLikeMap.create(key.asStruct()));
              });
      ids.addAll(delete.equalityFieldIds());
      read(delete, into);
    }
    this.schema = TypeUtil.select(table.schema(), ids);
  }

  /** All rows of a table, with the wanted columns. */
  public static CloseableIterable<Record> of(Table table, Schema wanted) throws IOException {
    return of(
        table,
        Expressions.alwaysTrue(),
        wanted.columns().stream().map(Types.NestedField::name).toArray(String[]::new));
  }

  /**
   * The rows of a table for which a condition holds.
   *
   * @param columns what is read, beside the columns of the condition and of deletes
   */
  static CloseableIterable<Record> of(Table table, Expression condition, String... columns)
      throws IOException {
    TableScan scan = table.newScan().filter(condition).select(List.of(columns));
    List<FileScanTask> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned = scan.planFiles()) {
      planned.forEach(files::add);
    }
    LiveRows rows = new LiveRows(table, scan.schema(), files);
    return CloseableIterable.concat(
        CloseableIterable.transform(
            CloseableIterable.withNoopClose(files),
            file -> {
              Evaluator holds = new Evaluator(rows.schema.asStruct(), file.residual());
              InternalRecordWrapper values = new InternalRecordWrapper(rows.schema.asStruct());
              return CloseableIterable.filter(
                  rows.in(file), record -> holds.eval(values.wrap(record)));
            }));
  }

  /**
   * The rows of one of the files that are not deleted, in their order. The records hold the wanted
   * columns and those of the deletes, and are made anew for each row.
   */
  public CloseableIterable<Record> in(FileScanTask file) {
    ReadBuilder<Record, ?> reader =
        FormatModelRegistry.readBuilder(
            file.file().format(), Record.class, table.io().newInputFile(file.file()));
    CloseableIterable<Record> records =
        reader
            .project(schema)
            .idToConstant(
                PartitionUtil.constantsMap(file, IdentityPartitionConverters::convertConstant))
            .build();
    return CloseableIterable.filter(records, new Live(file));
  }

  /** Asked for each row of a file, in their order. */
  private final class Live implements Predicate<Record> {

    private final long sequence;
    private final PositionDeleteIndex positions;
    private final InternalRecordWrapper values = new InternalRecordWrapper(schema.asStruct());
    private final Map<StructProjection, StructLikeMap<Long>> keys = new HashMap<>();
    private long position = -1;

    Live(FileScanTask file) {
      this.sequence = file.file().dataSequenceNumber();
      List<DeleteFile> byPosition =
          file.deletes().stream()
              .filter(delete -> delete.content() == FileContent.POSITION_DELETES)
              .toList();
      this.positions =
          byPosition.isEmpty()
              ? null
              : new BaseDeleteLoader(delete -> table.io().newInputFile(delete))
                  .loadPositionDeletes(byPosition, file.file().location());
      Set<Scope> scopes = new HashSet<>();
      equalityDeletes(file).forEach(delete -> scopes.add(scope(delete)));
      for (Scope scope : scopes) {
        Deleted applies = deleted.get(scope);
        keys.put(StructProjection.create(schema, applies.key()), applies.newest());
      }
    }

    @Override
    public boolean test(Record record) {
      position++;
      if (positions != null && positions.isDeleted(position)) {
        return false;
      }
      values.wrap(record);
      for (Map.Entry<StructProjection, StructLikeMap<Long>> key : keys.entrySet()) {
        Long newest = key.getValue().get(key.getKey().wrap(values));
        // A delete does not reach the rows of its own commit.
        if (newest != null && newest > sequence) {
          return false;
        }
      }
      return true;
    }
  }

  private void read(DeleteFile delete, Deleted into) throws IOException {
    ReadBuilder<Record, ?> reader =
        FormatModelRegistry.readBuilder(
            delete.format(), Record.class, table.io().newInputFile(delete));
    InternalRecordWrapper key = new InternalRecordWrapper(into.key().asStruct());
    try (CloseableIterable<Record> keys = reader.project(into.key()).build()) {
      for (Record record : keys) {
        into.newest().merge(key.copyFor(record), delete.dataSequenceNumber(), Math::max);
      }
    }
  }

  private Scope scope(DeleteFile delete) {
    return new Scope(
        delete.specId()
            + "/"
            + table.specs().get(delete.specId()).partitionToPath(delete.partition()),
        Set.copyOf(delete.equalityFieldIds()));
  }

  /** The equality delete files that apply to data files; all their keys are held in memory. */
  public static DeleteFileSet equalityDeletes(Iterable<FileScanTask> files) {
    DeleteFileSet deletes = DeleteFileSet.create();
    files.forEach(file -> deletes.addAll(equalityDeletes(file)));
    return deletes;
  }

  private static List<DeleteFile> equalityDeletes(FileScanTask file) {
    return file.deletes().stream()
        .filter(delete -> delete.content() == FileContent.EQUALITY_DELETES)
        .toList();
  }
}
