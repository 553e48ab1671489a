package dev.slipway.example.fraud;

import java.util.Arrays;
import java.util.List;

/**
 * The model's inputs, in the order of its columns. Names and order are those of the public
 * literature on card fraud, so that models can be compared.
 */
public enum Feature {
  TX_AMOUNT("Amount of this transaction, in the card's currency"),
  TX_DURING_WEEKEND("1 on a Saturday or Sunday, else 0"),
  TX_DURING_NIGHT("1 from 00:00 to 05:59, else 0"),
  CUSTOMER_ID_NB_TX_1DAY_WINDOW("Transactions of the customer in the last day, this one included"),
  CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW("Mean amount of these"),
  CUSTOMER_ID_NB_TX_7DAY_WINDOW(
      "Transactions of the customer in the last 7 days, this one included"),
  CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW("Mean amount of these"),
  CUSTOMER_ID_NB_TX_30DAY_WINDOW(
      "Transactions of the customer in the last 30 days, this one included"),
  CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW("Mean amount of these"),
  TERMINAL_ID_NB_TX_1DAY_WINDOW("Transactions at the terminal between 8 and 7 days ago"),
  TERMINAL_ID_RISK_1DAY_WINDOW("Share of these known by now to be fraud; 0 if there were none"),
  TERMINAL_ID_NB_TX_7DAY_WINDOW("Transactions at the terminal between 14 and 7 days ago"),
  TERMINAL_ID_RISK_7DAY_WINDOW("Share of these known by now to be fraud; 0 if there were none"),
  TERMINAL_ID_NB_TX_30DAY_WINDOW("Transactions at the terminal between 37 and 7 days ago"),
  TERMINAL_ID_RISK_30DAY_WINDOW("Share of these known by now to be fraud; 0 if there were none");

  private static final List<Feature> ALL = List.of(values());

  private final String description;

  Feature(String description) {
    this.description = description;
  }

  /** All of them, in the order of the model's columns. */
  public static List<Feature> all() {
    return ALL;
  }

  public static int count() {
    return ALL.size();
  }

  /** The column names, separated by commas. */
  static String csvHeader() {
    return String.join(",", Arrays.stream(values()).map(Feature::name).toList());
  }

  public String description() {
    return description;
  }
}
