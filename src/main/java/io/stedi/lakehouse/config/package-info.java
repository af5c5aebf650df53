/** The settings of a run: one YAML file per environment, overridden by {@code -D key=value}. */
package io.stedi.lakehouse.config;
