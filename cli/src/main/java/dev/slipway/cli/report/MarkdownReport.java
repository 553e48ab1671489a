package dev.slipway.cli.report;

import dev.slipway.cli.report.CheckReport.Digest;
import dev.slipway.cli.report.CheckReport.Item;
import java.util.ArrayList;
import java.util.List;

/** Markdown for people, as the summaries and comments of code hosts show it. */
public final class MarkdownReport {
  private static final int FINDINGS_SHOWN = 5;
  private static final int CHARACTERS_SHOWN = 300;

  private MarkdownReport() {}

  /** The whole document. */
  public static String of(CheckReport report) {
    StringBuilder text = new StringBuilder();
    text.append("## Slipway: ")
        .append(escaped(report.model()))
        .append(report.passed() ? " passes for " : " does not pass for ")
        .append(escaped(report.environment()))
        .append("\n\n| gate | verdict | findings | evidence |\n|---|---|---|---|\n");
    for (Item item : report.items()) {
      text.append(
          "| %s | %s | %s | %s |%n"
              .formatted(
                  escaped(item.name()),
                  item.verdict().blocks()
                      ? "**" + item.verdict() + "**"
                      : item.verdict().toString(),
                  findings(item.told()),
                  code(item.evidence())));
    }
    if (!report.digests().isEmpty()) {
      text.append("\n| | | digest |\n|---|---|---|\n");
      for (Digest digest : report.digests()) {
        text.append(
            "| %s | %s | %s |%n"
                .formatted(escaped(digest.what()), escaped(digest.name()), code(digest.digest())));
      }
    }
    return text.toString().replace("\r\n", "\n");
  }

  private static String findings(List<String> findings) {
    List<String> shown = new ArrayList<>();
    for (String finding : findings.stream().limit(FINDINGS_SHOWN).toList()) {
      shown.add(
          escaped(
              finding.length() <= CHARACTERS_SHOWN
                  ? finding
                  : finding.substring(0, CHARACTERS_SHOWN) + "..."));
    }
    if (findings.size() > FINDINGS_SHOWN) {
      shown.add("and %d more".formatted(findings.size() - FINDINGS_SHOWN));
    }
    return String.join("<br>", shown);
  }

  private static String code(String digest) {
    return digest.isEmpty() ? "" : "`" + digest.replaceAll("[^A-Za-z0-9:]", "") + "`";
  }

  /** As it reads: no markup, no HTML, no mention of anybody, and no end of the cell. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              if (Character.isISOControl(point)) {
                escaped.append(' ');
              } else if ("&<>|@`\\*_~[]#!".indexOf(point) >= 0) {
                escaped.append("&#").append(point).append(';');
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }
}
