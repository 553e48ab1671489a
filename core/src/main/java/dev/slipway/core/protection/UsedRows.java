package dev.slipway.core.protection;

/**
 * What an account asked of a deployment on one day.
 *
 * @param day days since 1970-01-01, UTC
 * @param rows of its requests that were let in
 */
public record UsedRows(String account, String deployment, long day, long rows) {}
