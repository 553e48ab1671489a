package dev.slipway.example.fraud;

/**
 * Computes the features of each transaction from what was known when it happened: itself, earlier
 * transactions, and those labels that had arrived. Give it transactions in the order of time; it
 * keeps 37 days of history. Not thread-safe.
 */
public final class FeatureExtractor {
  /** Days left out before now, because most of their frauds are still unreported. */
  static final int LABEL_DELAY_DAYS = 7;

  static final int[] WINDOW_DAYS = {1, 7, 30};

  /** Days after which no feature depends on when the recording began. */
  public static final int WARM_UP_DAYS = LABEL_DELAY_DAYS + 30;

  private static final int NIGHT_END_SECONDS = 6 * 3_600;

  private final WorldSettings settings;
  private final CustomerHistory[] customers;
  private final TerminalHistory[] terminals;

  public FeatureExtractor(WorldSettings settings) {
    this.settings = settings;
    customers = new CustomerHistory[settings.customers()];
    terminals = new TerminalHistory[settings.terminals()];
    for (int i = 0; i < customers.length; i++) {
      customers[i] = new CustomerHistory(WINDOW_DAYS);
    }
    for (int i = 0; i < terminals.length; i++) {
      terminals[i] = new TerminalHistory(LABEL_DELAY_DAYS, WINDOW_DAYS);
    }
  }

  /**
   * Writes the features of the next transaction.
   *
   * @param row takes {@link Feature#count()} values, in the order of {@link Feature}
   * @param offset where the first goes
   */
  public void extract(Transaction transaction, float[] row, int offset) {
    CustomerHistory customer = customers[transaction.customer()];
    TerminalHistory terminal = terminals[transaction.terminal()];
    customer.add(transaction.seconds(), transaction.amountCents());
    terminal.advance(transaction.seconds());
    int at = offset;
    row[at++] = transaction.amountCents() / 100f;
    row[at++] = TransactionStream.isWeekend(settings, transaction.day()) ? 1 : 0;
    row[at++] = secondsOfDay(transaction) < NIGHT_END_SECONDS ? 1 : 0;
    for (int w = 0; w < WINDOW_DAYS.length; w++) {
      row[at++] = customer.count(w);
      row[at++] = (float) customer.meanAmount(w);
    }
    for (int w = 0; w < WINDOW_DAYS.length; w++) {
      row[at++] = terminal.count(w);
      row[at++] = (float) terminal.risk(w);
    }
    terminal.add(transaction.isFraud(), transaction.labelSeconds());
  }

  private static int secondsOfDay(Transaction transaction) {
    return transaction.seconds() % WorldSettings.SECONDS_PER_DAY;
  }
}
