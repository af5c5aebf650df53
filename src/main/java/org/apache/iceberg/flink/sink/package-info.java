/**
 * What this program changes in Iceberg's sink. It is in Iceberg's package because the parts that it
 * builds on are not public.
 */
package org.apache.iceberg.flink.sink;
