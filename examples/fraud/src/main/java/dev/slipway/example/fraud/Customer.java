package dev.slipway.example.fraud;

import java.util.List;

/**
 * A card holder and their habits.
 *
 * @param usualAmountCents median of what they spend
 * @param amountSpread deviation of the logarithm of what they spend
 * @param perDay payments on a working day
 * @param weekendFactor payments on a day of the weekend, relative to a working day
 * @param nightShare share of payments between 22:00 and 05:00
 * @param wanderlust share of payments at terminals other than their own
 * @param terminals the terminals around home
 * @param cumulativeWeights how they choose among these; ends with 1
 */
record Customer(
    double usualAmountCents,
    double amountSpread,
    double perDay,
    double weekendFactor,
    double nightShare,
    double wanderlust,
    int[] terminals,
    double[] cumulativeWeights) {
  private static final int TERMINALS_AROUND_HOME = 12;

  static Customer random(RandomStream random, List<Terminal> all) {
    double x = random.uniform(0, World.REGION_KILOMETERS);
    double y = random.uniform(0, World.REGION_KILOMETERS);
    int[] nearest = nearest(x, y, all);
    return new Customer(
        random.logNormal(3_200, 0.6),
        random.uniform(0.35, 0.65),
        Math.min(4, random.logNormal(0.95, 0.5)),
        random.uniform(0.6, 1.6),
        random.uniform(0, 0.12),
        random.uniform(0.01, 0.08),
        nearest,
        weights(x, y, nearest, all));
  }

  /** A terminal for one payment. */
  int choose(RandomStream random, int terminalCount) {
    if (random.uniform() < wanderlust) {
      return random.below(terminalCount);
    }
    double dice = random.uniform();
    int choice = 0;
    while (choice < terminals.length - 1 && cumulativeWeights[choice] <= dice) {
      choice++;
    }
    return terminals[choice];
  }

  private static int[] nearest(double x, double y, List<Terminal> all) {
    int count = Math.min(TERMINALS_AROUND_HOME, all.size());
    int[] nearest = new int[count];
    double[] squares = new double[count];
    int filled = 0;
    for (int candidate = 0; candidate < all.size(); candidate++) {
      double square = squaredKilometers(x, y, all.get(candidate));
      if (filled == count && square >= squares[count - 1]) {
        continue;
      }
      int place = filled < count ? filled++ : count - 1;
      for (; place > 0 && squares[place - 1] > square; place--) {
        squares[place] = squares[place - 1];
        nearest[place] = nearest[place - 1];
      }
      squares[place] = square;
      nearest[place] = candidate;
    }
    return nearest;
  }

  private static double[] weights(double x, double y, int[] nearest, List<Terminal> all) {
    double[] cumulative = new double[nearest.length];
    double sum = 0;
    for (int i = 0; i < nearest.length; i++) {
      Terminal terminal = all.get(nearest[i]);
      sum += terminal.popularity() / (1 + Math.sqrt(squaredKilometers(x, y, terminal)));
      cumulative[i] = sum;
    }
    for (int i = 0; i < cumulative.length; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  private static double squaredKilometers(double x, double y, Terminal terminal) {
    double dx = x - terminal.xKilometers();
    double dy = y - terminal.yKilometers();
    return dx * dx + dy * dy;
  }
}
