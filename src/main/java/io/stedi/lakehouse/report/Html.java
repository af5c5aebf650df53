package io.stedi.lakehouse.report;

import java.util.List;
import java.util.Locale;

/** Builds a page, with every text escaped. */
final class Html {

  private final StringBuilder page = new StringBuilder();

  /** A text as it stands in an element or in a quoted attribute. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("'", "&#39;")
        .replace("\"", "&quot;");
  }

  Html raw(String html) {
    page.append(html);
    return this;
  }

  Html section(String title) {
    String id = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    page.append("<h2 id='%s'>%s</h2>\n".formatted(id, escaped(title)));
    return this;
  }

  Html paragraph(String text) {
    page.append("<p>%s</p>\n".formatted(escaped(text)));
    return this;
  }

  /**
   * A table, or a word that there is nothing.
   *
   * @param numbers from which column on the cells are numbers
   */
  Html table(String caption, List<String> columns, int numbers, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return paragraph(caption + ": none.");
    }
    page.append(
        "<div class='wide' tabindex='0' role='region' aria-label='%s'><table><caption>%s</caption><thead><tr>"
            .formatted(escaped(caption), escaped(caption)));
    for (int i = 0; i < columns.size(); i++) {
      page.append(
          "<th scope='col'%s>%s</th>"
              .formatted(i >= numbers ? " class='number'" : "", escaped(columns.get(i))));
    }
    page.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      page.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        page.append(
            "<td%s>%s</td>".formatted(i >= numbers ? " class='number'" : "", escaped(row.get(i))));
      }
      page.append("</tr>\n");
    }
    page.append("</tbody></table></div>\n");
    return this;
  }

  @Override
  public String toString() {
    return page.toString();
  }
}
