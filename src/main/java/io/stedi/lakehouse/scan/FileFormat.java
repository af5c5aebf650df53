package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * What bytes are that are not JSON, by the first of them. They tell more than a file's name: S3
 * keeps the name where a browser or a tool has decompressed the object on the way.
 */
public enum FileFormat {
  GZIP("gzip", "\\x1F\\x8B\\x08"),
  BZIP2("bzip2", "BZh[1-9](?:1AY&SY|\\x17rE8P\\x90)"),
  XZ("xz", "\\xFD7zXZ\\x00"),
  ZSTANDARD("Zstandard", "\\x28\\xB5\\x2F\\xFD|[\\x50-\\x5F]\\x2A\\x4D\\x18"),
  LZ4("LZ4", "[\\x02\\x04]\\x22\\x4D\\x18|\\x02\\x21\\x4C\\x18"),
  SNAPPY("Snappy", "\\xFF\\x06\\x00\\x00sNaPpY|\\x82SNAPPY\\x00"),
  /** Snappy as Hadoop writes it, without a mark of its own. */
  HADOOP_SNAPPY("Snappy", "") {
    @Override
    boolean isOf(byte[] head, int start, int length) {
      return length == HEAD_BYTES && isHadoopSnappy(head, start);
    }
  },
  ZIP("zip", "PK(?:\\x03\\x04|\\x05\\x06)"),
  SEVEN_ZIP("7z", "7z\\xBC\\xAF\\x27\\x1C"),
  PARQUET("Parquet", "PAR1[\\x00-\\x08\\x0E-\\x1F]"),
  ORC("ORC", "ORC[\\x00-\\x08\\x0E-\\x1F]"),
  AVRO("Avro", "Obj\\x01"),
  PDF("PDF", "%PDF-"),
  PNG("PNG", "\\x89PNG\\r\\n"),
  JPEG("JPEG", "\\xFF\\xD8\\xFF[\\xDB\\xE0-\\xEF]"),
  UTF_32(
      "UTF-32",
      "\\xFF\\xFE\\x00\\x00|\\x00\\x00\\xFE\\xFF|(?:[\\s!-~]\\x00{3}){2}|(?:\\x00{3}[\\s!-~]){2}"),
  UTF_16(
      "UTF-16",
      "\\xFF\\xFE[^\\x00]\\x00|\\xFE\\xFF\\x00[^\\x00]|(?:[\\s!-~]\\x00){2}|(?:\\x00[\\s!-~]){2}");

  /** How many first bytes decide, if there are as many. */
  public static final int HEAD_BYTES = 16;

  private final String label;
  private final Pattern beginning;

  FileFormat(String label, String beginning) {
    this.label = label;
    this.beginning = Pattern.compile(beginning, Pattern.DOTALL);
  }

  /**
   * The format of bytes; null for what may be JSON.
   *
   * @param bytes hold the first of them
   * @param start where they begin
   * @param length how many there are: {@link #HEAD_BYTES}, or all
   */
  public static FileFormat of(byte[] bytes, int start, int length) {
    if (length > 0 && mayBeginJson(bytes[start]) && (length < 2 || bytes[start + 1] != 0)) {
      return null;
    }
    for (FileFormat format : values()) {
      if (format.isOf(bytes, start, length)) {
        return format;
      }
    }
    return null;
  }

  private static boolean mayBeginJson(byte b) {
    return b == '{' || b == '[' || b == '"' || RawScanner.isWhitespace(b);
  }

  boolean isOf(byte[] head, int start, int length) {
    return beginning.matcher(new String(head, start, length, ISO_8859_1)).lookingAt();
  }

  /** The format's name, for a reader. */
  String label() {
    return label;
  }

  /**
   * Whether there are the lengths of a block and of its first part, and then, as Snappy begins, the
   * length of what that part holds, which is no longer than the block.
   */
  private static boolean isHadoopSnappy(byte[] head, int start) {
    ByteBuffer lengths = ByteBuffer.wrap(head, start, 8);
    int block = lengths.getInt();
    int compressed = lengths.getInt();
    long part = 0;
    int shift = 0;
    int i = start + 8;
    for (; head[i] < 0 && shift < 28; i++, shift += 7) {
      part |= (long) (head[i] & 0x7F) << shift;
    }
    part |= (long) head[i] << shift;
    // Blocks are of some hundred kilobytes, and the part is all of it or as much as the buffer.
    return block > 0
        && block <= 1 << 26
        && compressed > 0
        && compressed <= block + block / 6 + 32
        && (part == block || (part > 0 && part < block && (part & 0xFFF) == 0));
  }
}
