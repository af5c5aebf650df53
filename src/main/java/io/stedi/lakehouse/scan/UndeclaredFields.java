package io.stedi.lakehouse.scan;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The names of one object's fields that have no column. */
final class UndeclaredFields {

  /** Longest text, in characters; what does not fit is replaced by {@link #MORE}. */
  static final int MAX_CHARACTERS = 1000;

  static final String MORE = "...";

  private final Set<String> spelled = new TreeSet<>();
  private final Set<String> lowerCase = new HashSet<>();

  /** Adds a name; false if the object had it before, in whatever case. */
  boolean add(String name) {
    spelled.add(name);
    return lowerCase.add(FieldIndex.lowerCase(name));
  }

  /** The names as spelled, sorted and separated by commas. */
  String text() {
    StringBuilder text = new StringBuilder();
    for (String name : spelled) {
      int separator = text.isEmpty() ? 0 : 1;
      if (text.length() + separator + name.length() > MAX_CHARACTERS - 1 - MORE.length()) {
        return text.append(separator == 0 ? "" : ",").append(MORE).toString();
      }
      text.append(separator == 0 ? "" : ",").append(name);
    }
    return text.toString();
  }
}
