/**
 * The files in {@code k8s/} against the models of Kubernetes and of the Flink operator, and against
 * the program that they deploy.
 */
package io.stedi.lakehouse.deploy;
