package io.stedi.lakehouse.function;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a fragment that is not a valid record may name: the insides of its texts, and what stands
 * between the signs of JSON and blanks.
 */
public final class FragmentTokens {

  private static final int SHORTEST = 3;

  private static final Pattern TOKEN =
      Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"',:;{}\\[\\]()<>=]+)");

  private FragmentTokens() {}

  /**
   * The texts, in their canonical spelling.
   *
   * @param fragment as UTF-8
   */
  public static Set<String> of(byte[] fragment) {
    Set<String> tokens = new LinkedHashSet<>();
    String text = new String(fragment, StandardCharsets.UTF_8);
    // Once with texts, once without: a quotation mark may be what is missing.
    add(TOKEN.matcher(text), tokens);
    add(TOKEN.matcher(text.replace('"', ' ').replace('\'', ' ').replace('\\', ' ')), tokens);
    return tokens;
  }

  private static void add(Matcher matcher, Set<String> tokens) {
    while (matcher.find()) {
      for (int group = 1; group <= matcher.groupCount(); group++) {
        String token = matcher.group(group);
        if (token != null && token.length() >= SHORTEST) {
          tokens.add(Canonical.of(token));
        }
      }
    }
  }
}
