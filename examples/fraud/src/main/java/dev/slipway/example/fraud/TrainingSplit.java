package dev.slipway.example.fraud;

/**
 * Weeks for training, a gap in which the last labels arrive, and later weeks for the test. Weeks
 * are counted from the world's start; the warm-up of the features is left out.
 *
 * @param trainFirstWeek first week of training
 * @param trainEndWeek first week after it
 * @param testFirstWeek first week of the test
 * @param testEndWeek first week after it
 */
record TrainingSplit(int trainFirstWeek, int trainEndWeek, int testFirstWeek, int testEndWeek) {
  /** Training in weeks 6 to 15; two weeks, the report limit, left out; test in weeks 18 to 25. */
  static final TrainingSplit DEFAULT = new TrainingSplit(6, 16, 18, 26);

  TrainingSplit {
    int gapDays = 7 * (testFirstWeek - trainEndWeek);
    if (7 * trainFirstWeek < FeatureExtractor.WARM_UP_DAYS) {
      throw new IllegalArgumentException(
          "training begins on day %d (expected: >= %d, when the features are warm)"
              .formatted(7 * trainFirstWeek, FeatureExtractor.WARM_UP_DAYS));
    }
    if (gapDays < FraudScenario.reportLimitDays()) {
      throw new IllegalArgumentException(
          "gap between training and test: %d days (expected: >= %d, when all labels are known)"
              .formatted(gapDays, FraudScenario.reportLimitDays()));
    }
  }

  boolean isTraining(Transaction transaction) {
    return transaction.week() >= trainFirstWeek && transaction.week() < trainEndWeek;
  }

  boolean isTest(Transaction transaction) {
    return transaction.week() >= testFirstWeek && transaction.week() < testEndWeek;
  }

  /** The rows of both periods. */
  record Data(LabelledRows training, LabelledRows test) {}

  /** Makes the world's transactions and keeps the rows of both periods. */
  Data collect(WorldSettings settings) {
    TransactionStream stream = new TransactionStream(settings);
    FeatureExtractor extractor = new FeatureExtractor(settings);
    LabelledRows.Collector training = new LabelledRows.Collector();
    LabelledRows.Collector test = new LabelledRows.Collector();
    float[] row = new float[Feature.count()];
    while (stream.hasNext()) {
      Transaction transaction = stream.next();
      extractor.extract(transaction, row, 0);
      if (isTraining(transaction)) {
        training.add(row, transaction.isFraud());
      } else if (isTest(transaction)) {
        test.add(row, transaction.isFraud());
      }
    }
    return new Data(training.rows(), test.rows());
  }
}
