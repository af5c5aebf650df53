package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueReaderTest {

  private static Object read(FieldType type, int maxCharacters, boolean required, String json) {
    List<DataField> fields = List.of(new DataField("f", type, maxCharacters, required));
    byte[] object = ("{\"f\":" + json + "}").getBytes(UTF_8);
    try {
      Fragment fragment =
          new RawScanner(new ByteArrayInputStream(object), 0, fields, Scans.LIMITS).next();
      return fragment instanceof Fragment.Reject reject
          ? reject.reason().text()
          : ((Fragment.Valid) fragment).values()[0];
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Object read(FieldType type, String json) {
    return read(type, Integer.MAX_VALUE, true, json);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"text\", text",
        "\"\", missing field: f",
        "\" \\t\", missing field: f",
        "\"\\u00a0\\u3000\\u200b\\ufeff\", missing field: f",
        "\" a \", ` a `",
        "8015551212, 8015551212",
        "-1.50E+3, -1.50E+3",
        "12345678901234567890123, 12345678901234567890123",
        "true, wrong type: f",
        "[], wrong type: f",
        "{}, wrong type: f",
        "null, missing field: f",
      })
  void readsText(String json, String expected) {
    assertThat(read(FieldType.STRING, json)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "1, 1.0",
        "-0.25, -0.25",
        "-0, 0.0",
        "-0.0, 0.0",
        "\"-0e5\", 0.0",
        "1e3, 1000.0",
        "\"1.5\", 1.5",
        "\"-2E-2\", -0.02",
        "4.9E-324, 4.9E-324",
        "12345678901234567890, 1.2345678901234567E19",
        "0.1, 0.1",
        "1e999, out of range: f",
        "\"1e999\", out of range: f",
        "1e999999999, out of range: f",
        "\"NaN\", wrong type: f",
        "\"Infinity\", wrong type: f",
        "\"1d\", wrong type: f",
        "\"0x1p3\", wrong type: f",
        "\" 1\", wrong type: f",
        "\"\", wrong type: f",
        "\"1.\", wrong type: f",
        "\"1e\", wrong type: f",
        "\"-\", wrong type: f",
        "\"01\", wrong type: f",
        "false, wrong type: f",
        "[1], wrong type: f",
      })
  void readsDoubles(String json, String expected) {
    assertThat(read(FieldType.DOUBLE, json)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "246, 246",
        "246.0, 246",
        "2.46E2, 246",
        "\"246\", 246",
        "\"246.00\", 246",
        "-0, 0",
        "0e999999999, 0",
        "2147483647, 2147483647",
        "2147483648, out of range: f",
        "-2147483648, -2147483648",
        "-2147483649, out of range: f",
        "246.5, wrong type: f",
        "1e-3, wrong type: f",
        "1e-999999999, wrong type: f",
        "1e999999999, out of range: f",
        "1e9999999999, out of range: f",
        "123456789012345678901234567890, out of range: f",
        "\"two\", wrong type: f",
        "true, wrong type: f",
      })
  void readsInts(String json, String expected) {
    assertThat(read(FieldType.INT, json)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "9223372036854775807, 9223372036854775807",
    "9223372036854775807.0, 9223372036854775807",
    "9223372036854775808, out of range: f",
    "-9223372036854775808, -9223372036854775808",
    "-9223372036854775809, out of range: f",
    "9007199254740993.0, 9007199254740993",
    "9007199254740993.5, wrong type: f",
  })
  void readsBigInts(String json, String expected) {
    assertThat(read(FieldType.BIGINT, json)).hasToString(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "1655564376361, 1655564376361",
        "1655564376361.0, 1655564376361",
        "1.655564376361E12, 1655564376361",
        "\"1655564376361\", 1655564376361",
        "\"1.655564376361E12\", 1655564376361",
        "946684800000, 946684800000",
        "946684799999, out of range: f",
        "4102444799999, 4102444799999",
        "4102444800000, out of range: f",
        "1655472103, out of range (seconds?): f",
        "165556437636, out of range: f",
        "0, out of range: f",
        "1655564376361.5, wrong type: f",
        "\"2022-06-18\", wrong type: f",
      })
  void readsTimes(String json, String expected) {
    assertThat(read(FieldType.TIMESTAMP, json)).hasToString(expected);
  }

  @Test
  void takesNullForAbsent() {
    for (FieldType type : FieldType.values()) {
      assertThat(read(type, "null")).isEqualTo("missing field: f");
      assertThat(read(type, Integer.MAX_VALUE, false, "null")).isNull();
    }
  }

  @Test
  void takesBlankTextForAValueWhereNoneIsRequired() {
    assertThat(read(FieldType.STRING, Integer.MAX_VALUE, false, "\" \"")).isEqualTo(" ");
  }

  @Test
  void countsCharactersNotCodeUnits() {
    assertThat(read(FieldType.STRING, 2, true, "\"\uD83D\uDE00x\"")).isEqualTo("\uD83D\uDE00x");
    assertThat(read(FieldType.STRING, 2, true, "\"abc\"")).isEqualTo("out of range: f");
  }

  @Test
  void doesNotSpendTimeOnNumbersOfAMillionDigits() {
    String digits = "9".repeat(900_000);
    assertThat(read(FieldType.INT, "\"" + digits + "\"")).isEqualTo("out of range: f");
    assertThat(read(FieldType.DOUBLE, "\"" + digits + "\"")).isEqualTo("out of range: f");
    assertThat(read(FieldType.DOUBLE, digits)).isEqualTo("number of more than 1000 digits");
  }
}
