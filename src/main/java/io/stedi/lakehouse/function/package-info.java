/** SQL functions for what SQL itself cannot compute: keyed pseudonyms and content hashes. */
package io.stedi.lakehouse.function;
