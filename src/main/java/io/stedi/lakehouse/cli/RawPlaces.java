package io.stedi.lakehouse.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.Location;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.forget.BlankedFile;
import io.stedi.lakehouse.forget.ForgottenRecords;
import io.stedi.lakehouse.forget.ForgottenRecords.Range;
import io.stedi.lakehouse.lake.ForgottenTable;
import io.stedi.lakehouse.maintain.Forgetting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;

/**
 * Where in raw files people are who are forgotten.
 *
 * @param files offsets of their records in the decompressed file, by file
 * @param blanked whether the records were overwritten
 */
record RawPlaces(SortedMap<String, List<Long>> files, boolean blanked) {

  /** As the landing tables tell it: of what was landed and is erased now. */
  static RawPlaces of(Forgetting.Receipt receipt) {
    SortedMap<String, List<Long>> files = new TreeMap<>();
    for (Forgetting.Erased table : receipt.tables().values()) {
      table
          .places()
          .forEach(
              (file, offsets) ->
                  files.merge(
                      file,
                      offsets.stream().sorted().toList(),
                      (a, b) -> Stream.concat(a.stream(), b.stream()).sorted().toList()));
    }
    return new RawPlaces(files, false);
  }

  /**
   * As the raw files tell it.
   *
   * @param blank whether the records are overwritten
   */
  static RawPlaces in(LocalLake local, String input, boolean blank) throws IOException {
    try (RawInput raw = local.lookedAt(input)) {
      if (blank && raw.isTemporary()) {
        throw LakehouseException.usage(
            "The records in %s cannot be overwritten, as it is a .zip file. Unpack it, and give the folder."
                .formatted(input));
      }
      SortedMap<String, List<Range>> places = ForgottenRecords.in(raw.root(), local.settings());
      if (blank) {
        Location root = new Location(raw.root());
        for (Map.Entry<String, List<Range>> file : places.entrySet()) {
          BlankedFile.write(root.resolve(file.getKey()), file.getValue(), io(local));
        }
      }
      return new RawPlaces(
          places.entrySet().stream()
              .collect(
                  Collectors.toMap(
                      Map.Entry::getKey,
                      file -> file.getValue().stream().map(Range::offset).toList(),
                      (a, b) -> a,
                      TreeMap::new)),
          blank);
    }
  }

  /** Whoever is forgotten is in this table. */
  private static FileIO io(LocalLake local) {
    return local.lake().table(ForgottenTable.NAME).orElseThrow().io();
  }

  /** Where people may be left whom the lake has forgotten. */
  List<String> notReached() {
    return Stream.of(
            blanked
                ? ""
                : "raw files: stedi forget --raw-files blank --input DIR overwrites their records",
            "a stream's state and savepoints: values stay until streaming.state-ttl, or until it begins anew with --fresh and the former savepoints are deleted",
            "former versions of objects, where a bucket keeps them: until its life-cycle rule deletes them",
            "results of Athena, and copies that were made of tables or files")
        .filter(place -> !place.isEmpty())
        .toList();
  }

  void print(PrintWriter out) {
    if (!files.isEmpty()) {
      out.println(
          blanked
              ? "raw files in which their records were overwritten with blanks:"
              : "raw files that hold records of them:");
      files.forEach(
          (file, offsets) ->
              out.printf(Locale.ROOT, "  %s: %,d records%n", Visible.line(file), offsets.size()));
    }
  }

  void write(JsonGenerator json) throws IOException {
    json.writeBooleanField("raw_files_blanked", blanked);
    json.writeObjectFieldStart("raw_files");
    for (Map.Entry<String, List<Long>> file : files.entrySet()) {
      json.writeArrayFieldStart(file.getKey());
      for (long offset : file.getValue()) {
        json.writeNumber(offset);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
