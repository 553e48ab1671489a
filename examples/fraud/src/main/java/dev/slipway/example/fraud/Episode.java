package dev.slipway.example.fraud;

import java.util.ArrayList;
import java.util.List;

/**
 * Days during which a terminal or a card is in criminal hands.
 *
 * @param subject number of the terminal or customer
 * @param firstDay may be negative: crime did not begin with the recording
 * @param endDay first day after it
 */
record Episode(int subject, int firstDay, int endDay) {
  /** New compromised terminals a day, for each 1,000 terminals. */
  private static final double TERMINALS_PER_THOUSAND = 0.2;

  /** New stolen cards a day, for each 1,000 customers. */
  private static final double CARDS_PER_THOUSAND = 0.42;

  private static final int TERMINAL_DAYS_MIN = 14;
  private static final int TERMINAL_DAYS_MAX = 35;
  private static final int CARD_DAYS_MIN = 3;
  private static final int CARD_DAYS_MAX = 14;

  static List<Episode> compromisedTerminals(WorldSettings settings, int day) {
    return beginning(
        RandomStream.of(settings.seed(), World.Purpose.TERMINAL_EPISODE, day),
        day,
        settings.terminals(),
        TERMINALS_PER_THOUSAND,
        TERMINAL_DAYS_MIN,
        TERMINAL_DAYS_MAX);
  }

  static List<Episode> stolenCards(WorldSettings settings, int day) {
    return beginning(
        RandomStream.of(settings.seed(), World.Purpose.CARD_EPISODE, day),
        day,
        settings.customers(),
        CARDS_PER_THOUSAND,
        CARD_DAYS_MIN,
        CARD_DAYS_MAX);
  }

  private static List<Episode> beginning(
      RandomStream random, int day, int subjects, double perThousand, int daysMin, int daysMax) {
    int count = random.poisson(perThousand * subjects / 1_000);
    List<Episode> episodes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int subject = random.below(subjects);
      episodes.add(new Episode(subject, day, day + daysMin + random.below(daysMax - daysMin + 1)));
    }
    return episodes;
  }

  /** Longest that an episode may last: those that began earlier are over. */
  static int daysMax() {
    return Math.max(TERMINAL_DAYS_MAX, CARD_DAYS_MAX);
  }
}
