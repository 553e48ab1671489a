package dev.slipway.cli.monitor;

import dev.slipway.core.drift.FeatureDrift;
import dev.slipway.core.drift.batch.BatchDrift;
import dev.slipway.core.drift.batch.ColumnPairs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A page that needs nothing else: no script, no font, no picture from elsewhere. The worst features
 * come first. Its size is bounded whatever the files hold: at most 100 histograms of at most 60
 * places, 1,000 rows and 80 characters of a name, together less than 4 MB.
 */
public final class DriftHtml {
  private static final int HISTOGRAMS_MAX = 100;
  private static final int ROWS_MAX = 1_000;
  private static final int NAMES_MAX = 50;
  private static final int NAME_CHARACTERS = 80;
  private static final int LABEL_CHARACTERS = 12;
  private static final int LABELS = 6;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 170;
  private static final int LEFT = 40;
  private static final int TOP = 8;
  private static final int BASE = 140;

  private DriftHtml() {}

  /** The whole document. */
  public static String of(String reference, String current, ColumnPairs columns, BatchDrift batch) {
    return of(reference, current, columns.onlyInReference(), columns.onlyInCurrent(), batch);
  }

  /**
   * The whole document.
   *
   * @param onlyInReference features that were not compared, since the current data lack them
   * @param onlyInCurrent features that were not compared, since the reference lacks them
   */
  public static String of(
      String reference,
      String current,
      List<String> onlyInReference,
      List<String> onlyInCurrent,
      BatchDrift batch) {
    List<BatchDrift.Feature> worstFirst =
        batch.features().stream()
            .sorted(
                Comparator.comparingDouble(
                        (BatchDrift.Feature feature) -> feature.drift().psi() / feature.bound())
                    .reversed())
            .toList();
    StringBuilder page = new StringBuilder(1 << 16);
    page.append(
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Drift of %s</title>
        <style>
        %s</style>
        </head>
        <body>
        <h1>%s</h1>
        <p class="soft">%s against the reference %s</p>
        """
            .formatted(
                name(current),
                style(),
                name(DriftWords.summary(batch)),
                name(current),
                name(reference)));
    absent(page, "Not in the current file", onlyInReference, "drift");
    absent(page, "Not in the reference", onlyInCurrent, "soft");
    table(page, worstFirst);
    page.append(
        """
        <p class="legend"><span><i class="reference"></i>reference (left bar)</span>\
        <span><i class="current"></i>current (right bar)</span></p>
        <div class="cards">
        """);
    worstFirst.stream().limit(HISTOGRAMS_MAX).forEach(feature -> card(page, feature));
    page.append("</div>\n");
    if (worstFirst.size() > HISTOGRAMS_MAX) {
      page.append(
          "<p class=\"soft\">Histograms of the first %d features only.</p>\n"
              .formatted(HISTOGRAMS_MAX));
    }
    page.append(
        """
        <p class="soft">Bars are shares of all values per bin of the reference; bins have no common width. \
        KS is a lower bound from bins. A p-value says how sure a difference is, not how large: with many \
        values every difference is sure.</p>
        </body>
        </html>
        """);
    return page.toString();
  }

  private static void absent(StringBuilder page, String what, List<String> names, String style) {
    if (!names.isEmpty()) {
      List<String> shown = names.stream().limit(NAMES_MAX).map(DriftHtml::name).toList();
      page.append(
          "<p class=\"%s\">%s: %s%s</p>\n"
              .formatted(
                  style,
                  what,
                  String.join(", ", shown),
                  names.size() > NAMES_MAX
                      ? " and %d more".formatted(names.size() - NAMES_MAX)
                      : ""));
    }
  }

  private static void table(StringBuilder page, List<BatchDrift.Feature> features) {
    page.append(
        """
        <div class="scroll"><table>
        <tr><th>feature</th><th>verdict</th><th>n reference</th><th>n current</th><th>PSI</th>\
        <th>bound</th><th>by chance</th><th>KS</th><th>Wasserstein</th><th>missing</th></tr>
        """);
    for (BatchDrift.Feature feature : features.stream().limit(ROWS_MAX).toList()) {
      FeatureDrift drift = feature.drift();
      FeatureDrift.Ordered ordered = drift.ordered();
      page.append(
          "<tr><td>%s</td><td class=\"%s\">%s</td>"
              .formatted(
                  name(feature.reference().feature()),
                  feature.isDrift() ? "drift" : "calm",
                  feature.isDrift() ? "drift" : "no drift"));
      for (String cell :
          List.of(
              count(drift.referenceRows()),
              count(drift.currentRows()),
              DriftWords.number(drift.psi()),
              DriftWords.number(feature.bound()),
              DriftWords.number(drift.psiWithoutDrift()),
              ordered == null ? "-" : DriftWords.number(ordered.kolmogorovSmirnov().statistic()),
              ordered == null ? "-" : DriftWords.number(ordered.wasserstein()),
              DriftWords.percent(feature.qualityNow().missing()))) {
        page.append("<td>").append(cell).append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
    if (features.size() > ROWS_MAX) {
      page.append(
          "<p class=\"soft\">The first %d of %d features.</p>\n"
              .formatted(ROWS_MAX, features.size()));
    }
  }

  private static void card(StringBuilder page, BatchDrift.Feature feature) {
    FeatureDrift drift = feature.drift();
    page.append(
        "<section>\n<h2>%s</h2>\n<p class=\"%s\">%s</p>\n"
            .formatted(
                name(feature.reference().feature()),
                feature.isDrift() ? "drift" : "calm",
                escaped(DriftWords.verdict(feature))));
    histogram(page, name(feature.reference().feature()), Slot.of(feature));
    page.append("<dl>");
    item(page, "n reference", count(drift.referenceRows()));
    item(page, "n current", count(drift.currentRows()));
    item(page, "bins", Integer.toString(drift.bins()));
    item(page, "PSI", DriftWords.number(drift.psi()));
    item(page, "JS (ln)", DriftWords.number(drift.jensenShannon()));
    item(page, "Hellinger", DriftWords.number(drift.hellinger()));
    item(page, "KL", DriftWords.number(drift.kullbackLeibler()));
    item(page, "TV", DriftWords.number(drift.totalVariation()));
    item(page, "χ² p adj.", DriftWords.pValue(feature.chiSquareAdjusted()));
    FeatureDrift.Ordered ordered = drift.ordered();
    if (ordered != null) {
      item(page, "KS ≥", DriftWords.number(ordered.kolmogorovSmirnov().statistic()));
      item(page, "Wasserstein", DriftWords.number(ordered.wasserstein()));
    }
    item(page, "invalid", DriftWords.percent(feature.qualityNow().invalid()));
    page.append("</dl>\n</section>\n");
  }

  private static void item(StringBuilder page, String term, String value) {
    page.append("<dt>%s</dt><dd>%s</dd>".formatted(term, escaped(value)));
  }

  private static void histogram(StringBuilder page, String feature, List<Slot> slots) {
    double most = 0;
    for (Slot slot : slots) {
      most = Math.max(most, Math.max(slot.reference(), slot.current()));
    }
    double top = niceTop(most);
    double step = (double) (WIDTH - LEFT) / slots.size();
    double bar = Math.min(18, step * 0.4);
    page.append(
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Shares per bin of %s, reference and current\">\n"
            .formatted(WIDTH, HEIGHT, feature));
    for (int i = 0; i <= 2; i++) {
      double y = BASE - (BASE - TOP) * i / 2.0;
      page.append(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/><text x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>\n"
              .formatted(
                  LEFT, WIDTH, px(y), px(y), LEFT - 5, px(y + 4), DriftWords.percent(top * i / 2)));
    }
    int every = Math.ceilDiv(slots.size(), LABELS);
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      double middle = LEFT + step * (i + 0.5);
      page.append(
          "<g><title>%s: reference %s, current %s</title><rect class=\"back\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\"/>"
              .formatted(
                  name(slot.name()),
                  DriftWords.percent(slot.reference()),
                  DriftWords.percent(slot.current()),
                  px(middle - step / 2),
                  TOP,
                  px(step),
                  BASE - TOP));
      bar(page, "reference", middle - bar, bar, slot.reference() / top);
      bar(page, "current", middle, bar, slot.current() / top);
      page.append("</g>\n");
      if (i % every == 0) {
        boolean last = i == slots.size() - 1 && slots.size() > LABELS;
        page.append(
            "<text x=\"%s\" y=\"%d\" text-anchor=\"%s\">%s</text>\n"
                .formatted(
                    px(last ? WIDTH : middle),
                    BASE + 16,
                    last ? "end" : "middle",
                    escaped(shortened(slot.label(), LABEL_CHARACTERS))));
      }
    }
    page.append("</svg>\n");
  }

  private static void bar(StringBuilder page, String side, double x, double width, double share) {
    double height = share * (BASE - TOP);
    if (height > 0) {
      // At least a line, so that what is rare is not taken for absent.
      double seen = Math.max(1, height);
      page.append(
          "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
              .formatted(side, px(x), px(BASE - seen), px(width), px(seen)));
    }
  }

  /** The least of 1, 2, 5 times a power of ten that is not below. */
  private static double niceTop(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= most) {
        return Math.min(1, factor * power);
      }
    }
    return Math.min(1, 10 * power);
  }

  private static String px(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String name(String text) {
    return escaped(shortened(text, NAME_CHARACTERS));
  }

  private static String shortened(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters - 1)) + "…";
  }

  /** As it reads, in text and in attributes: no markup, and nothing that turns its direction. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              int type = Character.getType(point);
              if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.SURROGATE
                  || type == Character.UNASSIGNED) {
                escaped.append('\uFFFD');
              } else if ("&<>\"'".indexOf(point) >= 0) {
                escaped.append("&#").append(point).append(';');
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }

  private static String style() {
    try (InputStream in =
        Objects.requireNonNull(DriftHtml.class.getResourceAsStream("drift.css"), "drift.css")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
