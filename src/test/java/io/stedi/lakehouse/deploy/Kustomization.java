package io.stedi.lakehouse.deploy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * Builds a kustomization, as far as those in {@code k8s/} go: resources, components, a namespace,
 * and patches by merge and by JSON patch. For machines without kustomize; where it is there, a test
 * compares the two.
 */
final class Kustomization {

  private static final Set<String> KEYS =
      Set.of("apiVersion", "kind", "namespace", "resources", "components", "patches");
  private static final Set<String> PATCH_KEYS = Set.of("path", "target");

  private Kustomization() {}

  /**
   * The manifests that an overlay stands for.
   *
   * @param folder the folder of a {@code kustomization.yaml}
   * @throws IllegalArgumentException if the kustomization cannot be built
   */
  static List<JsonNode> build(Path folder) {
    JsonNode kustomization = Manifests.tree(folder.resolve("kustomization.yaml"));
    requireOnly(kustomization, KEYS, folder);
    TreeMap<String, JsonNode> built = new TreeMap<>();
    for (String list : List.of("resources", "components")) {
      for (JsonNode entry : kustomization.path(list)) {
        Path path = folder.resolve(entry.asText()).normalize();
        List<JsonNode> found =
            path.toString().endsWith(".yaml") ? List.of(Manifests.tree(path)) : build(path);
        for (JsonNode manifest : found) {
          if (built.put(id(manifest), manifest) != null) {
            throw new IllegalArgumentException(folder + " holds twice: " + id(manifest));
          }
        }
      }
    }
    for (JsonNode patch : kustomization.path("patches")) {
      requireOnly(patch, PATCH_KEYS, folder);
      apply(Manifests.tree(folder.resolve(patch.path("path").asText())), patch, built);
    }
    List<JsonNode> manifests = new ArrayList<>(built.values());
    if (kustomization.hasNonNull("namespace")) {
      String namespace = kustomization.path("namespace").asText();
      manifests.forEach(manifest -> putNamespace(manifest, namespace));
    }
    return manifests;
  }

  private static void apply(JsonNode change, JsonNode patch, TreeMap<String, JsonNode> built) {
    String id = id(change.isArray() ? withKind(patch.path("target")) : change);
    JsonNode target = built.get(id);
    if (target == null) {
      throw new IllegalArgumentException("A patch is for %s, which is not there".formatted(id));
    }
    built.put(id, change.isArray() ? replaced(target, change) : merge(target, change));
  }

  /** A patch's target names group and version apart. */
  private static JsonNode withKind(JsonNode target) {
    ObjectNode manifest = target.deepCopy();
    manifest.put(
        "apiVersion", target.path("group").asText() + "/" + target.path("version").asText());
    manifest.putObject("metadata").put("name", target.path("name").asText());
    return manifest;
  }

  /** Of RFC 6902's operations only these two; the patch library at hand does not know the first. */
  private static JsonNode replaced(JsonNode target, JsonNode operations) {
    JsonNode changed = target.deepCopy();
    for (JsonNode operation : operations) {
      JsonPointer path = JsonPointer.compile(operation.path("path").asText());
      if (changed.at(path).isMissingNode()) {
        throw new IllegalArgumentException("A patch is for %s, which is not there".formatted(path));
      }
      JsonNode value = operation.path("value");
      switch (operation.path("op").asText()) {
        case "test" -> {
          if (!changed.at(path).equals(value)) {
            throw new IllegalArgumentException(
                "A patch expects %s at %s, where %s is".formatted(value, path, changed.at(path)));
          }
        }
        case "replace" ->
            ((ObjectNode) changed.at(path.head())).set(path.last().getMatchingProperty(), value);
        default -> throw new IllegalArgumentException("This test does not build " + operation);
      }
    }
    return changed;
  }

  /** As RFC 7396 says: maps are merged, null removes, all else replaces. */
  private static JsonNode merge(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode merged =
        target.isObject() ? target.deepCopy() : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                merged.remove(field.getKey());
              } else {
                merged.set(field.getKey(), merge(merged.path(field.getKey()), field.getValue()));
              }
            });
    return merged;
  }

  private static void putNamespace(JsonNode manifest, String namespace) {
    ((ObjectNode) manifest.path("metadata")).put("namespace", namespace);
    StreamSupport.stream(manifest.path("subjects").spliterator(), false)
        .filter(subject -> subject.path("kind").asText().equals("ServiceAccount"))
        .forEach(subject -> ((ObjectNode) subject).put("namespace", namespace));
  }

  private static String id(JsonNode manifest) {
    return Manifests.kind(manifest) + "/" + manifest.path("metadata").path("name").asText();
  }

  private static void requireOnly(JsonNode node, Set<String> keys, Path folder) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!keys.contains(key)) {
                throw new IllegalArgumentException(
                    "%s uses '%s', which this test does not build".formatted(folder, key));
              }
            });
  }
}
