package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stedi.lakehouse.scan.Scans.Seen;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawScannerTest {

  private static final String A =
      "{\"user\":\"a@test.com\",\"timestamp\":1655564376361,\"x\":1.0,\"y\":-1.5,\"z\":0.25}";
  private static final String B =
      "{\"user\":\"b@test.com\",\"timestamp\":1655564376362,\"x\":2.0,\"y\":-2.5,\"z\":1.25}";
  private static final String A_VALUES = "[a@test.com, 1655564376361, 1.0, -1.5, 0.25]";
  private static final String B_VALUES = "[b@test.com, 1655564376362, 2.0, -2.5, 1.25]";

  private static Seen record(long offset, String json, String values) {
    return new Seen(offset, json.getBytes(UTF_8).length, true, values);
  }

  private static Seen reject(long offset, String reason, String text) {
    return new Seen(offset, text.getBytes(UTF_8).length, false, reason + " <" + text + ">");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\r\n", ",", ",\n", ", \r\n\t", "\n\n\n", "]["})
  void readsRecordsWhateverIsBetweenThem(String separator) {
    assertThat(Scans.scan(A + separator + B))
        .containsExactly(
            record(0, A, A_VALUES), record(A.length() + separator.length(), B, B_VALUES));
  }

  @Test
  void readsAnArrayOfRecords() {
    assertThat(Scans.scan("[\n  " + A + ",\n  " + B + "\n]\n"))
        .containsExactly(record(4, A, A_VALUES), record(4 + A.length() + 4, B, B_VALUES));
  }

  @Test
  void readsPrettyPrintedRecords() {
    String pretty = A.replace("{", "{\r\n  ").replace(",", ",\r\n  ").replace("}", "\r\n}");
    assertThat(Scans.scan(pretty + "\r\n" + B))
        .containsExactly(record(0, pretty, A_VALUES), record(pretty.length() + 2, B, B_VALUES));
  }

  @Test
  void readsOlderSpellingsAndAnyOrderOfFields() {
    String older =
        "{ \"z\" : 0.25, \"timeStamp\" : 1655564376361, \"Y\":-1.5,\"x\":1,\"USER\":\"a@test.com\"}";
    assertThat(Scans.scan(older)).containsExactly(record(0, older, A_VALUES));
  }

  @Test
  void findsNothingInFilesWithoutContent() {
    assertThat(Scans.scan("")).isEmpty();
    assertThat(Scans.scan("\r\n , [] \n")).isEmpty();
    assertThat(Scans.scan("\uFEFF")).isEmpty();
  }

  @Test
  void skipsAByteOrderMarkAtTheStartOnly() {
    assertThat(Scans.scan("\uFEFF" + A + "\n\uFEFF" + B))
        .containsExactly(
            record(3, A, A_VALUES),
            reject(3 + A.length() + 1, "not an object", "\uFEFF"),
            record(3 + A.length() + 4, B, B_VALUES));
  }

  @Test
  void rejectsAStrayFile() {
    assertThat(Scans.scan("this is a test\n\n  so be it \n" + A))
        .containsExactly(
            reject(0, "not an object", "this is a test"),
            reject(18, "not an object", "so be it"),
            record(28, A, A_VALUES));
  }

  @Test
  void neverClosesAnObjectThatWasCutInsideANumber() {
    String cut =
        "{\"user\":\"a@test.com\",\"x\":1.0,\"y\":-1.5,\"z\":0.25,\"timeStamp\":1655472103";
    assertThat(Scans.scan(cut)).containsExactly(reject(0, "truncated", cut));
    assertThat(Scans.scan(cut + "\n" + B))
        .containsExactly(reject(0, "malformed", cut), record(cut.length() + 1, B, B_VALUES));
    // Had the brace survived, the time would still be decades off.
    assertThat(Scans.verdicts(cut + "}")).containsExactly("out of range (seconds?): timestamp");
  }

  @Test
  void findsTheRecordBehindEveryCut() {
    for (String separator : List.of("", "\n", ",", ",\r\n")) {
      for (int cut = 0; cut < A.length(); cut++) {
        String input = A.substring(0, cut) + separator + B;
        assertThat(Scans.scan(input))
            .as("cut at %d, then %s", cut, separator)
            .contains(record(cut + separator.length(), B, B_VALUES))
            .filteredOn(Seen::valid)
            .hasSize(1);
      }
    }
  }

  @Test
  void findsTheRecordBeforeEveryCut() {
    for (int cut = 1; cut < B.length(); cut++) {
      String head = B.substring(0, cut);
      // The comma that a cut leaves at the end is a separator like any other.
      String fragment = head.endsWith(",") ? head.substring(0, cut - 1) : head;
      assertThat(Scans.scan(A + head))
          .as("cut at %d", cut)
          .containsExactly(record(0, A, A_VALUES), reject(A.length(), "truncated", fragment));
    }
  }

  @Test
  void rejectsTwoHalvesThatACutJoined() {
    String joined = A.replace(",\"x\":1.0", ",\"timeStamp\":1655564376362,\"x\":1.0");
    assertThat(Scans.scan(joined)).containsExactly(reject(0, "duplicate field: timestamp", joined));
    String undeclared = A.replace("}", ",\"q\":1,\"Q\":null}");
    assertThat(Scans.scan(undeclared)).containsExactly(reject(0, "duplicate field", undeclared));
  }

  @Test
  void rejectsAWholeObjectAsOneFragmentAndGoesOnBehindIt() {
    String wrong = A.replace("1.0", "{\"user\":[1,{}]}");
    assertThat(Scans.scan(wrong + B))
        .containsExactly(reject(0, "wrong type: x", wrong), record(wrong.length(), B, B_VALUES));
  }

  @Test
  void takesAnEmptyObjectForAnObject() {
    assertThat(Scans.scan("garbage{ }{{}"))
        .containsExactly(
            reject(0, "not an object", "garbage"),
            reject(7, "missing field: user", "{ }"),
            reject(10, "malformed", "{"),
            reject(11, "missing field: user", "{}"));
  }

  @Test
  void findsTheRecordWhereAValueWasExpected() {
    String head = "{\"user\":\"a@test.com\",\"x\":";
    assertThat(Scans.scan(head + B + "\n" + A))
        .containsExactly(
            reject(0, "malformed", head),
            record(head.length(), B, B_VALUES),
            record(head.length() + B.length() + 1, A, A_VALUES));
  }

  @Test
  void whatIsInsideOfAnObjectAroundItIsNoRecordHoweverThatIsDamaged() {
    for (String around :
        List.of(
            "{\"op\":\"u\",\"before\":%s,\"after\":%s,\"lag\":1.5}",
            "{\n  \"op\": \"u\",\n  \"before\": %s,\n  \"after\":\n%s\n}",
            "{\"Records\":[%s,\n%s]}",
            "{\"Records\": [\n{\"value\": %s},\n{\"value\": %s}]}",
            "{'op': 'u', 'before': %s, 'after': %s}")) {
      String whole = around.formatted(A, B);
      assertThat(Scans.verdicts(whole + "\n" + B)).as(whole).hasSize(2).endsWith("record");
      int afterA = whole.indexOf(A) + A.length();
      for (int cut = afterA; cut < whole.length(); cut++) {
        assertThat(Scans.verdicts(whole.substring(0, cut))).as(whole).doesNotContain("record");
      }
      int colon = whole.indexOf(':', whole.indexOf("before"));
      for (int cut = 1; cut <= colon && around.contains("before"); cut++) {
        assertThat(Scans.verdicts(whole.substring(cut))).as(whole).doesNotContain("record");
      }
      // A byte that is lost makes it no object; what follows it is not lost.
      for (String damaged :
          List.of(
              whole.replace("lag\":1.5", "lag\":1.5.5"),
              whole.replaceFirst("\"x\":2.0", "\"x\":2.0.0"),
              whole.replaceFirst("\"x\":2.0", "\"x\" 2.0"))) {
        assertThat(Scans.scan(damaged + "\n" + B))
            .as(damaged)
            .filteredOn(Seen::valid)
            .containsExactly(record(damaged.length() + 1, B, B_VALUES));
      }
    }
  }

  @Test
  void anEnvelopeIsOneRejectAtAnySize() {
    for (int records : List.of(1, 10, 20_000)) {
      String envelope = "{\"Records\":[" + (A + ",").repeat(records - 1) + A + "]}";
      assertThat(Scans.scan(envelope + "\n" + B))
          .satisfiesExactly(
              seen -> {
                assertThat(seen.length()).isEqualTo(envelope.length());
                assertThat(seen.text()).startsWith("envelope around objects <");
              },
              seen -> assertThat(seen).isEqualTo(record(envelope.length() + 1, B, B_VALUES)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1F8B0800 00000000 00FF, gzip",
    "425A6839 31415926 53594E71, bzip2",
    "425A6839 17724538 50900000 0000, bzip2",
    "FD377A58 5A000004 E6D6B446, xz",
    "28B52FFD 24001900, Zstandard",
    "04224D18 6440A700, LZ4",
    "FF060000 734E6150 70590000, Snappy",
    "82534E41 50505900 00000001, Snappy",
    "0000002A 00000027 2A2C7B22 75736572 223A, Snappy",
    "00040000 00001234 808004F0 7B227573 6572, Snappy",
    "504B0304 14000000, zip",
    "50415231 15041526, Parquet",
    "4F626A01 04146176, Avro",
    "4F524300 00110000, ORC",
    "89504E47 0D0A1A0A, PNG",
    "FFD8FFE0 00104A46 4946, JPEG",
  })
  void aFileOfAnotherFormatIsOneRejectThatNamesIt(String hex, String format) {
    byte[] head = HexFormat.of().parseHex(hex.replace(" ", ""));
    byte[] file = Arrays.copyOf(head, head.length + 100_000);
    // Whatever may be in it.
    System.arraycopy(("\n" + A + "\n").getBytes(UTF_8), 0, file, 50_000, A.length() + 2);
    assertThat(Scans.scan(file, Scans.ACCELEROMETER, Scans.LIMITS))
        .singleElement()
        .satisfies(
            seen -> {
              assertThat(seen.length()).isEqualTo(file.length);
              assertThat(seen.text()).startsWith("not JSON in UTF-8: " + format + " <");
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "X-UTF-32LE-BOM"})
  void aFileInAnotherEncodingIsOneRejectThatNamesIt(String encoding) {
    for (String text : List.of(A + "\n" + B, "[\n" + A + "]")) {
      byte[] file = text.getBytes(Charset.forName(encoding));
      assertThat(Scans.scan(file, Scans.ACCELEROMETER, Scans.LIMITS))
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.length()).isEqualTo(file.length);
                assertThat(seen.text())
                    .startsWith(
                        "not JSON in UTF-8: " + (encoding.contains("16") ? "UTF-16" : "UTF-32"));
              });
    }
  }

  @Test
  void whatOnlyResemblesAnotherFormatIsReadOn() {
    for (String head : List.of("PAR1", "ORCA", "BZh9", "Obj", "PK", "\u0000\u0000\u0000")) {
      assertThat(Scans.verdicts(head + "\n" + A)).containsExactly("not an object", "record");
    }
  }

  @Test
  void anObjectIsOneRejectWhateverIsWrongWithIt() {
    String pretty = A.replace("{", "{\n  ").replace(",", ",\n  ");
    assertThat(Scans.verdicts(pretty.replace("}", ",\n}\n") + B))
        .containsExactly("trailing comma", "record");
    assertThat(Scans.verdicts(A.replace("}", ",\"q\":[1,]}") + B))
        .containsExactly("trailing comma", "record");
    String text = "\"" + A.replace("\"", "\\\"") + "\"";
    assertThat(Scans.verdicts(text + "\n" + text + "\n" + B))
        .containsExactly("object as a string", "object as a string", "record");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'user':1}",
        "{user:1}",
        "{\"x\":01}",
        "{\"x\":+1}",
        "{\"x\":.5}",
        "{\"x\":1.}",
        "{\"x\":NaN}",
        "{\"x\":0x1}",
        "{\"x\":tru}",
        "{\"x\":1 /* one */}",
        "{\"x\"=1}",
        "{\"x\":\"\t\"}",
        "{\"x\":\"\\x\"}",
        "{\"x\":\"\\u00g0\"}",
      })
  void acceptsNoSyntaxButJson(String object) {
    assertThat(Scans.verdicts(object + "\n" + A)).containsExactly("malformed", "record");
  }

  @Test
  void rejectsInvalidUtf8EvenWhereNoColumnReadsIt() {
    for (String bytes :
        List.of(
            "\u00FF",
            "\u00C0\u00AF",
            "\u00E0\u0080\u00AF",
            "\u00ED\u00A0\u0080",
            "\u00F0\u0080\u0080\u0080",
            "\u00F4\u0090\u0080\u0080",
            "\u00F5\u0080\u0080\u0080",
            "\u00C3",
            "\u0080")) {
      for (String field : List.of("user", "other")) {
        String object = "{\"" + field + "\":\"" + bytes + "\"}";
        List<Seen> seen =
            Scans.scan((object + "\n" + A).getBytes(ISO_8859_1), Scans.ACCELEROMETER, Scans.LIMITS);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(0).length()).isEqualTo(object.length());
        assertThat(seen.get(0).text()).startsWith("malformed");
        assertThat(seen.get(1)).isEqualTo(record(object.length() + 1, A, A_VALUES));
      }
    }
  }

  @Test
  void readsTextBeyondAscii() {
    String umlaut = A.replace("a@test.com", "\u00FC\u20AC\uD83D\uDE00");
    assertThat(Scans.scan(umlaut))
        .containsExactly(
            record(0, umlaut, A_VALUES.replace("a@test.com", "\u00FC\u20AC\uD83D\uDE00")));
    assertThat(Scans.scan(A.replace("a@", "\\ud83d\\ude00@")).get(0).text())
        .startsWith("[\uD83D\uDE00@test.com");
  }

  @Test
  void rejectsHalfASurrogatePair() {
    assertThat(Scans.verdicts(A.replace("a@", "\\ud83d@"))).containsExactly("malformed: user");
    assertThat(Scans.verdicts(A.replace("a@", "\\ude00\\ud83d@")))
        .containsExactly("malformed: user");
    assertThat(Scans.verdicts(A.replace("}", ",\"\\ud83d\":1}"))).containsExactly("malformed");
  }

  @Test
  void namesTheFieldsWithoutAColumn() {
    String more = A.replace("}", ",\"b\":{\"x\":[1]},\"a\":null,\"C\":\"\"}");
    assertThat(Scans.scan(more)).containsExactly(record(0, more, A_VALUES + " + C,a,b"));
  }

  @Test
  void boundsTheNamesOfFieldsWithoutAColumn() {
    String more = A.replace("}", ",\"b\":1,\"a" + "n".repeat(5000) + "\":1}");
    assertThat(Scans.scan(more).get(0).text()).isEqualTo(A_VALUES + " + ...");
    StringBuilder many = new StringBuilder();
    for (int i = 1000; i < 2000; i++) {
      many.append(",\"").append(i).append("\":1");
    }
    String names = Scans.scan(A.replace("}", many + "}")).get(0).text();
    assertThat(names.substring(A_VALUES.length() + 3))
        .startsWith("1000,1001,")
        .endsWith(",...")
        .hasSizeLessThanOrEqualTo(UndeclaredFields.MAX_CHARACTERS);
  }

  @Test
  void tellsATruncatedObjectFromATooLongOne() {
    ScanLimits limits = Scans.limits(16, A.length(), 10);
    byte[] longer = (A.replace("}", " }") + B).getBytes(UTF_8);
    List<Seen> seen = Scans.scan(longer, Scans.ACCELEROMETER, limits);
    assertThat(seen)
        .containsExactly(
            new Seen(0, A.length() + 1, false, "too long <" + A.substring(0, 10) + ">"),
            record(A.length() + 1, B, B_VALUES));
    byte[] cut = (A.substring(0, A.length() - 1) + " ").getBytes(UTF_8);
    assertThat(Scans.scan(cut, Scans.ACCELEROMETER, limits))
        .containsExactly(
            new Seen(0, A.length() - 1, false, "truncated <" + A.substring(0, 10) + ">"));
  }

  @Test
  void followsAnEndlessFragmentInConstantMemory() throws IOException {
    long length = 1L << 28;
    InputStream endless =
        new InputStream() {
          private long left = length;

          @Override
          public int read() {
            return left-- > 0 ? 'a' : -1;
          }

          @Override
          public int read(byte[] target, int offset, int count) {
            int size = (int) Math.min(left, count);
            java.util.Arrays.fill(target, offset, offset + size, (byte) 'a');
            left -= size;
            return size == 0 ? -1 : size;
          }
        };
    RawScanner scanner = new RawScanner(endless, 0, Scans.ACCELEROMETER, Scans.LIMITS);
    Fragment.Reject reject = (Fragment.Reject) scanner.next();
    assertThat(reject.length()).isEqualTo(length);
    assertThat(reject.bytes()).hasSize(4096);
    assertThat(scanner.next()).isNull();
  }

  @Test
  void boundsTheNesting() {
    String deep = A.replace("}", ",\"q\":" + "[".repeat(31) + "]".repeat(31) + "}");
    assertThat(Scans.verdicts(deep)).containsExactly("record");
    String tooDeep = A.replace("}", ",\"q\":" + "[".repeat(32) + "]".repeat(32) + "}");
    assertThat(Scans.verdicts(tooDeep + "\n" + B))
        .containsExactly("nested deeper than 32", "record");
    String longNumber = A.replace("}", ",\"n\":1" + "0".repeat(5000) + "}");
    assertThat(Scans.verdicts(longNumber + "\n" + B))
        .containsExactly("number of more than 1000 digits", "record");
  }

  @Test
  void readsAnObjectThatIsLongerThanTheWindow() {
    String text = "u".repeat(900_000);
    String large = A.replace("a@test.com", text);
    assertThat(Scans.scan(large + B))
        .containsExactly(
            record(0, large, A_VALUES.replace("a@test.com", text)),
            record(large.length(), B, B_VALUES));
  }

  @Test
  void reportsDamageBehindTheRecordsBeforeIt() {
    InputStream damaged =
        new FilterInputStream(new ByteArrayInputStream((A + "\n" + B).getBytes(UTF_8), 0, 100)) {
          @Override
          public int read(byte[] target, int offset, int count) throws IOException {
            int read = super.read(target, offset, count);
            if (read < 0) {
              throw new CorruptCompressionException("damaged");
            }
            return read;
          }
        };
    assertThat(Scans.scan(damaged, 0, Scans.ACCELEROMETER, Scans.LIMITS))
        .containsExactly(
            record(0, A, A_VALUES),
            reject(A.length() + 1, "truncated", B.substring(0, 99 - A.length())),
            reject(100, "corrupt compression", ""));
  }

  @Test
  void passesReadFailuresOn() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("disk on fire");
          }
        };
    RawScanner scanner = new RawScanner(failing, 0, Scans.ACCELEROMETER, Scans.LIMITS);
    assertThatThrownBy(scanner::next).isInstanceOf(IOException.class).hasMessage("disk on fire");
  }
}
