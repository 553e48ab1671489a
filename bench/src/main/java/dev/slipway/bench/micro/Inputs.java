package dev.slipway.bench.micro;

import dev.slipway.example.fraud.FraudRows;
import java.nio.file.Path;
import java.util.Random;

/** What every benchmark is fed with. */
final class Inputs {
  /** Different rows, and therefore different bodies: more than a branch predictor remembers. */
  static final int COUNT = 10_240;

  private static final long SEED = 7;

  private Inputs() {}

  /** The project's folder: the system property {@code slipway.root}, else where we are. */
  static Path root() {
    return Path.of(System.getProperty("slipway.root", "."));
  }

  /** Feature rows of the fraud example: 15 columns, counts and amounts, mostly short numbers. */
  static float[][] fraudRows() {
    return FraudRows.rows(SEED, COUNT);
  }

  /**
   * Rows of standardised features: normally distributed, each number with all the digits that a
   * float needs, which is the harder case for a parser.
   */
  static float[][] standardRows(int columns) {
    Random random = new Random(SEED);
    float[][] rows = new float[COUNT][columns];
    for (float[] row : rows) {
      for (int column = 0; column < columns; column++) {
        row[column] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  /** The place after {@code index}, going round. */
  static int after(int index) {
    return index + 1 == COUNT ? 0 : index + 1;
  }
}
