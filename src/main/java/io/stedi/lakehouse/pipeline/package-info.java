/**
 * From SQL files to one running job: loads the program, orders it by the names that it reads, plans
 * it as one statement set and runs that; and from the same files to what the lake should hold.
 */
package io.stedi.lakehouse.pipeline;
