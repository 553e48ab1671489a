package dev.slipway.core.protection;

import dev.slipway.core.identity.Principal;

/** Is told what an account's questions look like. */
public interface UseListener {
  /** For those who do not want to know. */
  UseListener NONE = (principal, deployment, finding) -> {};

  /** Called on the thread that serves the request: returns at once, and throws nothing. */
  void suspected(Principal principal, String deployment, ExtractionFinding finding);
}
