package io.stedi.lakehouse.scan;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;

/**
 * A column that is filled from a JSON field.
 *
 * @param name the column's name; JSON fields match it whatever their case
 * @param type what the column holds
 * @param maxCharacters the most characters (code points) a {@link FieldType#STRING} may have
 * @param required whether an object without a value for it is a reject. Of a field that is not
 *     required, a value that the column cannot hold counts as none; of one that is, so does blank
 *     text
 */
public record DataField(String name, FieldType type, int maxCharacters, boolean required)
    implements Serializable {

  public DataField {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
  }
}
