package io.stedi.lakehouse.maintain;

import static java.util.Objects.requireNonNull;

import org.apache.iceberg.BaseTable;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/**
 * A table as it is now, to which a commit fails if another came in between. Iceberg's own
 * operations begin again from what is there by then, with a summary that was made for what was
 * there before.
 */
final class PinnedTable {

  private PinnedTable() {}

  static Table of(Table table) {
    TableOperations operations = ((HasTableOperations) table).operations();
    return new BaseTable(new Pinned(operations, operations.refresh()), table.name());
  }

  private static final class Pinned implements TableOperations {

    private final TableOperations operations;
    private TableMetadata base;

    Pinned(TableOperations operations, TableMetadata base) {
      this.operations = requireNonNull(operations, "operations");
      this.base = requireNonNull(base, "base");
    }

    @Override
    public TableMetadata current() {
      return base;
    }

    @Override
    public TableMetadata refresh() {
      return base;
    }

    @Override
    public void commit(TableMetadata from, TableMetadata to) {
      operations.commit(from, to);
      // The operation looks for what it has committed.
      base = operations.refresh();
    }

    @Override
    public FileIO io() {
      return operations.io();
    }

    @Override
    public String metadataFileLocation(String fileName) {
      return operations.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
      return LocationProviders.locationsFor(base.location(), base.properties());
    }

    @Override
    public long newSnapshotId() {
      return operations.newSnapshotId();
    }
  }
}
