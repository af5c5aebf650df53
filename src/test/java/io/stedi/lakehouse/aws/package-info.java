/** The lakehouse on S3 and Glue. */
package io.stedi.lakehouse.aws;
