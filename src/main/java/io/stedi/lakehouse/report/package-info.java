/** A lake as a page to look at, free of persons. */
package io.stedi.lakehouse.report;
