package dev.slipway.serving.profile;

import dev.slipway.core.model.EngineSettings.Scheduling;
import dev.slipway.core.model.ExecutionProvider;
import dev.slipway.serving.profile.ModelProfile.Recommendation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decides which settings serve a model best, from measurements alone.
 *
 * <ol>
 *   <li>A way to run it (engine, provider, threads) qualifies if a single row takes at most a
 *       millisecond, or at most twice as long as in the fastest way.
 *   <li>Of those that qualify, the one with the most rows per second wins, where a processor counts
 *       as many runs side by side as its threads leave room for.
 *   <li>The batch is the smallest within a tenth of the way's best; where joining rows gains less
 *       than a fifth it is left automatic.
 *   <li>A run belongs on the event loop at once if a row takes less than 30 microseconds and
 *       joining rows gains less than half, and once per turn if a whole batch takes less than 200;
 *       all else goes to workers.
 * </ol>
 */
public final class SettingsAdvice {
  static final double INLINE_MICROS_BELOW = 30;
  static final double TURN_MICROS_BELOW = 200;

  private static final double FAST_ENOUGH_MICROS = 1_000;
  private static final double SLOWER_AT_MOST = 2;
  private static final double NEAR_BEST = 0.9;
  private static final double BATCH_GAIN_MIN = 1.2;
  private static final double TURN_GAIN_MIN = 1.5;

  private SettingsAdvice() {}

  /** The measurements of one engine, provider and number of threads, by growing batch. */
  private record Way(Key key, List<ProfileRow> rows) {
    record Key(String engine, ExecutionProvider provider, int threads) {}

    double singleMicros() {
      return rows.getFirst().microsPerRun();
    }

    ProfileRow best() {
      return rows.stream().max(Comparator.comparingDouble(ProfileRow::rowsPerSecond)).orElseThrow();
    }

    /** Smallest batch that is nearly as good as the best. */
    ProfileRow sufficient() {
      double enough = best().rowsPerSecond() * NEAR_BEST;
      return rows.stream().filter(row -> row.rowsPerSecond() >= enough).findFirst().orElseThrow();
    }

    double batchGain() {
      return best().rowsPerSecond() / rows.getFirst().rowsPerSecond();
    }

    double rowsPerSecond(int cores) {
      int sideBySide =
          key.provider() == ExecutionProvider.CPU ? Math.max(1, cores / key.threads()) : 1;
      return best().rowsPerSecond() * sideBySide;
    }

    String name() {
      String provider = key.provider().name().toLowerCase(Locale.ROOT);
      String threads = key.threads() == 1 ? "" : ", " + key.threads() + " threads";
      return "%s on %s%s".formatted(key.engine(), provider, threads);
    }
  }

  /**
   * @param rows at least one
   * @param blocking engines whose runs block on I/O and therefore never belong on an event loop
   * @param cores of the machine, {@code >= 1}
   */
  public static Recommendation recommend(List<ProfileRow> rows, Set<String> blocking, int cores) {
    List<Way> ways = ways(rows);
    double fastest = ways.stream().mapToDouble(Way::singleMicros).min().orElseThrow();
    double allowed = Math.max(FAST_ENOUGH_MICROS, fastest * SLOWER_AT_MOST);
    Way chosen =
        ways.stream()
            .filter(way -> way.singleMicros() <= allowed)
            .max(Comparator.comparingDouble(way -> way.rowsPerSecond(cores)))
            .orElseThrow();
    boolean joins = chosen.batchGain() >= BATCH_GAIN_MIN;
    int batch = joins ? chosen.sufficient().batch() : 0;
    Scheduling scheduling = scheduling(chosen, blocking.contains(chosen.key().engine()));
    return new Recommendation(
        chosen.key().engine(),
        chosen.key().provider(),
        batch,
        chosen.key().threads(),
        scheduling,
        why(chosen, ways, batch, scheduling, blocking.contains(chosen.key().engine()), cores));
  }

  private static List<Way> ways(List<ProfileRow> rows) {
    Map<Way.Key, List<ProfileRow>> grouped = new LinkedHashMap<>();
    for (ProfileRow row : rows) {
      grouped
          .computeIfAbsent(
              new Way.Key(row.engine(), row.provider(), row.threads()), key -> new ArrayList<>())
          .add(row);
    }
    List<Way> ways = new ArrayList<>();
    grouped.forEach(
        (key, group) ->
            ways.add(
                new Way(
                    key,
                    group.stream().sorted(Comparator.comparingInt(ProfileRow::batch)).toList())));
    return ways;
  }

  private static Scheduling scheduling(Way way, boolean blocks) {
    if (blocks) {
      return Scheduling.WORKER;
    }
    if (way.singleMicros() < INLINE_MICROS_BELOW && way.batchGain() < TURN_GAIN_MIN) {
      return Scheduling.INLINE;
    }
    return way.sufficient().microsPerRun() < TURN_MICROS_BELOW
        ? Scheduling.TURN
        : Scheduling.WORKER;
  }

  private static String why(
      Way chosen, List<Way> ways, int batch, Scheduling scheduling, boolean blocks, int cores) {
    ProfileRow single = chosen.rows().getFirst();
    StringBuilder text =
        new StringBuilder(
            "%s: %s us for %s, %s rows/s at batch %d."
                .formatted(
                    chosen.name(),
                    figure(single.microsPerRun()),
                    single.batch() == 1 ? "a single row" : "its %d rows".formatted(single.batch()),
                    figure(chosen.best().rowsPerSecond()),
                    chosen.best().batch()));
    ways.stream()
        .filter(way -> !way.key().equals(chosen.key()))
        .max(Comparator.comparingDouble(way -> way.rowsPerSecond(cores)))
        .ifPresent(
            next ->
                text.append(
                    " Next, %s: %s us and %s rows/s."
                        .formatted(
                            next.name(),
                            figure(next.singleMicros()),
                            figure(next.best().rowsPerSecond()))));
    if (batch > 0) {
      text.append(
          " Joining rows gains %sx, nearly all of it at %d; a request of more rows is refused"
              .formatted(figure(chosen.batchGain()), batch));
      text.append(" while that is set.");
    } else if (chosen.rows().size() > 1) {
      text.append(" Joining rows gains next to nothing, so the batch is left automatic.");
    }
    text.append(
        switch (scheduling) {
          case INLINE -> " A row is cheap enough to run at once on the event loop.";
          case TURN -> " A batch is cheap enough to run once per turn of the event loop.";
          case WORKER ->
              blocks
                  ? " Runs wait for another server, so they belong on workers."
                  : " Runs take too long for the event loop, so they belong on workers.";
          case AUTO -> "";
        });
    return text.toString();
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%,.0f", value);
  }
}
