package dev.slipway.core.audit.entry;

/**
 * What was acted on.
 *
 * @param kind such as {@code deployment} or {@code model-version}
 * @param name such as {@code fraud} or {@code fraud/3}
 */
public record Subject(String kind, String name) {
  public Subject {
    AuditEntry.requireName("subject.kind", kind);
    AuditEntry.requireName("subject.name", name);
  }
}
