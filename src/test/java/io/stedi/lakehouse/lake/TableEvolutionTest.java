package io.stedi.lakehouse.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.program.RunMode;
import io.stedi.lakehouse.testing.RawFiles;
import io.stedi.lakehouse.testing.ReferenceTables.Motion;
import io.stedi.lakehouse.testing.ReferenceTables.Step;
import io.stedi.lakehouse.testing.TestLake;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A lake that a former version of the definitions has made, run again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TableEvolutionTest {

  private static final long TIME = 1_700_000_000_000L;

  private TestLake lake;
  private Path input;

  @BeforeAll
  void runOnce(@TempDir Path folder) throws Exception {
    input = folder.resolve("in");
    RawFiles.write(
        input,
        "customer",
        List.of(
            "{\"email\":\"kim@lake.example\",\"serialNumber\":\"dev\",\"registrationDate\":%d,\"lastUpdateDate\":%d,\"shareWithResearchAsOfDate\":%d}"
                .formatted(TIME, TIME, TIME)),
        1);
    RawFiles.write(
        input,
        "accelerometer",
        List.of(RawFiles.json(new Motion("kim@lake.example", TIME, 0.5, -1, 0.25))),
        1);
    RawFiles.write(input, "step_trainer", List.of(RawFiles.json(new Step(TIME, "dev", 7))), 1);
    lake = TestLake.in(folder.resolve("lake"));
    lake.run(RunMode.BATCH, input);
  }

  @AfterAll
  void close() {
    lake.close();
  }

  @Test
  void theNextRunAppliesWhatTheDefinitionsSayNow() throws Exception {
    Table steps = lake.table("step_trainer_landing");
    Table customers = lake.table("customer_trusted");
    var stepsAsDeclared =
        steps.schema().asStruct().fields().stream().map(NestedField::name).toList();
    // Another comment, a column less, another order, another key, other properties.
    steps
        .updateSchema()
        .updateColumnDoc("serialnumber", "formerly something else")
        .deleteColumn("undeclared_fields")
        .moveFirst("serialnumber")
        .commit();
    steps.updateProperties().set("comment", "former").remove("commit.retry.num-retries").commit();
    customers
        .updateSchema()
        .allowIncompatibleChanges()
        .requireColumn("email")
        .setIdentifierFields(Set.of("email"))
        .commit();
    customers.updateSchema().allowIncompatibleChanges().deleteColumn("account").commit();

    lake.run(RunMode.BATCH, input);
    steps.refresh();
    customers.refresh();
    assertThat(steps.schema().columns()).extracting(NestedField::name).isEqualTo(stepsAsDeclared);
    assertThat(steps.schema().findField("serialnumber").doc()).startsWith("serial number");
    assertThat(steps.properties())
        .containsEntry("commit.retry.num-retries", "10")
        .doesNotContainEntry("comment", "former");
    assertThat(customers.schema().identifierFieldNames()).containsExactly("account");
    assertThat(customers.schema().findField("email").isOptional()).isTrue();
    assertThat(lake.counts())
        .containsEntry("customer_trusted", 1L)
        .containsEntry("step_trainer_landing", 1L)
        .containsEntry("machine_learning_curated", 1L);
    assertThat(lake.records("customer_trusted").get(0).getField("account"))
        .isEqualTo("kim@lake.example");
    int versions = customers.schema().schemaId();
    lake.run(RunMode.BATCH, input, "customer_landing", "customer_trusted");
    customers.refresh();
    assertThat(customers.schema().schemaId()).as("nothing more to do").isEqualTo(versions);
  }

  @Test
  void aTypeIsWidenedAndNothingElseIsDoneToOne() throws Exception {
    lake.create("readings", lake.table("step_trainer_trusted").schema());
    Table table = lake.table("readings");
    Schema declared = withDistance(table, Types.LongType.get());
    TableEvolution.apply(table, declared, List.of(), Map.of());
    assertThat(table.schema().findType("distancefromobject")).isEqualTo(Types.LongType.get());
    Schema narrowed = withDistance(table, Types.IntegerType.get());
    assertThatThrownBy(() -> TableEvolution.apply(table, narrowed, List.of(), Map.of()))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContainingAll("catalog/tables/readings.sql", "int", "long", "ALTER TABLE");
  }

  /** The table's columns with the distance in another type. */
  private static Schema withDistance(Table table, Type type) {
    return new Schema(
        table.schema().columns().stream()
            .map(
                column ->
                    column.name().equals("distancefromobject")
                        ? NestedField.from(column).ofType(type).build()
                        : column)
            .toList(),
        table.schema().identifierFieldIds());
  }

  @Test
  void aColumnThatIsNoLongerDeclaredIsNotDroppedByItself() {
    lake.table("customer_landing")
        .updateSchema()
        .addColumn("nickname", Types.StringType.get())
        .commit();
    assertThatThrownBy(() -> lake.run(RunMode.BATCH, input))
        .isInstanceOf(LakehouseException.class)
        .hasMessageContaining("ALTER TABLE customer_landing DROP COLUMN nickname");
    lake.table("customer_landing").updateSchema().deleteColumn("nickname").commit();
  }
}
