package io.stedi.lakehouse.scan;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds the data field that a JSON field fills. Not thread-safe. */
public final class FieldIndex {

  /** More spellings than files have unless somebody makes them up. */
  private static final int MAX_REMEMBERED_SPELLINGS = 256;

  private final Map<String, Integer> slotsByLowerCaseName = new HashMap<>();
  private final Map<String, Integer> slotsBySpelling = new HashMap<>();

  FieldIndex(List<DataField> fields) {
    for (int slot = 0; slot < fields.size(); slot++) {
      String name = fields.get(slot).name();
      if (slotsByLowerCaseName.put(lowerCase(name), slot) != null) {
        throw new IllegalArgumentException("Two fields differ only in case: " + name);
      }
    }
  }

  /** The position in the list of the field that a JSON field of this name fills, or -1. */
  int slotOf(String jsonName) {
    Integer slot = slotsBySpelling.get(jsonName);
    if (slot == null) {
      slot = slotsByLowerCaseName.get(lowerCase(jsonName));
      if (slot == null) {
        return -1;
      }
      if (slotsBySpelling.size() < MAX_REMEMBERED_SPELLINGS) {
        slotsBySpelling.put(jsonName, slot);
      }
    }
    return slot;
  }

  /** The form in which names are compared. */
  public static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
