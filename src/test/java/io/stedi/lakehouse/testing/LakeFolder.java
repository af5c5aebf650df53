package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.hadoop.HadoopInputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.shaded.org.apache.avro.file.DataFileReader;
import org.apache.iceberg.shaded.org.apache.avro.generic.GenericDatumReader;
import org.apache.iceberg.shaded.org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;

/** Looks for texts in every byte of a lake's folder, whatever it is encoded in. */
public final class LakeFolder {

  private LakeFolder() {}

  /**
   * The files that hold any of some texts, in any case, with the text that was found.
   *
   * @param without the names of folders that are passed over
   */
  public static List<String> holding(Path folder, List<String> texts, List<String> without)
      throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = folder.relativize(file);
        if (without.contains(relative.getName(0).toString())) {
          continue;
        }
        String content = decoded(file).toLowerCase(Locale.ROOT);
        for (String text : texts) {
          if (content.contains(text.toLowerCase(Locale.ROOT))) {
            found.add(relative + ": " + text);
          }
        }
      }
    }
    return found;
  }

  private static String decoded(Path file) throws IOException {
    StringBuilder all = new StringBuilder(Files.readString(file, StandardCharsets.ISO_8859_1));
    String name = file.getFileName().toString();
    // One that was not finished has no end, and is looked at as it is.
    if (name.endsWith(".parquet") && all.length() > 4 && all.toString().endsWith("PAR1")) {
      InputFile input =
          HadoopInputFile.fromLocation(
              file.toUri().toString(), new org.apache.hadoop.conf.Configuration(false));
      Schema schema = ParquetSchemaUtil.convert(schemaOf(file));
      try (CloseableIterable<Record> rows =
          Parquet.read(input)
              .project(schema)
              .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
              .build()) {
        rows.forEach(row -> append(row, all));
      }
    } else if (name.endsWith(".avro")) {
      try (DataFileReader<GenericRecord> rows =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        rows.forEach(row -> all.append(row).append('\n'));
      }
    }
    return all.toString();
  }

  @SuppressWarnings("deprecation")
  private static MessageType schemaOf(Path file) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            org.apache.iceberg.shaded.org.apache.parquet.hadoop.util.HadoopInputFile.fromPath(
                new org.apache.hadoop.fs.Path(file.toUri()),
                new org.apache.hadoop.conf.Configuration(false)))) {
      return reader.getFooter().getFileMetaData().getSchema();
    }
  }

  private static void append(Record row, StringBuilder all) {
    for (int i = 0; i < row.size(); i++) {
      Object value = row.get(i);
      all.append(
              value instanceof ByteBuffer bytes
                  ? StandardCharsets.UTF_8.decode(bytes.duplicate())
                  : value)
          .append('\n');
    }
  }
}
