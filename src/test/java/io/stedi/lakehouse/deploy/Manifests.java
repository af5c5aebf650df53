package io.stedi.lakehouse.deploy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.kubernetes.operator.api.FlinkDeployment;
import org.apache.flink.kubernetes.operator.api.spec.FlinkVersion;

/** Reads manifests into the classes that Kubernetes' and the operator's own clients use. */
final class Manifests {

  static final Path ROOT = Path.of("k8s");

  private static final Map<String, Class<? extends HasMetadata>> MODELS =
      Map.of(
          "v1/ServiceAccount", ServiceAccount.class,
          "rbac.authorization.k8s.io/v1/Role", Role.class,
          "rbac.authorization.k8s.io/v1/RoleBinding", RoleBinding.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "batch/v1/CronJob", CronJob.class,
          "monitoring.coreos.com/v1/PodMonitor", PodMonitor.class,
          "flink.apache.org/v1beta1/FlinkDeployment", FlinkDeployment.class);

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  static {
    YAML.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    YAML.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    YAML.setAnnotationIntrospector(new NothingUnknown());
  }

  private Manifests() {}

  /** All YAML files below {@code k8s/}. */
  static List<Path> files() {
    try (Stream<Path> tree = Files.walk(ROOT)) {
      return tree.filter(path -> path.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The one document of a file. */
  static JsonNode tree(Path file) {
    try {
      List<JsonNode> documents = trees(Files.readString(file));
      if (documents.size() != 1) {
        throw new IllegalArgumentException(file + " holds " + documents.size() + " documents");
      }
      return documents.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The documents of a text. */
  static List<JsonNode> trees(String yaml) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (JsonParser parser = YAML.createParser(yaml)) {
      // Not readValues, which takes a list for its elements.
      while (parser.nextToken() != null) {
        documents.add(YAML.readTree(parser));
      }
    }
    return documents;
  }

  /**
   * A manifest as its kind's class.
   *
   * @throws IllegalArgumentException if the kind has no class here, a field is unknown or a value
   *     does not fit its field
   */
  static HasMetadata model(JsonNode manifest) {
    Class<? extends HasMetadata> model = MODELS.get(kind(manifest));
    if (model == null) {
      throw new IllegalArgumentException("No model of " + kind(manifest));
    }
    JsonNode readable =
        model == FlinkDeployment.class ? withKnownVersion(manifest.deepCopy()) : manifest;
    return YAML.convertValue(readable, model);
  }

  static String kind(JsonNode manifest) {
    return manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
  }

  /**
   * The model is older than the operator that is deployed to, and its list of Flink versions ends
   * at 1.20. Another test looks at the value that is taken out here.
   */
  private static JsonNode withKnownVersion(ObjectNode deployment) {
    if (deployment.path("spec") instanceof ObjectNode spec
        && spec.path("flinkVersion").asText().matches("v2_[0-9]+")
        && Arrays.stream(FlinkVersion.values())
            .noneMatch(version -> version.name().startsWith("v2_"))) {
      spec.put("flinkVersion", FlinkVersion.v1_20.name());
    }
    return deployment;
  }

  /** Many of the models put what they do not know into a map, or ignore it; here it is an error. */
  private static final class NothingUnknown extends JacksonAnnotationIntrospector {

    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated annotated) {
      return super.findPropertyIgnoralByName(config, annotated).withoutIgnoreUnknown();
    }
  }
}
