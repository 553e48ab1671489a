package dev.slipway.core.drift;

/**
 * How far two distributions over the same bins lie apart. All are 0 for equal shares and none has a
 * sign. In the formulas r is a share of the reference, c of the current data, ln the natural
 * logarithm.
 */
public enum Divergence {
  /** Population stability index: the sum of (c - r) ln(c / r). No upper bound. */
  PSI {
    @Override
    double term(double r, double c) {
      return (c - r) * Math.log(c / r);
    }
  },
  /**
   * Kullback-Leibler divergence of the reference from the current data in nats: the sum of r ln(r /
   * c). No upper bound.
   */
  KULLBACK_LEIBLER {
    @Override
    double term(double r, double c) {
      return r * Math.log(r / c);
    }
  },
  /**
   * Jensen-Shannon distance with the natural logarithm: the root of the divergence of both from
   * their mean. In [0, sqrt(ln 2)], which is 0.8326.
   */
  JENSEN_SHANNON {
    @Override
    double term(double r, double c) {
      double mean = (r + c) / 2;
      return (r * Math.log(r / mean) + c * Math.log(c / mean)) / 2;
    }

    @Override
    double of(double sum) {
      return Math.sqrt(Math.max(0, sum));
    }
  },
  /** Hellinger distance: the root of half the sum of (sqrt r - sqrt c)^2. In [0, 1]. */
  HELLINGER {
    @Override
    double term(double r, double c) {
      double difference = Math.sqrt(r) - Math.sqrt(c);
      return difference * difference / 2;
    }

    @Override
    double of(double sum) {
      return Math.sqrt(sum);
    }
  },
  /** Total variation: half the sum of |r - c|, the share that would have to move. In [0, 1]. */
  TOTAL_VARIATION {
    @Override
    double term(double r, double c) {
      return Math.abs(r - c) / 2;
    }
  };

  /** What one bin adds. */
  abstract double term(double r, double c);

  double of(double sum) {
    return sum;
  }

  /**
   * @param shares positive
   */
  double between(Shares shares) {
    double sum = 0;
    for (int i = 0; i < shares.reference().length; i++) {
      sum += term(shares.reference()[i], shares.current()[i]);
    }
    return of(sum);
  }
}
