package dev.slipway.core.drift;

/**
 * A statistic of a test and how likely at least as much is without drift. With many values every
 * difference is significant, however small: no alert follows from a p-value.
 *
 * @param pValue in [0, 1]
 */
public record TestResult(double statistic, double pValue) {}
