package dev.slipway.example.fraud;

import java.util.List;
import java.util.stream.IntStream;

/** Who lives in a simulated region and where they pay: all that does not change with time. */
record World(List<Terminal> terminals, List<Customer> customers) {
  /** Side of the square in which everybody lives. */
  static final double REGION_KILOMETERS = 100;

  static World build(WorldSettings settings) {
    List<Terminal> terminals =
        IntStream.range(0, settings.terminals())
            .mapToObj(i -> Terminal.random(RandomStream.of(settings.seed(), Purpose.TERMINAL, i)))
            .toList();
    List<Customer> customers =
        IntStream.range(0, settings.customers())
            .mapToObj(
                i ->
                    Customer.random(
                        RandomStream.of(settings.seed(), Purpose.CUSTOMER, i), terminals))
            .toList();
    return new World(terminals, customers);
  }

  /** First step of the path of each random stream, so that no two purposes share one. */
  static final class Purpose {
    static final long TERMINAL = 1;
    static final long CUSTOMER = 2;
    static final long PAYMENTS = 3;
    static final long TERMINAL_EPISODE = 4;
    static final long CARD_EPISODE = 5;
    static final long THEFT = 6;

    private Purpose() {}
  }
}
