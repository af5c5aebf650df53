package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.stedi.lakehouse.scan.Scans.Seen;
import io.stedi.lakehouse.testing.Spellings;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields that a record need not have a value for, and whatever is found in their place. */
class OptionalValuesTest {

  private static final List<DataField> FIELDS =
      List.of(
          new DataField("id", FieldType.STRING, Integer.MAX_VALUE, true),
          new DataField("since", FieldType.TIMESTAMP, Integer.MAX_VALUE, false),
          new DataField("note", FieldType.STRING, Integer.MAX_VALUE, false));

  private static final String NEXT = "{\"id\":\"next\"}";

  private static List<Seen> scan(String input) {
    return Scans.scan(input.getBytes(UTF_8), FIELDS, Scans.LIMITS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0|0",
        "-1|-1",
        "\"\"|\"\"",
        "\" \"|\" \"",
        "\"no\"|\"no\"",
        "\"N/A\"|\"N/A\"",
        "false|false",
        "{\"a\":[1]}|{}",
        "[0]|[]",
        "1655472103|9999999999",
        "1e999|9a999",
        "\"2023-05-01T00:00:00Z\"|\"9999-99-99a99:99:99a\"",
        "\"kim.lee@lake.example\"|\"a.a@a.a\"",
        "\"\\ud800;\\u0000\"|\"a\"",
        "NaN|NaN",
        "-Infinity|-a",
        "None|None",
        "undefined|undefined",
        "nein danke|a a",
        "2023-05-01|9999-99-99",
        "007|007",
        "'no'|'a'",
        "``|``",
      })
  void takesWhatTheColumnCannotHoldForNullAndSaysHowItWasSpelled(String value, String spelling) {
    for (String space : List.of("", " ", "\n\t")) {
      String object = "{\"id\":\"a\",\"since\":" + space + value + space + ",\"q\":{\"since\":1}}";
      String last = "{\"id\":\"a\",\"q\":[],\"since\":" + space + value + space + "}";
      String seen = "[a, null, null] + q - since=" + spelling;
      assertThat(scan(object + last + NEXT))
          .containsExactly(
              new Seen(0, object.length(), true, seen),
              new Seen(object.length(), last.length(), true, seen),
              new Seen(object.length() + last.length(), NEXT.length(), true, "[next, null, null]"));
    }
  }

  @Test
  void readsSeveralBareWordsInOneObject() {
    String object = "{\"since\":NaN,\"id\":\"a\",\"note\":,\"q\":1}";
    assertThat(scan(object))
        .containsExactly(
            new Seen(0, object.length(), true, "[a, null, null] + q - note=; since=NaN"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A required or an unknown field, or one of an inner object.
        "{\"id\":NaN}",
        "{\"id\":\"a\",\"q\":NaN}",
        "{\"id\":\"a\",\"q\":{\"since\":NaN}}",
        "{\"id\":\"a\",\"q\":[NaN]}",
        // A value, and something wrong behind it.
        "{\"id\":\"a\",\"since\":1655564376361,NaN}",
        "{\"id\":\"a\",\"since\":1655564376361,q:1}",
        "{\"id\":\"a\",\"since\":1655564376361 \"q\":1}",
        "{\"id\":\"a\",\"since\" NaN}",
        // Two lines that a cut has joined.
        "{\"id\":\"a\",\"since\":16\n55,\"q\":1}",
        "{\"id\":\"a\",\"since\":NaN]}",
        "{\"id\":\"a\",\"since\":NaN,\"since\":NaN,\"note\":NaN,\"since\":NaN,\"since\":NaN}",
      })
  void takesNothingElseForAWord(String object) {
    assertThat(scan(object + NEXT))
        .noneMatch(seen -> seen.valid() && seen.offset() < object.length())
        .anyMatch(seen -> seen.valid() && seen.text().startsWith("[next"));
  }

  @Test
  void anObjectThatIsCutOffBehindAWordIsTruncated() {
    for (String cut : List.of("{\"id\":\"a\",\"since\":NaN,\"no", "{\"id\":\"a\",\"since\":Na")) {
      assertThat(scan(cut))
          .containsExactly(new Seen(0, cut.length(), false, "truncated <" + cut + ">"));
    }
  }

  @Test
  void anySpellingOfNoIsNullWhereverTheWindowEnds() {
    for (int i = 0; i < 2_000; i++) {
      long seed = new Random().nextLong();
      Random random = new Random(seed);
      String field = Spellings.no(random, "since");
      String object =
          field.isEmpty()
              ? "{\"id\":\"a\"}"
              : random.nextBoolean()
                  ? "{\"id\":\"a\", " + field + "}"
                  : "{" + field + ", \"id\":\"a\"}";
      byte[] bytes = (object + "\n" + NEXT).getBytes(UTF_8);
      List<Seen> seen = Scans.scan(bytes, FIELDS, Scans.LIMITS);
      assertThat(seen).as("seed %d: %s", seed, object).hasSize(2).allMatch(Seen::valid);
      assertThat(seen.get(0).text()).as("seed %d", seed).startsWith("[a, null, null]");
      assertThat(seen.get(0).length()).isEqualTo(object.getBytes(UTF_8).length);
      int window = 1 + random.nextInt(bytes.length);
      assertThat(Scans.scan(bytes, FIELDS, Scans.limits(window, 1 << 20, 4096)))
          .as("seed %d, window of %d", seed, window)
          .isEqualTo(seen);
    }
  }
}
