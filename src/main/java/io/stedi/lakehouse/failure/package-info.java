/** How a run says what went wrong, whose turn it is to act, and with which exit code it ends. */
package io.stedi.lakehouse.failure;
