package dev.slipway.platform.protection;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.entry.Reason;
import dev.slipway.core.audit.entry.Subject;
import dev.slipway.core.identity.Principal;
import dev.slipway.core.protection.ExtractionFinding;
import dev.slipway.core.protection.UseListener;
import dev.slipway.platform.audit.AuditActions;
import dev.slipway.store.control.ControlStore;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what looks like an attempt to copy a model. */
public final class SuspicionLog implements UseListener {
  /** The action of the entries; the subject is the deployment, the actor the account that asked. */
  public static final String SUSPECTED = "protection.extraction-suspected";

  private static final Logger LOG = LoggerFactory.getLogger(SuspicionLog.class);

  private final ControlStore store;
  private final InstantSource clock;

  public SuspicionLog(ControlStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public void suspected(Principal principal, String deployment, ExtractionFinding finding) {
    Thread.ofVirtual().name("suspicion").start(() -> write(principal.actor(), deployment, finding));
  }

  private void write(Actor actor, String deployment, ExtractionFinding finding) {
    String words =
        String.format(
            Locale.ROOT,
            "about %d different rows within the window, %.0f %% of which vary one asked before in"
                + " one or two features",
            finding.rows(),
            100 * finding.variedShare());
    // The log of the server names nobody; the entry does, as far as the audit log may.
    LOG.warn("deployment {}: somebody may be copying the model: {}", deployment, words);
    AuditEntry entry =
        AuditEntry.of(
                actor, SUSPECTED, new Subject(AuditActions.DEPLOYMENT, deployment), clock.instant())
            .because(new Reason.Stated(words));
    try {
      store.commit(work -> work.append(entry));
    } catch (RuntimeException e) {
      LOG.error("deployment {}: the suspicion cannot be written down", deployment, e);
    }
  }
}
