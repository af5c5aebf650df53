/** Checks the descriptions of the places that the lakehouse is deployed to. */
package io.stedi.lakehouse.deploy;
