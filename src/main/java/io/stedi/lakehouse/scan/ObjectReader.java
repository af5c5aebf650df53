package io.stedi.lakehouse.scan;

import com.fasterxml.jackson.core.ErrorReportConfiguration;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;

/**
 * Reads one JSON object. The parser alone judges the syntax, by the letter of RFC 8259, with one
 * exception: the value of a field that may be absent may be a {@link BareWord}. Fields are judged
 * on the way, but only once the object's end is found.
 */
final class ObjectReader {

  /**
   * Deepest nesting. An object inside a broken one is tried again, so this bounds how often a byte
   * is read.
   */
  static final int MAX_DEPTH = 32;

  /**
   * The parser stops at most this many bytes (the longest literal or escape) before the byte that
   * it could not do without.
   */
  private static final int LOOK_BACK_BYTES = 16;

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  // The caller bounds the object, and with it these.
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          // Messages are not shown, and reading on for their sake would look like asking for more.
          .errorReportConfiguration(
              ErrorReportConfiguration.builder().maxErrorTokenLength(0).build())
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          // Names are data here: interned ones stay for ever, and whether too many of them collide
          // would depend on what was read before.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
          .build();

  private final DataField[] fields;
  private final FieldIndex index;
  private final ValueReader values;

  ObjectReader(List<DataField> fields, ScanLimits limits) {
    this.fields = fields.toArray(DataField[]::new);
    this.index = new FieldIndex(fields);
    this.values = new ValueReader(limits);
  }

  /** How reading went. */
  enum Status {
    /** The object ends within the bytes. */
    COMPLETE,
    /** The bytes end inside the object. */
    UNFINISHED,
    /** No byte that could follow makes this an object. */
    MALFORMED
  }

  /**
   * What was read.
   *
   * @param length length of the object in bytes, if complete
   * @param values the values, if it is a valid record
   * @param undeclaredFields the fields without a column, null when none
   * @param unusableValues the values that were taken for null, null when none
   * @param reason why it is not a valid record, null if it is
   */
  record Outcome(
      Status status,
      int length,
      Object[] values,
      UndeclaredFields undeclaredFields,
      UnusableValues unusableValues,
      RejectReason reason) {

    private static final Outcome UNFINISHED =
        new Outcome(Status.UNFINISHED, 0, null, null, null, RejectReason.of(RejectKind.TRUNCATED));
    private static final Outcome MALFORMED =
        new Outcome(Status.MALFORMED, 0, null, null, null, RejectReason.of(RejectKind.MALFORMED));

    /** Of what may well be JSON, and is not read. */
    private static Outcome beyondLimits(IOException e) {
      RejectKind kind =
          e.getMessage().contains("depth") ? RejectKind.TOO_DEEP : RejectKind.LONG_NUMBER;
      return new Outcome(Status.MALFORMED, 0, null, null, null, RejectReason.of(kind));
    }

    /** The outcome, had the word that was replaced by null been read as such. */
    private Outcome withBareWord(BareWord word, String column, String spelling) {
      if (status != Status.COMPLETE) {
        return this;
      }
      int originalLength = length - word.growth();
      if (reason != null) {
        return new Outcome(status, originalLength, null, null, null, reason);
      }
      UnusableValues unusable = unusableValues == null ? new UnusableValues() : unusableValues;
      unusable.add(column, spelling);
      return new Outcome(status, originalLength, values, undeclaredFields, unusable, null);
    }
  }

  /**
   * Reads the object that starts at {@code start}.
   *
   * @param length how many bytes there are
   * @param last whether there will never be more; unless it is set, an object that goes wrong near
   *     the end of the bytes is unfinished
   */
  Outcome read(byte[] bytes, int start, int length, boolean last) throws IOException {
    return read(bytes, start, length, last, fields.length);
  }

  /**
   * @param bareWords how many bare words are replaced at most: a field that comes back again and
   *     again must not cost a copy of the object each time
   */
  private Outcome read(byte[] bytes, int start, int length, boolean last, int bareWords)
      throws IOException {
    int consumed;
    try (JsonParser parser = FACTORY.createParser(bytes, start, length)) {
      try {
        Outcome outcome = read(parser);
        return Utf8.isValid(bytes, start, start + outcome.length()) ? outcome : Outcome.MALFORMED;
      } catch (IOException e) {
        // A parser of bytes in memory throws nothing but its judgement.
        consumed = (int) Math.min(consumed(parser), length);
        boolean unfinished =
            last
                ? consumed == length && asksForMore(bytes, start, length)
                : e instanceof JsonEOFException || consumed + LOOK_BACK_BYTES >= length;
        if (unfinished) {
          return Outcome.UNFINISHED;
        }
        if (e instanceof StreamConstraintsException) {
          return Outcome.beyondLimits(e);
        }
      }
    }
    return bareWords == 0
        ? Outcome.MALFORMED
        : readBehindBareWord(bytes, start, length, last, consumed, bareWords);
  }

