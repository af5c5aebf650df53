package io.stedi.lakehouse.pipeline;

import io.stedi.lakehouse.catalog.TableContent;
import java.util.List;
import java.util.Map;

/**
 * What a run leaves behind.
 *
 * @param tables the content of each table that it filled
 * @param rejects how many fragments were rejected, by reason
 * @param undeclared how many records had fields that no column holds, by table and fields
 * @param repeats how many records had arrived before, by table, where only distinct ones are kept
 */
public record RunResult(
    List<TableContent> tables,
    Map<String, Long> rejects,
    Map<String, Long> undeclared,
    Map<String, Long> repeats) {}
