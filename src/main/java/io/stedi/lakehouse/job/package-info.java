/**
 * What a cluster runs: arguments in, one job submitted. Nothing here needs a terminal, a local
 * folder or a lock, and nothing ends the process.
 */
package io.stedi.lakehouse.job;
