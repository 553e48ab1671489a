package dev.slipway.example.fraud;

/** Distinct rows of realistic features in a moment, for benchmarks, tests and demonstrations. */
public final class FraudRows {
  private static final int CUSTOMERS = 2_000;
  private static final int TERMINALS = 1_000;

  /** Far more days than anybody asks rows for; the stream makes only those that are read. */
  private static final int DAYS = 10_000;

  private FraudRows() {}

  /**
   * Rows of consecutive transactions, after the features have warmed up.
   *
   * @param count number of rows, {@code >= 0}
   * @return {@code float[count][15]}, columns in the order of {@link Feature}; equal arguments give
   *     equal rows
   */
  public static float[][] rows(long seed, int count) {
    WorldSettings settings =
        new WorldSettings(seed, CUSTOMERS, TERMINALS, DAYS, WorldSettings.DEFAULT.start());
    TransactionStream stream = new TransactionStream(settings);
    FeatureExtractor extractor = new FeatureExtractor(settings);
    float[][] rows = new float[count][Feature.count()];
    float[] scratch = new float[Feature.count()];
    int filled = 0;
    while (filled < count) {
      Transaction transaction = stream.next();
      boolean warm = transaction.day() >= FeatureExtractor.WARM_UP_DAYS;
      extractor.extract(transaction, warm ? rows[filled++] : scratch, 0);
    }
    return rows;
  }
}
