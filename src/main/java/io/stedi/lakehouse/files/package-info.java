/** Where raw files are: found below an input, unpacked from a zip file, published as an output. */
package io.stedi.lakehouse.files;
