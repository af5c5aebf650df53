package io.stedi.lakehouse.cli;

/** How a command prints what it found or did. */
enum ReportFormat {
  TABLE,
  JSON
}
