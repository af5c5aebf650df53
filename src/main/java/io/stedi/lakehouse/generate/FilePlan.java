package io.stedi.lakehouse.generate;

/**
 * What a file is to be.
 *
 * @param path path below the generated folder, with slashes; compressed if it ends in {@code .gz}
 * @param records how many records it holds; repeats count, rejects do not. None: it stays empty
 * @param separation what stands between its records
 * @param ending how it ends
 */
record FilePlan(String path, int records, Separation separation, Ending ending) {

  /** How a file ends. */
  enum Ending {
    /** Behind a record or separator. */
    WHOLE,
    /** Within a record. */
    CUT,
    /** Within a record and after exactly 2 MiB, if it gets that long. */
    CUT_AT_2_MIB
  }

  static final int TWO_MIB = 2 << 20;
}
