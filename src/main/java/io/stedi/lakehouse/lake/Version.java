package io.stedi.lakehouse.lake;

/** The version of the program. */
public final class Version {

  /** As the build's. */
  public static final String NUMBER = "0.1.0";

  private Version() {}
}
