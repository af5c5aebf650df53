package io.stedi.lakehouse.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.stedi.lakehouse.testing.Need;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every manifest is what Kubernetes and the operator understand, as written and as built. */
class ManifestModelTest {

  @ParameterizedTest
  @MethodSource("resources")
  void aResourceFitsItsModel(Path file) {
    assertThatCode(() -> Manifests.model(Manifests.tree(file))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void aKustomizationBuildsIntoManifestsThatFitTheirModels(Path folder) {
    assertThat(Kustomization.build(folder)).isNotEmpty().allSatisfy(Manifests::model);
  }

  @ParameterizedTest
  @CsvSource({
    "/spec/imagePullPolcy",
    "/spec/flinkConfiguraton",
    "/spec/job/entryClas",
    "/spec/jobManager/resource/memroy",
    "/spec/podTemplate/spec/securityContext/runAsNonRot",
    "/spec/podTemplate/spec/containers/0/securityContext/capabilities/dorp",
    "/spec/podTemplate/spec/containers/0/volumeMounts/0/montPath",
  })
  void aMisspeltFieldIsRefused(String path) {
    JsonNode deployment = Manifests.tree(Manifests.ROOT.resolve("base/flink-deployment.yaml"));
    assertThatThrownBy(() -> Manifests.model(with(deployment, path)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1));
  }

  @Test
  void aMisspeltFieldOfEveryOtherKindIsRefused() {
    List<Path> others =
        resources().filter(file -> !file.endsWith("flink-deployment.yaml")).toList();
    assertThat(others)
        .isNotEmpty()
        .allSatisfy(
            file ->
                assertThatThrownBy(
                        () -> Manifests.model(with(Manifests.tree(file), "/metadata/lables")))
                    .hasMessageContaining("lables"));
  }

  @Test
  void noFileIsLeftOutOfItsKustomization() {
    Set<Path> used = new TreeSet<>();
    kustomizations()
        .forEach(
            folder -> {
              Path file = folder.resolve("kustomization.yaml");
              used.add(file);
              JsonNode kustomization = Manifests.tree(file);
              kustomization
                  .path("resources")
                  .forEach(path -> used.add(folder.resolve(path.asText()).normalize()));
              kustomization
                  .path("patches")
                  .forEach(patch -> used.add(folder.resolve(patch.path("path").asText())));
            });
    assertThat(used).containsAll(Manifests.files()).allSatisfy(path -> assertThat(path).exists());
  }

  @ParameterizedTest
  @ValueSource(strings = {"dev", "prod"})
  void kustomizeBuildsTheSame(String overlay) throws Exception {
    List<String> kustomize = kustomize();
    Need.that(!kustomize.isEmpty(), "neither kustomize nor kubectl is on the PATH");
    Path folder = Manifests.ROOT.resolve("overlays").resolve(overlay);
    assertThat(byName(Manifests.trees(output(kustomize, folder))))
        .isEqualTo(byName(Kustomization.build(folder)));
  }

  @Test
  void kustomizeTakesTheComponentIntoAnOverlay(@TempDir Path scratch) throws Exception {
    List<String> kustomize = kustomize();
    Need.that(!kustomize.isEmpty(), "neither kustomize nor kubectl is on the PATH");
    Path copy = Files.createDirectories(scratch.resolve("k8s"));
    for (Path file : Manifests.files()) {
      Path target = copy.resolve(Manifests.ROOT.relativize(file).toString());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    Path overlay = copy.resolve("overlays/dev");
    Files.writeString(
        overlay.resolve("kustomization.yaml"),
        Files.readString(overlay.resolve("kustomization.yaml"))
            + "components:\n  - ../../components/pod-monitor\n");
    assertThat(byName(Manifests.trees(output(kustomize, overlay))))
        .isEqualTo(byName(Kustomization.build(overlay)))
        .containsKey("monitoring.coreos.com/v1/PodMonitor stedi-lakehouse");
  }

  private static Stream<Path> resources() {
    return Stream.of("base", "components")
        .flatMap(
            folder ->
                Manifests.files().stream()
                    .filter(file -> file.startsWith(Manifests.ROOT.resolve(folder))))
        .filter(file -> !file.endsWith("kustomization.yaml"));
  }

  private static Stream<Path> kustomizations() {
    return Manifests.files().stream()
        .filter(file -> file.endsWith("kustomization.yaml"))
        .map(Path::getParent);
  }

  private static JsonNode with(JsonNode manifest, String path) {
    JsonPointer field = JsonPointer.compile(path);
    JsonNode changed = manifest.deepCopy();
    ((ObjectNode) changed.at(field.head())).put(field.last().getMatchingProperty(), "x");
    return changed;
  }

  private static Map<String, JsonNode> byName(List<JsonNode> manifests) {
    Map<String, JsonNode> named = new TreeMap<>();
    manifests.forEach(
        manifest ->
            named.put(
                Manifests.kind(manifest) + " " + manifest.path("metadata").path("name").asText(),
                manifest));
    return named;
  }

  /** The command that builds a kustomization; empty if this machine has none. */
  private static List<String> kustomize() {
    return Stream.of(List.of("kustomize", "build"), List.of("kubectl", "kustomize"))
        .filter(
            command ->
                Stream.of(System.getenv("PATH").split(":"))
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, command.get(0)))))
        .findFirst()
        .orElse(List.of());
  }

  private static String output(List<String> command, Path folder)
      throws IOException, InterruptedException {
    List<String> whole = new ArrayList<>(command);
    whole.add(folder.toString());
    Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      fail("%s: %s", whole, output);
    }
    return output;
  }
}
