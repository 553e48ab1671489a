package dev.slipway.example.fraud;

import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * All transactions of a world in the order of time, made one day at a time, so that memory does not
 * grow with the number of days. Not thread-safe.
 *
 * <p>Each customer pays around home in the usual amounts. Three kinds of fraud are added: at a
 * compromised terminal all transactions are fraudulent, for two to five weeks; a stolen card is
 * used by the thief as well as by its owner, anywhere and for several times the usual amount, until
 * the first report; and now and then there is one single large purchase.
 */
public final class TransactionStream implements Iterator<Transaction> {
  private static final int SECONDS_PER_HOUR = 3_600;
  private static final int NIGHT_BEGINS_HOUR = 22;
  private static final int NIGHT_HOURS = 7;
  private static final double LARGE_AMOUNTS_PER_PAYMENT = 0.000_9;
  private static final double THEFTS_PER_DAY = 2.2;
  private static final int AMOUNT_CENTS_MIN = 50;
  private static final int AMOUNT_CENTS_MAX = 500_000;

  private final WorldSettings settings;
  private final World world;

  /** First day on which the terminal is free of crime again. */
  private final int[] terminalCompromisedUntilDay;

  private final int[] cardStolenUntilDay;
  private final List<Transaction> today = new ArrayList<>();
  private int position;
  private int day;
  private int nextId;

  public TransactionStream(WorldSettings settings) {
    this.settings = settings;
    this.world = World.build(settings);
    this.terminalCompromisedUntilDay = new int[settings.terminals()];
    this.cardStolenUntilDay = new int[settings.customers()];
    Arrays.fill(terminalCompromisedUntilDay, Integer.MIN_VALUE);
    Arrays.fill(cardStolenUntilDay, Integer.MIN_VALUE);
    for (int past = -Episode.daysMax(); past < 0; past++) {
      beginEpisodes(past);
    }
  }

  @Override
  public boolean hasNext() {
    while (position == today.size() && day < settings.days()) {
      makeDay();
    }
    return position < today.size();
  }

  @Override
  public Transaction next() {
    if (!hasNext()) {
      throw new NoSuchElementException("day %d is the last".formatted(settings.days() - 1));
    }
    return today.get(position++);
  }

  private void makeDay() {
    today.clear();
    position = 0;
    beginEpisodes(day);
    boolean weekend = isWeekend(settings, day);
    for (int customer = 0; customer < settings.customers(); customer++) {
      payments(customer, weekend);
      if (day < cardStolenUntilDay[customer]) {
        thefts(customer);
      }
    }
    today.sort(
        Comparator.comparingInt(Transaction::seconds).thenComparingInt(Transaction::customer));
    today.replaceAll(this::numbered);
    day++;
  }

  private void beginEpisodes(int firstDay) {
    for (Episode episode : Episode.compromisedTerminals(settings, firstDay)) {
      extend(terminalCompromisedUntilDay, episode);
    }
    for (Episode episode : Episode.stolenCards(settings, firstDay)) {
      extend(cardStolenUntilDay, episode);
    }
  }

  private static void extend(int[] untilDay, Episode episode) {
    untilDay[episode.subject()] = Math.max(untilDay[episode.subject()], episode.endDay());
  }

  private void payments(int customer, boolean weekend) {
    Customer habits = world.customers().get(customer);
    RandomStream random = RandomStream.of(settings.seed(), World.Purpose.PAYMENTS, customer, day);
    double mean = habits.perDay() * (weekend ? habits.weekendFactor() : 1);
    int count = random.poisson(mean);
    for (int i = 0; i < count; i++) {
      int terminal = habits.choose(random, settings.terminals());
      double cents =
          random.logNormal(habits.usualAmountCents(), habits.amountSpread())
              * world.terminals().get(terminal).amountFactor();
      add(random, customer, terminal, secondsOfDay(random, habits), cents, FraudScenario.NONE);
    }
    if (random.uniform() < LARGE_AMOUNTS_PER_PAYMENT * mean) {
      int terminal = random.below(settings.terminals());
      double cents = random.logNormal(45_000, 0.4);
      int seconds = random.below(WorldSettings.SECONDS_PER_DAY);
      add(random, customer, terminal, seconds, cents, FraudScenario.LARGE_AMOUNT);
    }
  }

  private void thefts(int customer) {
    Customer habits = world.customers().get(customer);
    RandomStream random = RandomStream.of(settings.seed(), World.Purpose.THEFT, customer, day);
    int count = random.poisson(THEFTS_PER_DAY);
    for (int i = 0; i < count; i++) {
      double cents =
          random.logNormal(habits.usualAmountCents(), habits.amountSpread())
              * random.logNormal(3.5, 0.4);
      Transaction theft =
          add(
              random,
              customer,
              random.below(settings.terminals()),
              random.below(WorldSettings.SECONDS_PER_DAY),
              cents,
              FraudScenario.STOLEN_CARD);
      // The card is blocked at the first report, from the following midnight.
      int blockedFromDay = theft.labelSeconds() / WorldSettings.SECONDS_PER_DAY + 1;
      cardStolenUntilDay[customer] = Math.min(cardStolenUntilDay[customer], blockedFromDay);
    }
  }

  private Transaction add(
      RandomStream random,
      int customer,
      int terminal,
      int secondsOfDay,
      double cents,
      FraudScenario ownScenario) {
    boolean skimmed = !ownScenario.isFraud() && day < terminalCompromisedUntilDay[terminal];
    FraudScenario scenario = skimmed ? FraudScenario.COMPROMISED_TERMINAL : ownScenario;
    int seconds = day * WorldSettings.SECONDS_PER_DAY + secondsOfDay;
    int amount = Math.clamp(Math.round(cents), AMOUNT_CENTS_MIN, AMOUNT_CENTS_MAX);
    int labelSeconds = seconds + scenario.labelDelaySeconds(random);
    Transaction transaction =
        new Transaction(0, seconds, customer, terminal, amount, scenario, labelSeconds);
    today.add(transaction);
    return transaction;
  }

  private Transaction numbered(Transaction transaction) {
    return new Transaction(
        nextId++,
        transaction.seconds(),
        transaction.customer(),
        transaction.terminal(),
        transaction.amountCents(),
        transaction.scenario(),
        transaction.labelSeconds());
  }

  private static int secondsOfDay(RandomStream random, Customer habits) {
    if (random.uniform() < habits.nightShare()) {
      int seconds =
          NIGHT_BEGINS_HOUR * SECONDS_PER_HOUR + random.below(NIGHT_HOURS * SECONDS_PER_HOUR);
      return seconds % WorldSettings.SECONDS_PER_DAY;
    }
    double hour = Math.clamp(14.5 + 3.8 * random.gaussian(), 0, 23.999);
    return (int) (hour * SECONDS_PER_HOUR);
  }

  static boolean isWeekend(WorldSettings settings, int day) {
    int mondayIsOne = settings.start().getDayOfWeek().getValue();
    return (mondayIsOne - 1 + day) % 7 + 1 >= DayOfWeek.SATURDAY.getValue();
  }
}
