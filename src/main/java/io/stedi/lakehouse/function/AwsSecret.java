package io.stedi.lakehouse.function;

import io.stedi.lakehouse.failure.Failures;
import io.stedi.lakehouse.failure.LakehouseException;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/** A secret of AWS Secrets Manager, read with the credentials of AWS's default chain. */
final class AwsSecret {

  private AwsSecret() {}

  /**
   * The text of a secret.
   *
   * @param id its name, or its ARN, which tells its region as well
   * @param version the id of one of its versions, or the empty string for the current one
   * @throws LakehouseException if it cannot be read
   */
  static String read(String id, String version) {
    SecretsManagerClientBuilder builder =
        SecretsManagerClient.builder().httpClientBuilder(ApacheHttpClient.builder());
    Arn.tryFromString(id).flatMap(Arn::region).map(Region::of).ifPresent(builder::region);
    String text;
    try (SecretsManagerClient client = builder.build()) {
      text =
          client
              .getSecretValue(
                  request -> request.secretId(id).versionId(version.isEmpty() ? null : version))
              .secretString();
    } catch (SdkException e) {
      throw Failures.explain("Cannot read the secret " + id, e);
    }
    if (text == null) {
      throw LakehouseException.usage(
          "The secret %s holds bytes; the pseudonym key must be a text.".formatted(id));
    }
    return text;
  }
}
