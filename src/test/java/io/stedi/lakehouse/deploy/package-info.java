/** What the lakehouse is deployed with: the CloudFormation stack and the Kubernetes manifests. */
package io.stedi.lakehouse.deploy;
