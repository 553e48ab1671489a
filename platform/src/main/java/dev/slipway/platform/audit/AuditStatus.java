package dev.slipway.platform.audit;

/**
 * How the log is doing.
 *
 * @param committed entries that were committed
 * @param integrated entries that the published checkpoint covers
 * @param failures how often integrating failed since the start
 * @param trouble why the last attempt failed; empty if it did not
 * @param refusing whether nothing is signed any more, because what is stored contradicts itself
 */
public record AuditStatus(
    long committed, long integrated, long failures, String trouble, boolean refusing) {
  /** Entries that no published checkpoint covers yet. */
  public long backlog() {
    return Math.max(0, committed - integrated);
  }
}
