package io.stedi.lakehouse.scan;

/** Why a fragment is not a record. */
enum RejectKind {
  /** A whole file in another format, compressed by other means than gzip, or in UTF-16. */
  OTHER_FORMAT("not JSON in UTF-8"),
  /** Bytes that do not start like an object. */
  NOT_AN_OBJECT("not an object"),
  /** An object that is written as a string. */
  OBJECT_AS_STRING("object as a string"),
  /** The input ended inside an object. */
  TRUNCATED("truncated"),
  /** The start of an object that is not valid JSON in valid UTF-8. */
  MALFORMED("malformed"),
  /** An object within which objects or arrays lie deeper than is read. */
  TOO_DEEP("nested deeper than 32"),
  /** An object with a number of more digits than are read. */
  LONG_NUMBER("number of more than 1000 digits"),
  /** An object that would be one but for a comma before its end or that of an array in it. */
  TRAILING_COMMA("trailing comma"),
  /** An object that does not end within the longest permitted record. */
  TOO_LONG("too long"),
  /**
   * An object around others that lacks the fields of a record. What is inside is not taken for
   * records: only the object around it tells what it means, such as what was before a change.
   */
  ENVELOPE("envelope around objects"),
  /** A required field is absent or null. */
  MISSING_FIELD("missing field"),
  /** A field's value cannot be read as its column's type without loss. */
  WRONG_TYPE("wrong type"),
  /** A field's value has the right type, but is not one that the column can or may hold. */
  OUT_OF_RANGE("out of range"),
  /** A time that is out of range in milliseconds, but would not be in seconds. */
  SECONDS("out of range (seconds?)"),
  /** A field occurs twice, as when a cut joins the halves of two objects. */
  DUPLICATE_FIELD("duplicate field"),
  /** The compressed stream is damaged or ends early; nothing behind that point can be read. */
  CORRUPT_COMPRESSION("corrupt compression");

  private final String text;

  RejectKind(String text) {
    this.text = text;
  }

  /** The kind in words. */
  String text() {
    return text;
  }
}
