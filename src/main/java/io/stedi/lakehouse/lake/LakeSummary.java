package io.stedi.lakehouse.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.Table;

/**
 * What tables hold. Made when somebody asks: rows, files and bytes come from the tables' snapshots,
 * and of the data only the columns that are counted by are read, from the files that have values in
 * them.
 *
 * @param tables the content of each table
 * @param rejects how many fragments were rejected, by reason
 * @param undeclared how many records had fields that no column holds, by table and fields
 * @param unusable how many records had a value that was taken for null, by table, column and
 *     spelling
 * @param repeats how many records had arrived before, by table, where only distinct ones are kept
 * @param rejectedAccounts how many accounts rejected fragments name
 * @param rejectedAccountsTrusted how many of these are in customer_trusted, though their consent
 *     may be out of date
 */
public record LakeSummary(
    List<TableContent> tables,
    Map<String, Long> rejects,
    Map<String, Long> undeclared,
    Map<String, Long> unusable,
    Map<String, Long> repeats,
    long rejectedAccounts,
    long rejectedAccountsTrusted) {

  private static final String UNDECLARED = "undeclared_fields";
  private static final String UNUSABLE = "unusable_values";
  private static final String REASON = "reason";
  private static final String ACCOUNT = "account";
  private static final String COPIES = "copies";
  private static final String TRUSTED = "customer_trusted";

  /**
   * Looks at tables, which exist, as they are now.
   *
   * @param command the command whose rows are looked at in tables that several fill
   */
  public static LakeSummary of(Lake lake, List<String> names, String command) {
    List<TableContent> contents = new ArrayList<>();
    Map<String, Long> rejects = new TreeMap<>();
    Map<String, Long> undeclared = new TreeMap<>();
    Map<String, Long> unusable = new TreeMap<>();
    Map<String, Long> repeats = new TreeMap<>();
    Set<String> rejectedAccounts = Set.of();
    for (String name : names) {
      Table table = lake.table(name).orElseThrow();
      TableContent content = TableContent.of(table, command);
      contents.add(content);
      if (table.schema().findField(UNDECLARED) != null) {
        TableContent.countBy(table, UNDECLARED)
            .forEach((fields, count) -> undeclared.merge(name + ": " + fields, count, Long::sum));
      }
      if (table.schema().findField(UNUSABLE) != null) {
        TableContent.countBy(table, UNUSABLE)
            .forEach(
                (values, count) ->
                    Stream.of(values.split("; "))
                        .forEach(value -> unusable.merge(name + ": " + value, count, Long::sum)));
      }
      if (table.schema().findField(COPIES) != null) {
        repeats.put(name, TableContent.sum(table, COPIES) - content.rows());
      }
      if (table.schema().findField(REASON) != null) {
        rejects.putAll(rejects(table, command));
        rejectedAccounts = TableContent.countBy(table, ACCOUNT, command).keySet();
      }
    }
    return new LakeSummary(
        List.copyOf(contents),
        rejects,
        undeclared,
        unusable,
        repeats,
        rejectedAccounts.size(),
        trustedAmong(rejectedAccounts, lake));
  }

  /** How many fragments of a command's input were rejected, by reason. */
  public static Map<String, Long> rejects(Table table, String command) {
    return table.schema().findField(REASON) == null
        ? Map.of()
        : TableContent.countBy(table, REASON, command);
  }

  private static long trustedAmong(Set<String> accounts, Lake lake) {
    Optional<Table> trusted = accounts.isEmpty() ? Optional.empty() : lake.table(TRUSTED);
    return trusted
        .map(table -> TableContent.countBy(table, ACCOUNT).keySet())
        .map(present -> accounts.stream().filter(present::contains).count())
        .orElse(0L);
  }
}
