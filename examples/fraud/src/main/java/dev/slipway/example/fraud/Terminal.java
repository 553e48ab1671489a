package dev.slipway.example.fraud;

/**
 * A place where cards are taken.
 *
 * @param xKilometers position east, within the region's square
 * @param yKilometers position north
 * @param popularity how often it is chosen, relative to its neighbours
 * @param amountFactor how much is spent here, relative to the customer's usual amount
 */
record Terminal(double xKilometers, double yKilometers, double popularity, double amountFactor) {
  static Terminal random(RandomStream random) {
    return new Terminal(
        random.uniform(0, World.REGION_KILOMETERS),
        random.uniform(0, World.REGION_KILOMETERS),
        random.logNormal(1, 0.5),
        random.logNormal(1, 0.35));
  }
}
