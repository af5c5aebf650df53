package io.stedi.lakehouse.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The derived tables computed from records in plain Java, straight from their meaning and sharing
 * nothing with the jobs. Rows are texts, so that tables compare as sets. Slow and simple on
 * purpose.
 */
public final class ReferenceTables {

  /**
   * A customer record; consent is the research date in epoch milliseconds, null if withheld. The
   * address, like every serial number, is in lower case and without blanks around it.
   */
  public record Customer(
      String email, String serial, long registered, long updated, Long consent) {}

  /** An accelerometer record; time in epoch milliseconds. */
  public record Motion(String user, long time, double x, double y, double z) {}

  /** A step trainer record; time in epoch milliseconds. */
  public record Step(long time, String serial, int distance) {}

  /**
   * The settings that change the tables' meaning.
   *
   * @param everyHolder whether a step reading needs the consent of all accounts that held its
   *     device
   * @param tolerance how far apart times may lie that are paired, in milliseconds
   */
  public record Rules(
      boolean consentFromDate, boolean everyHolder, boolean matchDevice, long tolerance) {}

  private final Map<String, Customer> trusted = new HashMap<>();
  private final Map<String, Customer> curated = new HashMap<>();
  private final Set<Motion> motions = new HashSet<>();
  private final Set<Step> steps = new HashSet<>();
  private final List<String> pairs = new ArrayList<>();

  public ReferenceTables(
      List<Customer> customers, List<Motion> allMotions, List<Step> allSteps, Rules rules)
      throws GeneralSecurityException {
    Map<String, List<Customer>> versions = new HashMap<>();
    for (Customer customer : customers) {
      versions.computeIfAbsent(customer.email(), email -> new ArrayList<>()).add(customer);
    }
    for (List<Customer> history : versions.values()) {
      Customer current =
          history.stream()
              .max(
                  Comparator.comparingLong(Customer::registered)
                      .thenComparingLong(Customer::updated)
                      .thenComparing(version -> version.consent() == null)
                      .thenComparing(Customer::serial))
              .orElseThrow();
      if (current.consent() != null) {
        trusted.put(current.email(), current);
      }
    }
    for (Motion motion : allMotions) {
      Customer owner = trusted.get(motion.user());
      if (owner != null && (!rules.consentFromDate() || motion.time() >= owner.consent())) {
        motions.add(motion);
        curated.put(owner.email(), owner);
      }
    }
    Set<String> devices = new HashSet<>();
    curated.values().forEach(customer -> devices.add(customer.serial()));
    TreeMap<Long, List<Motion>> byTime = new TreeMap<>();
    for (Motion motion : motions) {
      byTime.computeIfAbsent(motion.time(), time -> new ArrayList<>()).add(motion);
    }
    for (Step step : allSteps) {
      if (!devices.contains(step.serial())
          || rules.everyHolder() && isWithheld(step, versions)
          || !steps.add(step)) {
        continue;
      }
      for (Motion motion : near(byTime, step.time(), rules.tolerance())) {
        boolean matched = trusted.get(motion.user()).serial().equals(step.serial());
        if (matched || !rules.matchDevice()) {
          pairs.add(
              "%d|%s|%d|%d|%s|%s|%s|%s|%s"
                  .formatted(
                      step.time(),
                      pseudonym("device", step.serial()),
                      step.distance(),
                      motion.time(),
                      pseudonym("account", motion.user()),
                      motion.x(),
                      motion.y(),
                      motion.z(),
                      matched));
        }
      }
    }
  }

  /** Whether somebody who does not consent held the device at the time of the reading. */
  private boolean isWithheld(Step step, Map<String, List<Customer>> versions) {
    for (Map.Entry<String, List<Customer>> account : versions.entrySet()) {
      if (!trusted.containsKey(account.getKey())) {
        long last =
            account.getValue().stream()
                .mapToLong(Customer::registered)
                .filter(registered -> registered <= step.time())
                .max()
                .orElse(-1);
        if (account.getValue().stream()
            .anyMatch(c -> c.registered() == last && c.serial().equals(step.serial()))) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Motion> near(TreeMap<Long, List<Motion>> byTime, long time, long tolerance) {
    return byTime.subMap(time - tolerance, true, time + tolerance, true).values().stream()
        .flatMap(List::stream)
        .toList();
  }

  /** account|device|lastupdatedate */
  public TreeSet<String> customerTrusted() {
    return customers(trusted);
  }

  /** account|device|lastupdatedate */
  public TreeSet<String> customerCurated() {
    return customers(curated);
  }

  /** account|timestamp|x|y|z */
  public TreeSet<String> accelerometerTrusted() {
    TreeSet<String> rows = new TreeSet<>();
    motions.forEach(
        m -> rows.add("%s|%d|%s|%s|%s".formatted(m.user(), m.time(), m.x(), m.y(), m.z())));
    return rows;
  }

  /** sensorreadingtime|device|distancefromobject */
  public TreeSet<String> stepTrainerTrusted() {
    TreeSet<String> rows = new TreeSet<>();
    steps.forEach(s -> rows.add("%d|%s|%d".formatted(s.time(), s.serial(), s.distance())));
    return rows;
  }

  /** sensorreadingtime|device_id|distancefromobject|timestamp|customer_id|x|y|z|device_matched */
  public TreeSet<String> machineLearningCurated() {
    return new TreeSet<>(pairs);
  }

  private static TreeSet<String> customers(Map<String, Customer> customers) {
    TreeSet<String> rows = new TreeSet<>();
    customers
        .values()
        .forEach(c -> rows.add("%s|%s|%d".formatted(c.email(), c.serial(), c.updated())));
    return rows;
  }

  /** What an account or a device, as {@code what} says, is called in machine_learning_curated. */
  public static String pseudonym(String what, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(TestLake.KEY.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of()
        .formatHex(mac.doFinal((what + "\0" + text).getBytes(StandardCharsets.UTF_8)));
  }
}
