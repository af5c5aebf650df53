package io.stedi.lakehouse.files;

/**
 * What a zip file may unpack to. The real raw data, JSON that repeats itself, packs about 15 to 1.
 *
 * @param maxEntries the most entries
 * @param maxRatio the most bytes that a packed byte may become, for entries beyond {@code
 *     ratioFreeBytes}
 * @param ratioFreeBytes the size below which an entry's ratio is of no interest, in bytes
 * @param maxBytes the most bytes in total
 */
record ZipLimits(int maxEntries, long maxRatio, long ratioFreeBytes, long maxBytes) {

  static final ZipLimits DEFAULT = new ZipLimits(100_000, 200, 16L << 20, 64L << 30);
}
