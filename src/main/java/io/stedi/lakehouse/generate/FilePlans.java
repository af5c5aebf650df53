package io.stedi.lakehouse.generate;

/** Lays out a series of files. */
interface FilePlans {

  /**
   * The plan of a file.
   *
   * @param index how many files of the series there are already
   * @param first the record that it will begin with
   */
  FilePlan plan(int index, JsonRecord first);
}
