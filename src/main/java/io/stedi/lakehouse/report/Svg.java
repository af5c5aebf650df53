package io.stedi.lakehouse.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Drawings as SVG, whose colours are those of the page. */
final class Svg {

  private static final int WIDTH = 440;
  private static final int BAR = 18;
  private static final int GAP = 6;
  private static final int LABELS = 140;
  private static final int NUMBERS = 70;
  private static final int COLUMNS_HEIGHT = 160;

  /** Up to so many values have a line each; more are columns side by side. */
  private static final int LINES = 12;

  private static final int BOX_WIDTH = 190;
  private static final int BOX_HEIGHT = 44;
  private static final int BETWEEN_LAYERS = 60;
  private static final int BETWEEN_BOXES = 16;

  private Svg() {}

  /**
   * A bar for each value.
   *
   * @param title for whoever does not see it
   * @param bars a label and a number, which is not negative
   */
  static String bars(String title, List<Map.Entry<String, Long>> bars) {
    return bars.size() <= LINES ? lines(title, bars) : columns(title, bars);
  }

  private static String lines(String title, List<Map.Entry<String, Long>> bars) {
    long most = bars.stream().mapToLong(Map.Entry::getValue).max().orElse(1);
    int height = bars.size() * (BAR + GAP);
    StringBuilder svg = begin(title, WIDTH, height);
    int y = 0;
    for (Map.Entry<String, Long> bar : bars) {
      double width = (double) (WIDTH - LABELS - NUMBERS) * bar.getValue() / Math.max(1, most);
      text(svg, LABELS - 8, y + 13, "end", bar.getKey());
      rectangle(svg, LABELS, y, Math.max(width, 1), BAR, "bar", "");
      text(svg, LABELS + width + 6, y + 13, "start", grouped(bar.getValue()));
      y += BAR + GAP;
    }
    return svg.append("</svg>").toString();
  }

  private static String columns(String title, List<Map.Entry<String, Long>> bars) {
    long most = bars.stream().mapToLong(Map.Entry::getValue).max().orElse(1);
    StringBuilder svg = begin(title, WIDTH, COLUMNS_HEIGHT + 36);
    double step = (double) WIDTH / bars.size();
    for (int i = 0; i < bars.size(); i++) {
      Map.Entry<String, Long> bar = bars.get(i);
      double height = (double) COLUMNS_HEIGHT * bar.getValue() / Math.max(1, most);
      rectangle(
          svg,
          i * step,
          16 + COLUMNS_HEIGHT - height,
          Math.max(step - 1, 1),
          Math.max(height, 1),
          "bar",
          bar.getKey() + ": " + grouped(bar.getValue()));
    }
    text(svg, 0, 11, "start", "most: " + grouped(most));
    text(svg, 0, COLUMNS_HEIGHT + 32, "start", bars.get(0).getKey());
    text(svg, WIDTH, COLUMNS_HEIGHT + 32, "end", bars.get(bars.size() - 1).getKey());
    return svg.append("</svg>").toString();
  }

  /**
   * Boxes with lines between them, each to the right of what leads to it.
   *
   * @param from what leads to each box
   * @param below a second line for some of the boxes
   */
  static String flow(String title, Map<String, Set<String>> from, Map<String, String> below) {
    Map<String, Integer> layers = new TreeMap<>();
    from.forEach(
        (name, before) -> {
          layers.put(name, layer(name, from));
          before.forEach(other -> layers.put(other, layer(other, from)));
        });
    Map<Integer, List<String>> byLayer =
        layers.keySet().stream()
            .collect(Collectors.groupingBy(layers::get, TreeMap::new, Collectors.toList()));
    int most = byLayer.values().stream().mapToInt(List::size).max().orElse(1);
    int height = most * (BOX_HEIGHT + BETWEEN_BOXES);
    int width = byLayer.size() * (BOX_WIDTH + BETWEEN_LAYERS) - BETWEEN_LAYERS;
    Map<String, double[]> places = new LinkedHashMap<>();
    byLayer.forEach(
        (layer, names) -> {
          double room = (double) height / names.size();
          for (int i = 0; i < names.size(); i++) {
            places.put(
                names.get(i),
                new double[] {
                  layer * (BOX_WIDTH + BETWEEN_LAYERS), i * room + (room - BOX_HEIGHT) / 2
                });
          }
        });
    StringBuilder svg = begin(title, width, height);
    from.forEach(
        (name, before) -> before.forEach(other -> line(svg, places.get(other), places.get(name))));
    places.forEach(
        (name, place) -> {
          rectangle(svg, place[0], place[1], BOX_WIDTH, BOX_HEIGHT, "box", "");
          text(svg, place[0] + BOX_WIDTH / 2.0, place[1] + 18, "middle", name);
          text(
              svg,
              place[0] + BOX_WIDTH / 2.0,
              place[1] + 35,
              "middle",
              below.getOrDefault(name, ""));
        });
    return svg.append("</svg>").toString();
  }

  private static int layer(String name, Map<String, Set<String>> from) {
    return from.getOrDefault(name, Set.of()).stream()
        .mapToInt(other -> layer(other, from) + 1)
        .max()
        .orElse(0);
  }

  private static void line(StringBuilder svg, double[] from, double[] to) {
    double x = from[0] + BOX_WIDTH;
    double y = from[1] + BOX_HEIGHT / 2.0;
    double endX = to[0];
    double endY = to[1] + BOX_HEIGHT / 2.0;
    double middle = (x + endX) / 2;
    svg.append(
        "<path class='line' d='M%s %s C%s %s %s %s %s %s'/>"
            .formatted(
                number(x),
                number(y),
                number(middle),
                number(y),
                number(middle),
                number(endY),
                number(endX),
                number(endY)));
  }

  private static StringBuilder begin(String title, int width, int height) {
    return new StringBuilder(
        "<svg viewBox='0 0 %d %d' role='img' aria-label='%s'>"
            .formatted(width, height, Html.escaped(title)));
  }

  private static void rectangle(
      StringBuilder svg,
      double x,
      double y,
      double width,
      double height,
      String style,
      String title) {
    svg.append(
        "<rect class='%s' x='%s' y='%s' width='%s' height='%s'>%s</rect>"
            .formatted(
                style,
                number(x),
                number(y),
                number(width),
                number(height),
                title.isEmpty() ? "" : "<title>" + Html.escaped(title) + "</title>"));
  }

  private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
    svg.append(
        "<text x='%s' y='%s' text-anchor='%s'>%s</text>"
            .formatted(number(x), number(y), anchor, Html.escaped(text)));
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The answer to a query as bars. */
  static List<Map.Entry<String, Long>> bars(LakeReport.Answer answer) {
    List<Map.Entry<String, Long>> bars = new ArrayList<>();
    for (List<String> row : answer.rows()) {
      bars.add(Map.entry(row.get(0), Long.parseLong(row.get(1))));
    }
    return bars;
  }
}
