package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

public class GunzipInputStreamTest {

  public static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] compressible(long seed, int length) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + random.nextInt(1 + i % 20));
    }
    return bytes;
  }

  /** What came out, and whether it ended in damage. */
  private record Result(byte[] bytes, boolean damaged) {}

  private static Result gunzip(byte[] compressed, int inputChunk, int outputChunk) {
    InputStream slow =
        new ByteArrayInputStream(compressed) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, inputChunk));
          }

          @Override
          public synchronized int available() {
            return 0;
          }
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[outputChunk];
    try (GunzipInputStream in = new GunzipInputStream(slow)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      return new Result(out.toByteArray(), false);
    } catch (CorruptCompressionException e) {
      return new Result(out.toByteArray(), true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void readsAllMembersWithoutAskingHowMuchIsAvailable() {
    byte[] one = compressible(1, 100_000);
    byte[] two = compressible(2, 50_000);
    byte[] compressed = concat(gzip(one), gzip(new byte[0]), gzip(two));
    for (int chunk : new int[] {1, 7, 65536}) {
      Result result = gunzip(compressed, chunk, 4096);
      assertThat(result.damaged()).isFalse();
      assertThat(result.bytes()).isEqualTo(concat(one, two));
    }
  }

  @Test
  void findsNothingInAnEmptyFile() {
    assertThat(gunzip(new byte[0], 1, 1)).extracting(Result::damaged).isEqualTo(false);
  }

  @Test
  void skipsTheOptionalPartsOfAHeader() throws IOException {
    byte[] plain = gzip("text".getBytes(UTF_8));
    byte[] header = Arrays.copyOf(plain, 10);
    header[3] = 0x1E;
    byte[] options = concat(new byte[] {2, 0, 'e', 'x'}, "name\0comment\0".getBytes(UTF_8));
    CRC32 checksum = new CRC32();
    checksum.update(header);
    checksum.update(options);
    byte[] headerChecksum = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
    byte[] body = Arrays.copyOfRange(plain, 10, plain.length);
    Result result = gunzip(concat(header, options, headerChecksum, body), 1, 16);
    assertThat(result.damaged()).isFalse();
    assertThat(result.bytes()).asString(UTF_8).isEqualTo("text");
  }

  @Test
  void ignoresPaddingButNoOtherTail() {
    byte[] compressed = gzip("text".getBytes(UTF_8));
    assertThat(gunzip(concat(compressed, new byte[600]), 512, 16).damaged()).isFalse();
    Result result = gunzip(concat(compressed, "tail".getBytes(UTF_8)), 512, 16);
    assertThat(result.damaged()).isTrue();
    assertThat(result.bytes()).asString(UTF_8).isEqualTo("text");
  }

  @Test
  void returnsEveryByteBeforeACut() {
    byte[] bytes = compressible(3, 1_000);
    byte[] compressed = gzip(bytes);
    int before = 0;
    for (int cut = 1; cut < compressed.length; cut++) {
      Result result = gunzip(Arrays.copyOf(compressed, cut), 65536, 65536);
      assertThat(result.damaged()).as("cut at %d", cut).isTrue();
      assertThat(result.bytes()).isEqualTo(Arrays.copyOf(bytes, result.bytes().length));
      assertThat(result.bytes().length).isGreaterThanOrEqualTo(before);
      for (int chunk : new int[] {1, 2, 99}) {
        assertThat(gunzip(Arrays.copyOf(compressed, cut), 65536, chunk).bytes())
            .as("cut at %d, read by %d", cut, chunk)
            .isEqualTo(result.bytes());
      }
      before = result.bytes().length;
    }
    assertThat(before).isEqualTo(bytes.length);
  }

  @Test
  void noticesEveryDamageAndReturnsTheSameHoweverItIsRead() {
    byte[] compressed = gzip(compressible(4, 20_000));
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = compressed.clone();
      int at = 10 + random.nextInt(damaged.length - 10);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Result result = gunzip(damaged, 65536, 65536);
      assertThat(result.damaged()).as("byte %d", at).isTrue();
      assertThat(gunzip(damaged, 1, 1 + random.nextInt(100)).bytes())
          .as("byte %d", at)
          .isEqualTo(result.bytes());
    }
  }

  @Test
  void repeatsThatItIsDamaged() throws IOException {
    try (GunzipInputStream in =
        new GunzipInputStream(new ByteArrayInputStream("no gzip".getBytes(UTF_8)))) {
      assertThatThrownBy(in::read).isInstanceOf(CorruptCompressionException.class);
      assertThatThrownBy(in::read).isInstanceOf(CorruptCompressionException.class);
    }
  }

  /** A bomb: what is before the place where it is found is the same however it is read. */
  @Test
  void whatGrowsWithoutEndIsDamage() {
    byte[] bomb = concat(gzip("{}\n".getBytes(UTF_8)), gzip(new byte[64 << 20]));
    Result result = gunzip(bomb, 1 << 16, 1 << 16);
    assertThat(result.damaged()).isTrue();
    assertThat(result.bytes().length).isEqualTo(16 << 20);
    Result other = gunzip(bomb, 777, 10_007);
    assertThat(other.damaged()).isTrue();
    assertThat(Arrays.equals(other.bytes(), result.bytes())).isTrue();
  }

  @Test
  void whatIsOnlyWellCompressedIsRead() {
    byte[] line = "{\"user\":\"kim@lake.example\",\"timestamp\":1655472103000}\n".getBytes(UTF_8);
    byte[] lines = new byte[line.length * 20_000];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = line[i % line.length];
    }
    Result result = gunzip(concat(gzip(lines), gzip(compressible(3, 20 << 20))), 1 << 16, 1 << 16);
    assertThat(result.damaged()).isFalse();
    assertThat(result.bytes().length).isEqualTo(lines.length + (20 << 20));
  }
}
