package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.maintain.Forgetting;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a receipt says of places that are not the lake's own. */
final class RawPlaces {

  /** Where people may be left whom the lake has forgotten. */
  static final List<String> NOT_REACHED =
      List.of(
          "raw files: delete or replace those that are named",
          "a stream's state and savepoints: values stay until streaming.state-ttl, or until it begins anew with --fresh and the former savepoints are deleted",
          "former versions of objects, where a bucket keeps them: until its life-cycle rule deletes them",
          "results of Athena and copies that were made of the tables");

  private RawPlaces() {}

  /** The offsets of records by raw file. */
  static Map<String, List<Long>> of(Forgetting.Receipt receipt) {
    Map<String, List<Long>> files = new TreeMap<>();
    receipt
        .tables()
        .values()
        .forEach(
            table ->
                table
                    .places()
                    .forEach(
                        (file, offsets) ->
                            files.merge(
                                file,
                                offsets.stream().sorted().toList(),
                                (a, b) ->
                                    Stream.concat(a.stream(), b.stream()).sorted().toList())));
    return files;
  }

  /** The number of records by raw file. */
  static Map<String, Long> counts(Forgetting.Receipt receipt) {
    Map<String, Long> counts = new TreeMap<>();
    of(receipt).forEach((file, offsets) -> counts.put(file, (long) offsets.size()));
    return counts;
  }
}