  private Outcome readBehindBareWord(
      byte[] bytes, int start, int length, boolean last, int consumed, int bareWords)
      throws IOException {
    BareWord.Search search = BareWord.find(bytes, start, length, consumed);
    if (search.result() == BareWord.Search.Result.UNFINISHED && !last) {
      return Outcome.UNFINISHED;
    }
    BareWord word = search.word();
    int slot = word == null ? -1 : index.slotOf(word.field());
    if (slot < 0
        || fields[slot].required()
        || !Utf8.isValid(bytes, start + word.from(), start + word.to())) {
      return Outcome.MALFORMED;
    }
    byte[] replaced = word.replacedByNull(bytes, start, length);
    return read(replaced, 0, replaced.length, last, bareWords - 1)
        .withBareWord(
            word, fields[slot].name(), UnusableValues.spelling(word.text(bytes, start), false));
  }

  /**
   * Whether the parser gave up at the end of the bytes or at the last of them. It reports the end
   * as a syntax error in some places, but from a stream it asks for more before it does.
   */
  private static boolean asksForMore(byte[] bytes, int start, int length) throws IOException {
    AskedForMore in = new AskedForMore(bytes, start, length);
    try (JsonParser parser = FACTORY.createParser(in)) {
      parser.nextToken();
      parser.skipChildren();
    } catch (JacksonException e) {
      // Known already; what matters is what came before it.
    }
    return in.asked;
  }

  private static final class AskedForMore extends ByteArrayInputStream {

    private boolean asked;

    AskedForMore(byte[] bytes, int start, int length) {
      super(bytes, start, length);
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      int count = super.read(target, offset, length);
      asked |= count < 0;
      return count;
    }
  }

  /** How many bytes the parser has looked at. */
  private static long consumed(JsonParser parser) {
    return parser.currentLocation().getByteOffset();
  }

  private Outcome read(JsonParser parser) throws IOException {
    Object[] row = new Object[fields.length];
    boolean[] seen = new boolean[fields.length];
    UndeclaredFields undeclared = null;
    UnusableValues unusable = null;
    RejectReason reason = null;
    boolean objects = false;
    parser.nextToken();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      int slot = index.slotOf(name);
      RejectReason problem = null;
      if (slot >= 0) {
        DataField field = fields[slot];
        JsonToken token = parser.currentToken();
        Object value = values.read(parser, field);
        if (seen[slot]) {
          problem = RejectReason.of(RejectKind.DUPLICATE_FIELD, field);
        } else if (value instanceof RejectKind kind) {
          if (field.required()) {
            problem = RejectReason.of(kind, field);
          } else {
            unusable = unusable == null ? new UnusableValues() : unusable;
            unusable.add(field.name(), spelling(parser, token));
          }
        } else {
          row[slot] = value;
        }
        seen[slot] = true;
      } else {
        objects |= skipValue(parser);
        if (undeclared == null) {
          undeclared = new UndeclaredFields();
        }
        if (!undeclared.add(name)) {
          problem = RejectReason.of(RejectKind.DUPLICATE_FIELD);
        } else if (!Utf8.isEncodable(name)) {
          problem = RejectReason.of(RejectKind.MALFORMED);
        }
      }
      // The first fault is the reason: those behind it are often its consequences.
      reason = reason == null ? problem : reason;
    }
    int length = (int) consumed(parser);
    if (reason == null) {
      reason = findMissing(row);
      if (reason != null && objects) {
        reason = RejectReason.of(RejectKind.ENVELOPE);
      }
    }
    return reason == null
        ? new Outcome(Status.COMPLETE, length, row, undeclared, unusable, null)
        : new Outcome(Status.COMPLETE, length, null, null, null, reason);
  }

  /** Skips a value; whether it is an object or an array with one. */
  private static boolean skipValue(JsonParser parser) throws IOException {
    boolean objects = parser.currentToken() == JsonToken.START_OBJECT;
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        objects |= parser.currentToken() == JsonToken.START_OBJECT;
        parser.skipChildren();
      }
    } else {
      parser.skipChildren();
    }
    return objects;
  }

  private static String spelling(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> "{}";
      case START_ARRAY -> "[]";
      default -> UnusableValues.spelling(parser.getText(), token == JsonToken.VALUE_STRING);
    };
  }

  private RejectReason findMissing(Object[] row) {
    for (int slot = 0; slot < row.length; slot++) {
      if (row[slot] == null && fields[slot].required()) {
        return RejectReason.of(RejectKind.MISSING_FIELD, fields[slot]);
      }
    }
    return null;
  }
}
