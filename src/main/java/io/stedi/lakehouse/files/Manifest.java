package io.stedi.lakehouse.files;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stedi.lakehouse.failure.LakehouseException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;

/**
 * What this program wrote into an output folder. It is written last and in one step, so an output
 * with a manifest is complete; and what is not in it is not this program's to delete.
 *
 * @param folder the folder that holds the files, relative to the output; the empty text for the
 *     output itself
 * @param files the files, relative to that folder
 */
record Manifest(String folder, Set<String> files) {

  /** The manifest's own name: hidden, so that nobody takes it for a raw file. */
  static final String NAME = "_stedi_manifest.json";

  /** What the folder of a run is called: whoever can write a manifest leads nowhere else. */
  private static final Pattern FOLDER =
      Pattern.compile(
          Pattern.quote(ManifestOutput.RUN)
              + "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

  /**
   * The manifest of an output; empty if it has none.
   *
   * @throws LakehouseException if there is a file of its name that is no manifest
   */
  static Optional<Manifest> read(Location output) throws IOException {
    String text;
    try {
      text = output.resolve(NAME).readText();
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    String folder = null;
    Set<String> files = new TreeSet<>();
    try (JsonParser json = new JsonFactory().createParser(text)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "folder" -> folder = json.getText();
          case "files" -> {
            while (json.nextToken() == JsonToken.VALUE_STRING) {
              files.add(json.getText());
            }
          }
          default -> json.skipChildren();
        }
      }
    }
    if (folder == null) {
      throw LakehouseException.data(
          "The file %s in %s is no manifest of an output. Delete it, or give another folder."
              .formatted(NAME, output));
    }
    if (!folder.isEmpty() && !FOLDER.matcher(folder).matches()) {
      throw LakehouseException.data(
          "The manifest %s in %s names the folder '%s', which no run of prepare has made. Delete it, or give another folder."
              .formatted(NAME, output, folder));
    }
    return Optional.of(new Manifest(folder, files));
  }

  /** Writes the manifest of an output, in place of the one it has. */
  void write(Location output) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("folder", folder);
      json.writeArrayFieldStart("files");
      for (String file : files) {
        json.writeString(file);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    try (FSDataOutputStream out =
        output
            .fileSystem()
            .create(output.resolve(NAME).flinkPath(), FileSystem.WriteMode.OVERWRITE)) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
