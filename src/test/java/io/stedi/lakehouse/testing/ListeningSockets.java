package io.stedi.lakehouse.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The TCP sockets on which a process listens, as Linux lists them. */
public final class ListeningSockets {

  private static final Pattern SOCKET = Pattern.compile("socket:\\[(\\d+)]");

  /** In {@code /proc/net/tcp}: number, local address, remote address, state and so on. */
  private static final Pattern LISTENING =
      Pattern.compile("^\\s*\\d+: ([0-9A-F]+):([0-9A-F]{4}) \\S+ 0A (?:\\S+\\s+){5}(\\d+) .*");

  private ListeningSockets() {}

  /** Skips the test where the operating system does not list them. */
  public static List<InetSocketAddress> of(Process process) throws IOException {
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    Need.that(Files.isDirectory(proc), "there is no folder " + proc);
    Set<String> own = inodes(proc.resolve("fd"));
    List<InetSocketAddress> sockets = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(proc.resolve("net").resolve(table))) {
        Matcher socket = LISTENING.matcher(line);
        if (socket.matches() && own.contains(socket.group(3))) {
          sockets.add(
              new InetSocketAddress(
                  address(socket.group(1)), Integer.parseInt(socket.group(2), 16)));
        }
      }
    }
    return sockets;
  }

  private static Set<String> inodes(Path descriptors) throws IOException {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> all = Files.list(descriptors)) {
      for (Path descriptor : all.toList()) {
        try {
          Matcher socket = SOCKET.matcher(Files.readSymbolicLink(descriptor).toString());
          if (socket.matches()) {
            inodes.add(socket.group(1));
          }
        } catch (NoSuchFileException e) {
          // Closed since the folder was listed.
        }
      }
    }
    return inodes;
  }

  /** Each four bytes are in the order of the machine, which here is the lowest first. */
  private static InetAddress address(String hexadecimal) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hexadecimal);
    for (int word = 0; word < bytes.length; word += 4) {
      for (int i = 0; i < 2; i++) {
        byte swapped = bytes[word + i];
        bytes[word + i] = bytes[word + 3 - i];
        bytes[word + 3 - i] = swapped;
      }
    }
    return InetAddress.getByAddress(bytes);
  }
}
