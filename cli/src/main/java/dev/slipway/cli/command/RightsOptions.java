package dev.slipway.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Roles and grants. */
final class RightsOptions {
  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "viewer, developer, operator, approver, reviewer, auditor or admin; again for further"
              + " ones")
  private List<String> roles = new ArrayList<>();

  @Option(
      names = "--grant",
      paramLabel = "GRANT",
      description =
          "one action on one model or deployment, such as infer:deployment/fraud; again for further"
              + " ones")
  private List<String> grants = new ArrayList<>();

  boolean isEmpty() {
    return roles.isEmpty() && grants.isEmpty();
  }

  /** Puts them into a request. */
  ObjectNode into(ObjectNode body) {
    roles.forEach(body.putArray("roles")::add);
    grants.forEach(body.putArray("grants")::add);
    return body;
  }
}
