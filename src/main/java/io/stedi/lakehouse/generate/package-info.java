/**
 * Sample data of our own: invented people, plausible sensors, and every kind of dirt that occurs.
 */
package io.stedi.lakehouse.generate;
