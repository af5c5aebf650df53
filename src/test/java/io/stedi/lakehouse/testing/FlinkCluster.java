package io.stedi.lakehouse.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.fs.s3native.NativeS3FileSystemFactory;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.awaitility.core.TerminalFailureException;

/**
 * A Flink cluster whose JobManager and TaskManagers are processes of their own. They are started as
 * Flink's scripts start them: the class path is a distribution's {@code lib}, which the build's
 * profile {@code cluster} puts into {@code target/flink/lib}, the memory is what Flink itself makes
 * of the configuration.
 */
public final class FlinkCluster implements AutoCloseable {

  /** The {@code lib} of the distribution. */
  static final Path LIB = Path.of("target", "flink", "lib").toAbsolutePath();

  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final String CONSOLE = "log4j-console.properties";
  private static final String HOST = "127.0.0.1";
  private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";
  private static final Set<String> ENDED = Set.of("FINISHED", "FAILED", "CANCELED");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path home;
  private final URI rest;
  private final Map<String, String> environment;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Process> jobManagers = new ArrayList<>();
  private final List<Process> taskManagers = new ArrayList<>();
  private final Thread onExit = new Thread(this::killAll, "flink-killer");
  private List<String> jobManagerResources;
  private List<String> taskManagerResources;

  private FlinkCluster(Path home, URI rest, Map<String, String> environment) {
    this.home = home;
    this.rest = rest;
    this.environment = Map.copyOf(environment);
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /** What a command that ended left: its exit code and what it printed. */
  public record Result(int exitCode, String output) {}

  /**
   * Makes a cluster, of which nothing runs yet.
   *
   * @param home where its configuration, logs and plugins are
   * @param configuration of Flink, over ports and memory of its own
   * @param environment variables of all its processes and of those that submit to it
   */
  public static FlinkCluster in(
      Path home, Map<String, String> configuration, Map<String, String> environment)
      throws IOException {
    URI rest = URI.create("http://%s:%d".formatted(HOST, MotoServer.freePort()));
    Map<String, String> all = new TreeMap<>();
    all.put("jobmanager.rpc.address", HOST);
    all.put("jobmanager.rpc.port", String.valueOf(MotoServer.freePort()));
    all.put("jobmanager.memory.process.size", "1600m");
    all.put("taskmanager.host", HOST);
    all.put("taskmanager.memory.process.size", "1728m");
    all.put("taskmanager.numberOfTaskSlots", "2");
    all.put("rest.address", HOST);
    all.put("rest.port", String.valueOf(rest.getPort()));
    all.put("io.tmp.dirs", Files.createDirectories(home.resolve("tmp")).toString());
    all.putAll(configuration);
    StringBuilder yaml = new StringBuilder();
    all.forEach((key, value) -> yaml.append(key).append(": \"").append(value).append("\"\n"));
    Path conf = Files.createDirectories(home.resolve("conf"));
    Files.writeString(conf.resolve("config.yaml"), yaml);
    if (!Files.exists(home.resolve("plugins"))) {
      distribution(home);
      install(NativeS3FileSystemFactory.class, home.resolve("plugins/s3-fs-native"));
    }
    Files.createDirectories(home.resolve("usrlib"));
    Files.createDirectories(home.resolve("log"));
    return new FlinkCluster(home, rest, environment);
  }

  /**
   * Puts into a folder what is in a distribution of Flink, beside its {@code lib}, before anybody
   * changes it.
   */
  public static void distribution(Path home) throws IOException {
    install(PrometheusReporterFactory.class, home.resolve("plugins/metrics-prometheus"));
    Path conf = Files.createDirectories(home.resolve("conf"));
    // A client's log goes to a file.
    Files.writeString(
        conf.resolve("log4j-cli.properties"),
        """
        rootLogger.level = INFO
        rootLogger.appenderRef.file.ref = File
        appender.file.name = File
        appender.file.type = FILE
        appender.file.fileName = ${sys:log.file}
        appender.file.layout.type = PatternLayout
        """);
    Files.writeString(
        conf.resolve(CONSOLE),
        """
        rootLogger.level = INFO
        rootLogger.appenderRef.console.ref = Console
        appender.console.name = Console
        appender.console.type = CONSOLE
        appender.console.layout.type = PatternLayout
        appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %-60c %x - %m%n
        """);
  }

  /** Copies the jar that a class is in. */
  private static void install(Class<?> inJar, Path folder) throws IOException {
    Path jar =
        Path.of(URI.create(inJar.getProtectionDomain().getCodeSource().getLocation().toString()));
    Files.createDirectories(folder);
    Files.copy(jar, folder.resolve(jar.getFileName()));
  }

  /** The folder in which a job of application mode is looked for. */
  public Path usrlib() {
    return home.resolve("usrlib");
  }

  /** Starts a JobManager that jobs are submitted to. */
  public FlinkCluster startSession() throws IOException, InterruptedException {
    return startJobManager(
        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", List.of());
  }

  /**
   * Starts a JobManager that runs the job in {@link #usrlib}.
   *
   * @param arguments of the entry point, those of the job after them
   */
  public FlinkCluster startApplication(List<String> arguments)
      throws IOException, InterruptedException {
    return startJobManager(
        "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint", arguments);
  }

  private FlinkCluster startJobManager(String entryPoint, List<String> arguments)
      throws IOException, InterruptedException {
    if (jobManagerResources == null) {
      jobManagerResources = resources("GET_JM_RESOURCE_PARAMS");
    }
    jobManagers.add(
        start(
            "jobmanager-" + jobManagers.size(),
            jobManagerResources.get(0),
            entryPoint,
            jobManagerResources.get(1),
            arguments));
    return this;
  }

  /** Starts TaskManagers. */
  public FlinkCluster startTaskManagers(int number) throws IOException, InterruptedException {
    if (taskManagerResources == null) {
      taskManagerResources = resources("GET_TM_RESOURCE_PARAMS");
    }
    for (int i = 0; i < number; i++) {
      taskManagers.add(
          start(
              "taskmanager-" + taskManagers.size(),
              taskManagerResources.get(0),
              "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
              taskManagerResources.get(1),
              List.of()));
    }
    return this;
  }

  /** Waits until so many TaskManagers have registered. */
  public FlinkCluster awaitTaskManagers(int number) {
    await(
        number + " TaskManagers",
        () -> get("/overview").path("taskmanagers").asInt(),
        registered -> registered == number);
    return this;
  }

  /** Kills the JobManager that was started last, with no time to tidy up. */
  public void killJobManager() {
    kill(jobManagers.get(jobManagers.size() - 1));
  }

  /** Kills the TaskManager that was started last, with no time to tidy up. */
  public void killTaskManager() {
    kill(taskManagers.get(taskManagers.size() - 1));
  }

  /** Whether the JobManager that was started last runs. */
  public boolean isRunning() {
    return jobManagers.get(jobManagers.size() - 1).isAlive();
  }

  /**
   * Waits for the end of the JobManager that was started last, as in application mode, where it
   * ends with its job.
   *
   * @return its exit code
   */
  public int awaitEnd() throws IOException, InterruptedException {
    Process jobManager = jobManagers.get(jobManagers.size() - 1);
    if (!jobManager.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The application did not end: " + jobManagerLogEnd());
    }
    return jobManager.exitValue();
  }

  /** What {@code bin/flink} does with the arguments. */
  public Result flink(String... arguments) throws IOException, InterruptedException {
    return flink(Map.of(), arguments);
  }

  /**
   * What {@code bin/flink} does with the arguments.
   *
   * @param variables of the environment, beside those of the cluster
   */
  public Result flink(Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = java("log4j-cli.properties", "-Xmx512m", "-Dlog.file=" + log("client"));
    command.add("org.apache.flink.client.cli.CliFrontend");
    command.addAll(List.of(arguments));
    Path log = Files.createTempFile(home.resolve("log"), "flink-", ".log");
    ProcessBuilder builder = builder(command).redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("flink did not end; the logs are in " + home);
    }
    return new Result(process.exitValue(), Files.readString(log));
  }

  /**
   * Waits for the job of an application.
   *
   * @return its id
   */
  public String awaitOnlyJob() {
    return await("a job", () -> get("/jobs").at("/jobs/0/id").asText(), id -> !id.isEmpty());
  }

  /** Waits until so many checkpoints of a job are complete. */
  public void awaitCheckpoints(String job, int number) {
    await(
        number + " checkpoints",
        () -> get("/jobs/%s/checkpoints".formatted(job)).at("/counts/completed").asInt(),
        completed -> completed >= number);
  }

  /** Waits until a task of a job has finished that has a part of a name in its own. */
  public void awaitFinishedTask(String job, String name) {
    await(
        "a task %s that has finished".formatted(name),
        () -> get("/jobs/" + job).path("vertices"),
        tasks -> {
          for (JsonNode task : tasks) {
            if (task.path("name").asText().contains(name)
                && task.path("status").asText().equals("FINISHED")) {
              return true;
            }
          }
          return false;
        });
  }

  /**
   * Waits until a job has ended.
   *
   * @return how, such as {@code FINISHED}
   */
  public String awaitJob(String job) {
    return await(
        "the end of job " + job, () -> get("/jobs/" + job).path("state").asText(), ENDED::contains);
  }

  private <T> T await(String what, Callable<T> question, Predicate<T> answer) {
    try {
      return Awaitility.await(what)
          .atMost(DEADLINE)
          .failFast("the JobManager has ended", () -> !isRunning())
          .until(question, answer);
    } catch (ConditionTimeoutException | TerminalFailureException e) {
      throw new AssertionError("%s: %s".formatted(what, jobManagerLogEnd()), e);
    }
  }

  private String jobManagerLogEnd() {
    try {
      List<String> lines = jobManagerLog().lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** The ids of the jobs that have not ended. */
  public List<String> unfinishedJobs() throws IOException, InterruptedException {
    List<String> unfinished = new ArrayList<>();
    for (JsonNode job : get("/jobs").path("jobs")) {
      if (!ENDED.contains(job.path("status").asText())) {
        unfinished.add(job.path("id").asText());
      }
    }
    return unfinished;
  }

  /** How often a job was restarted. */
  public int restarts(String job) throws IOException, InterruptedException {
    return get("/jobs/%s/metrics?get=numRestarts".formatted(job)).at("/0/value").asInt();
  }

  /** What a metrics reporter for Prometheus shows at a port; empty if none listens there. */
  public String metrics(int port) throws IOException, InterruptedException {
    return text(URI.create("http://%s:%d/metrics".formatted(HOST, port)));
  }

  /** What Flink's REST interface answers. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    String answer = text(rest.resolve(path));
    return answer.isEmpty() ? JSON.missingNode() : JSON.readTree(answer);
  }

  private String text(URI uri) throws InterruptedException {
    try {
      return client
          .send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      // Not listening yet, or between two JobManagers.
      return "";
    }
  }

  /** The log of the JobManager that was started last. */
  public String jobManagerLog() throws IOException {
    return Files.readString(log("jobmanager-" + (jobManagers.size() - 1)));
  }

  /** The logs of all JobManagers and TaskManagers. */
  public List<String> logs() throws IOException {
    List<String> logs = new ArrayList<>();
    for (int i = 0; i < jobManagers.size(); i++) {
      logs.add(Files.readString(log("jobmanager-" + i)));
    }
    for (int i = 0; i < taskManagers.size(); i++) {
      logs.add(Files.readString(log("taskmanager-" + i)));
    }
    return logs;
  }

  @Override
  public void close() {
    killAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException e) {
      // The virtual machine is ending already and runs the hook.
    }
  }

  private void killAll() {
    taskManagers.forEach(FlinkCluster::kill);
    jobManagers.forEach(FlinkCluster::kill);
  }

  private static void kill(Process process) {
    process.destroyForcibly();
    process.onExit().join();
  }

  private Process start(
      String name, String options, String main, String parameters, List<String> arguments)
      throws IOException {
    List<String> command = java(CONSOLE, options.split(" "));
    command.add(main);
    command.addAll(List.of("--configDir", home.resolve("conf").toString()));
    command.addAll(List.of(parameters.split(" ")));
    command.addAll(arguments);
    return builder(command).redirectOutput(log(name).toFile()).start();
  }

  /**
   * The options of the JVM and the parameters of its program that follow from the configuration.
   */
  private List<String> resources(String command) throws IOException, InterruptedException {
    List<String> java = java(CONSOLE, "-Xmx64m");
    java.addAll(
        List.of(
            "org.apache.flink.runtime.util.bash.BashJavaUtils",
            command,
            "--configDir",
            home.resolve("conf").toString()));
    Path log = log(command);
    Process process = builder(java).redirectOutput(log.toFile()).start();
    if (!process.waitFor(1, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
    List<String> results =
        Files.readAllLines(log).stream()
            .filter(line -> line.startsWith(RESULT))
            .map(line -> line.substring(RESULT.length()))
            .toList();
    if (results.size() != 2) {
      throw new IOException("%s: %s".formatted(command, Files.readString(log)));
    }
    return results;
  }

  private Path log(String name) {
    return home.resolve("log").resolve(name + ".log");
  }

  /**
   * The options of a JVM that runs Flink in a test: the modules to open, which the configuration of
   * a distribution has, and those of {@code ./stedi} for what is over before Java's optimising
   * compiler has paid for itself.
   */
  public static List<String> jvmOptions() {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    options.add("--add-exports=java.base/sun.net.util=ALL-UNNAMED");
    Stream.of("lang", "net", "io", "nio", "text", "time", "util", "util.concurrent")
        .forEach(name -> options.add("--add-opens=java.base/java.%s=ALL-UNNAMED".formatted(name)));
    return options;
  }

  private List<String> java(String logging, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(jvmOptions());
    command.add("-Dlog4j.configurationFile=" + home.resolve("conf").resolve(logging).toUri());
    command.addAll(List.of("-cp", LIB + "/*"));
    return command;
  }

  private ProcessBuilder builder(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("FLINK_CONF_DIR", home.resolve("conf").toString());
    variables.put("FLINK_PLUGINS_DIR", home.resolve("plugins").toString());
    builder.environment().putAll(variables);
    return builder;
  }
}
