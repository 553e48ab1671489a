package dev.slipway.example.fraud;

import java.util.List;
import java.util.function.Predicate;

/**
 * The features by their definition: each a search through all earlier transactions. Slow, and
 * written without a look at the sliding windows that it checks.
 */
final class FeatureDefinition {
  private static final int DAY = WorldSettings.SECONDS_PER_DAY;

  private FeatureDefinition() {}

  static float[] row(WorldSettings settings, List<Transaction> transactions, int index) {
    Transaction now = transactions.get(index);
    List<Transaction> untilNow = transactions.subList(0, index + 1);
    float[] row = new float[15];
    row[0] = now.amountCents() / 100f;
    int dayOfWeek = settings.start().plusDays(now.day()).getDayOfWeek().getValue();
    row[1] = dayOfWeek >= 6 ? 1 : 0;
    row[2] = now.seconds() % DAY / 3_600 < 6 ? 1 : 0;
    int[] windows = {1, 7, 30};
    for (int w = 0; w < windows.length; w++) {
      int length = windows[w] * DAY;
      List<Transaction> ofCustomer =
          those(
              untilNow,
              t -> t.customer() == now.customer() && t.seconds() > now.seconds() - length);
      row[3 + 2 * w] = ofCustomer.size();
      row[4 + 2 * w] =
          (float)
              (ofCustomer.stream().mapToLong(Transaction::amountCents).sum()
                  / 100.0
                  / ofCustomer.size());
      int end = now.seconds() - 7 * DAY;
      List<Transaction> atTerminal =
          those(
              untilNow,
              t ->
                  t.terminal() == now.terminal()
                      && t.seconds() <= end
                      && t.seconds() > end - length);
      List<Transaction> known =
          those(atTerminal, t -> t.isFraud() && t.labelSeconds() <= now.seconds());
      row[9 + 2 * w] = atTerminal.size();
      row[10 + 2 * w] =
          atTerminal.isEmpty() ? 0 : (float) ((double) known.size() / atTerminal.size());
    }
    return row;
  }

  private static List<Transaction> those(
      List<Transaction> transactions, Predicate<Transaction> condition) {
    return transactions.stream().filter(condition).toList();
  }
}
