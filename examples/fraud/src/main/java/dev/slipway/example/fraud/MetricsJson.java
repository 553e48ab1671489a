package dev.slipway.example.fraud;

import java.util.Locale;

/** What a trained model is published with: data, split, versions and measured quality. */
final class MetricsJson {
  private MetricsJson() {}

  static String of(WorldSettings world, TrainingSplit split, XgboostTrainer.Result result) {
    return String.format(
        Locale.ROOT,
        """
        {
          "model": "fraud-xgboost",
          "library": "xgboost4j %s",
          "data": {"seed": %d, "customers": %d, "terminals": %d, "days": %d},
          "train": {"weeks": [%d, %d], "rows": %d, "frauds": %d},
          "test": {"weeks": [%d, %d], "rows": %d, "frauds": %d},
          "auc": %.6f,
          "average_precision": %.6f
        }
        """,
        XgboostTrainer.XGBOOST_VERSION,
        world.seed(),
        world.customers(),
        world.terminals(),
        world.days(),
        split.trainFirstWeek(),
        split.trainEndWeek() - 1,
        result.trainRows(),
        result.trainFrauds(),
        split.testFirstWeek(),
        split.testEndWeek() - 1,
        result.test().rows(),
        result.test().frauds(),
        result.test().auc(),
        result.test().averagePrecision());
  }
}
