package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.lake.TableContent;
import java.util.List;
import java.util.Map;

/**
 * What a run leaves behind.
 *
 * @param tables the content of each table that it filled
 * @param rejects how many fragments were rejected, by reason
 * @param undeclared how many records had fields that no column holds, by table and fields
 * @param unusable how many records had a value that was taken for null, by table, column and
 *     spelling
 * @param repeats how many records had arrived before, by table, where only distinct ones are kept
 * @param rejectedAccounts how many accounts rejected fragments name
 * @param rejectedAccountsTrusted how many of these are in customer_trusted, though their consent
 *     may be out of date
 */
public record RunResult(
    List<TableContent> tables,
    Map<String, Long> rejects,
    Map<String, Long> undeclared,
    Map<String, Long> unusable,
    Map<String, Long> repeats,
    long rejectedAccounts,
    long rejectedAccountsTrusted) {}
