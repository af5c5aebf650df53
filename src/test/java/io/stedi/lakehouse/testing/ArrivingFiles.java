package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Raw files cut into small ones, which arrive one after the other in a folder, in any order. */
public final class ArrivingFiles {

  private final Path folder;
  private final Deque<Path> waiting;
  private final Path origin;

  private ArrivingFiles(Path origin, Path folder, Deque<Path> waiting) {
    this.origin = origin;
    this.folder = folder;
    this.waiting = waiting;
  }

  /**
   * Cuts files.
   *
   * @param raw the files, with a record on each line
   * @param pieces how many each is cut into, at most
   * @param folder where the pieces arrive
   */
  public static ArrivingFiles of(Path raw, int pieces, Path folder, Random random)
      throws IOException {
    Path origin = folder.resolveSibling(folder.getFileName() + "-waiting");
    List<Path> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(raw)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < pieces; i++) {
          List<String> piece =
              lines.subList(lines.size() * i / pieces, lines.size() * (i + 1) / pieces);
          Path target = origin.resolve(raw.relativize(file) + "." + i);
          Files.createDirectories(target.getParent());
          all.add(Files.write(target, piece));
        }
      }
    }
    Collections.shuffle(all, random);
    Files.createDirectories(folder);
    return new ArrivingFiles(origin, folder, new ArrayDeque<>(all));
  }

  public int left() {
    return waiting.size();
  }

  /** Lets files arrive, by renaming, as writers who are done do. */
  public void arrive(int number) throws IOException {
    for (int i = 0; i < number && !waiting.isEmpty(); i++) {
      Path file = waiting.remove();
      Path target = folder.resolve(origin.relativize(file));
      Files.createDirectories(target.getParent());
      Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
