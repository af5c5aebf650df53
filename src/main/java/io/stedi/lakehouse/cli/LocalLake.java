package io.stedi.lakehouse.cli;

import io.stedi.lakehouse.config.Setting;
import io.stedi.lakehouse.config.Settings;
import io.stedi.lakehouse.failure.LakehouseException;
import io.stedi.lakehouse.files.FolderLock;
import io.stedi.lakehouse.files.RawInput;
import io.stedi.lakehouse.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.configuration.CoreOptions;

/**
 * What a command on this machine works with: the settings, the catalog, a folder for temporary
 * files, and one for logs and, if the command writes, for the lock, the key and unpacked input. A
 * job on a cluster has none of these but settings and catalog.
 */
final class LocalLake implements AutoCloseable {

  /** As conf/local.yaml names it. */
  private static final String CATALOG = "catalog.db";

  private final Path folder;
  private final Settings settings;
  private final FolderLock lock;
  private final TemporaryFolder temporary;
  private final Lake lake;

  private LocalLake(
      Path folder, Settings settings, FolderLock lock, TemporaryFolder temporary, Lake lake) {
    this.folder = folder;
    this.settings = settings;
    this.lock = lock;
    this.temporary = temporary;
    this.lake = lake;
  }

  private static LocalLake open(Path folder, Settings settings, FolderLock lock) {
    TemporaryFolder temporary = TemporaryFolder.in(Path.of(System.getProperty("java.io.tmpdir")));
    try {
      return new LocalLake(
          folder,
          settings.and(Map.of("flink." + CoreOptions.TMP_DIRS.key(), temporary.path().toString())),
          lock,
          temporary,
          Lake.open(settings.catalogProperties(), settings.get(Setting.DATABASE)));
    } catch (RuntimeException | Error e) {
      temporary.close();
      throw e;
    }
  }

  /**
   * Opens a lake for one run to write to; makes the folder and the key if they are missing.
   *
   * @param loader the method of {@link Settings} for the kind of run
   * @throws LakehouseException if another run writes to it, or anything of it cannot be had
   */
  static LocalLake forWriting(LakeOptions options, LakeOptions.Loader loader) throws IOException {
    Settings settings = options.settings(loader);
    Path folder = options.folder();
    FolderLock lock = lock(folder);
    try {
      settings.pseudonymKey().ensure();
      RawInput.clear(scratch(folder));
      return open(folder, settings, lock);
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Keeps a second run from writing to a local lake; readers need no lock. */
  private static FolderLock lock(Path folder) {
    try {
      Files.createDirectories(folder);
      return FolderLock.take(folder.resolve("run.lock"))
          .orElseThrow(
              () ->
                  LakehouseException.usage(
                      "Another run is writing to the lake %s. Wait for it to end or stop it, or use another folder with --lake."
                          .formatted(folder)));
    } catch (IOException e) {
      throw LakehouseException.system(
          "Cannot write to the lake folder %s (%s). Make it writable, or use another with --lake."
              .formatted(folder, e),
          e);
    }
  }

  /**
   * Opens a lake for reading.
   *
   * @throws LakehouseException if there is none
   */
  static LocalLake forReading(LakeOptions options) {
    requireThere(options);
    Path folder = options.folder();
    Settings settings = options.settings(Settings::onOneMachine);
    return open(folder, settings, null);
  }

  /**
   * Makes sure that there is a lake already.
   *
   * @throws LakehouseException if there is none
   */
  static void requireThere(LakeOptions options) {
    if (!options.isLocal()) {
      return;
    }
    Path folder = options.folder();
    if (Files.isDirectory(folder) && !(Files.isReadable(folder) && Files.isExecutable(folder))) {
      throw LakehouseException.system(
          "The lake %s cannot be read by this user. It is for its owner alone: ask them, or have its rights changed."
              .formatted(folder),
          null);
    }
    if (!Files.exists(folder.resolve(CATALOG))) {
      throw LakehouseException.usage(
          "There is no lake at %s. Fill one with stedi run, or give its folder with --lake."
              .formatted(folder));
    }
  }

  private static Path scratch(Path folder) {
    return folder.resolve("staging");
  }

  Path folder() {
    return folder;
  }

  /** The folder for what is needed no longer than a run; the next one clears it. */
  Path scratch() {
    return scratch(folder);
  }

  Settings settings() {
    return settings;
  }

  Lake lake() {
    return lake;
  }

  /** Opens raw files; zip files are unpacked into the lake's folder. */
  RawInput input(String input) {
    return RawInput.open(input, settings.fileKinds(), scratch(folder));
  }

  /** Opens raw files of which more may come. */
  RawInput watched(String input) {
    return RawInput.watch(input, settings.fileKinds(), scratch(folder));
  }

  /** Opens raw files to look at them beside a run, which deletes what is in the lake's scratch. */
  RawInput lookedAt(String input) {
    return RawInput.watch(input, settings.fileKinds(), temporary.path());
  }

  @Override
  public void close() throws IOException {
    try (lock;
        temporary) {
      lake.close();
    }
  }
}
