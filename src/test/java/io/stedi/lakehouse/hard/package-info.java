/** A long run under all that can go wrong at once, and what its lake looks like afterwards. */
package io.stedi.lakehouse.hard;
