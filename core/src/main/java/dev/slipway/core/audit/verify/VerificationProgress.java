package dev.slipway.core.audit.verify;

/** Is told how far a verification has come. */
@FunctionalInterface
public interface VerificationProgress {
  /**
   * @param entriesRead so far
   * @param entries in all
   */
  void read(long entriesRead, long entries);
}
