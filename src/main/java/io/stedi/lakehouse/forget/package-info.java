/** What forgetting people does in raw files, which are not the lake's own. */
package io.stedi.lakehouse.forget;
