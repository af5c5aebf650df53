/**
 * What several tests share: a lake in a temporary folder, the real data, a reference computation.
 */
package io.stedi.lakehouse.testing;
