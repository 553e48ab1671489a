package dev.slipway.platform.doctor;

/**
 * What one look found.
 *
 * @param name stable, for example {@code disk}
 * @param detail what was seen, for a person
 * @param mend what to do; empty if nothing is to be done
 */
public record Check(String name, Status status, String detail, String mend) {
  /** How bad it is. */
  public enum Status {
    OK,
    /** It works, and will not for ever. */
    WARNING,
    /** Something does not work. */
    FAILED
  }

  static Check ok(String name, String detail) {
    return new Check(name, Status.OK, detail, "");
  }

  static Check warning(String name, String detail, String mend) {
    return new Check(name, Status.WARNING, detail, mend);
  }

  static Check failed(String name, String detail, String mend) {
    return new Check(name, Status.FAILED, detail, mend);
  }
}
