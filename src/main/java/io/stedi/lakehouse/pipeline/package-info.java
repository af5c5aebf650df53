/**
 * From SQL files to one running job: loads the program, orders it by the names that it reads, plans
 * it as one statement set and runs that.
 */
package io.stedi.lakehouse.pipeline;
