package io.stedi.lakehouse.scan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.stedi.lakehouse.scan.Scans.Seen;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Bytes as they arrive: good records, objects around others, and damage of every kind between them.
 *
 * @param bytes the input
 * @param records the good records in it, which no damage touches
 * @param inner the same in objects around them, be these whole, damaged or cut
 */
public record DirtyInput(byte[] bytes, List<Seen> records, List<Seen> inner) {

  private static final String[] SEPARATORS = {
    "", "", "\n", "\n", "\r\n", ",", ",\n", " ", "\n\n", "[", "]", ",\r\n\t"
  };
  private static final String[] USERS = {
    "a@test.com", " b", "{}", "{\\\"", "\u00FC\u20AC", "\uD83D\uDE00", "[,]", "\\u0041\\n", "x{ "
  };
  private static final String[] USER_VALUES = {
    "a@test.com", " b", "{}", "{\"", "\u00FC\u20AC", "\uD83D\uDE00", "[,]", "A\n", "x{ "
  };
  private static final String[] TIME_NAMES = {"timestamp", "timeStamp", "TIMESTAMP"};
  private static final String[] SPACES = {"", "", "", " ", "\n", "\r\n  ", "\t"};
  private static final String[] EXTRAS = {
    "\"q\":{\"x\":[1,{}]}", "\"q\":null", "\"q\":\"}{\"", "\"q\":[[]]"
  };

  /** Objects around records, which stand where the percent signs are. */
  private static final String[] ENVELOPES = {
    "{\"Records\":[%,\n%,%]}",
    "{\"value\":%}",
    "{\"before\":%,\"after\":%}",
    "{\"op\" : \"u\", \"data\" : {\"before\" : %, \"after\" : null}, \"n\" : 1}",
    "{\"Records\":[{\"eventVersion\":\"1.0\",\"Sns\":{\"Message\":%}},{\"Sns\":{\"Message\":%}}]}",
    "{\"user\":\"a\",\"readings\":[[%],[%,%]]}",
    "{\"n\":tru,\"value\":%}",
    "{\"n\":1 2,\"value\":[%,],\"before\":%}",
    "{\"value\":%,}"
  };

  private static final String SOUP = "{}{}[]\"\"\"::,,\\ \n\r/*-+.0123eEtrufalsn\u00FC";

  /** Makes up an input of a few dozen pieces at most. */
  public static DirtyInput random(Random random) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<Seen> records = new ArrayList<>();
    List<Seen> inner = new ArrayList<>();
    // Behind damage it is not known whether an envelope begins in text, or in another object.
    boolean undamaged = true;
    int pieces = random.nextInt(12);
    for (int i = 0; i < pieces; i++) {
      if (random.nextInt(3) > 0) {
        add(good(random), bytes, records);
      } else if (undamaged && random.nextInt(3) == 0) {
        undamaged = addEnvelope(random, bytes, inner);
      } else {
        bytes.writeBytes(damage(random));
        undamaged = false;
      }
      bytes.writeBytes(SEPARATORS[random.nextInt(SEPARATORS.length)].getBytes(UTF_8));
    }
    return new DirtyInput(bytes.toByteArray(), records, inner);
  }

  private static void add(Good good, ByteArrayOutputStream bytes, List<Seen> records) {
    records.add(new Seen(bytes.size(), good.bytes().length, true, good.values()));
    bytes.writeBytes(good.bytes());
  }

  /** Adds an object around records; false if it is cut off. */
  private static boolean addEnvelope(Random random, ByteArrayOutputStream bytes, List<Seen> inner) {
    String envelope = ENVELOPES[random.nextInt(ENVELOPES.length)];
    int cut = random.nextBoolean() ? envelope.length() : 1 + random.nextInt(envelope.length());
    for (char c : envelope.substring(0, cut).toCharArray()) {
      if (c == '%') {
        add(good(random), bytes, inner);
      } else {
        bytes.write(c);
      }
    }
    return cut == envelope.length();
  }

  private record Good(byte[] bytes, String values) {}

  private static Good good(Random random) {
    int user = random.nextInt(USERS.length);
    long time = Scans.MIN_TIME + random.nextInt(Integer.MAX_VALUE);
    double x = random.nextInt(1000) / 8.0;
    double y = -random.nextInt(1000) / 8.0;
    double z = random.nextInt(10);
    List<String> fields = new ArrayList<>();
    fields.add("\"user\"" + spaced(random, ":") + "\"" + USERS[user] + "\"");
    fields.add(
        "\""
            + TIME_NAMES[random.nextInt(TIME_NAMES.length)]
            + "\""
            + spaced(random, ":")
            + (random.nextBoolean() ? Long.toString(time) : "\"" + time + ".0\""));
    fields.add("\"x\":" + x);
    fields.add("\"Y\":\"" + y + "\"");
    fields.add("\"z\"" + spaced(random, ":") + (int) z);
    boolean extra = random.nextInt(4) == 0;
    if (extra) {
      fields.add(EXTRAS[random.nextInt(EXTRAS.length)]);
    }
    Collections.shuffle(fields, random);
    String json = "{" + SPACES[random.nextInt(SPACES.length)] + fields.get(0);
    for (String field : fields.subList(1, fields.size())) {
      json += spaced(random, ",") + field;
    }
    json += SPACES[random.nextInt(SPACES.length)] + "}";
    String values =
        Arrays.toString(new Object[] {USER_VALUES[user], time, x, y, z}) + (extra ? " + q" : "");
    return new Good(json.getBytes(UTF_8), values);
  }

  private static String spaced(Random random, String token) {
    return SPACES[random.nextInt(SPACES.length)] + token + SPACES[random.nextInt(SPACES.length)];
  }

  private static byte[] damage(Random random) {
    byte[] good = good(random).bytes();
    int cut = random.nextInt(good.length);
    switch (random.nextInt(9)) {
      case 0:
      case 1:
        return Arrays.copyOf(good, cut);
      case 2:
        return Arrays.copyOfRange(good, cut, good.length);
      case 3:
        byte[] garbage = new byte[random.nextInt(20)];
        random.nextBytes(garbage);
        return garbage;
      case 4:
        good[cut] ^= (byte) (1 << random.nextInt(8));
        return good;
      case 5:
        StringBuilder soup = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
          soup.append(SOUP.charAt(random.nextInt(SOUP.length())));
        }
        return soup.toString().getBytes(UTF_8);
      case 6:
        String nested = new String(good, UTF_8);
        return nested.replaceFirst("\"x\":[0-9.]+", "\"x\":{\"user\":[]}").getBytes(UTF_8);
      case 7:
        return "{\"a\":".repeat(random.nextInt(50)).getBytes(UTF_8);
      default:
        return "this is a test {\"".substring(random.nextInt(17)).getBytes(UTF_8);
    }
  }
}
