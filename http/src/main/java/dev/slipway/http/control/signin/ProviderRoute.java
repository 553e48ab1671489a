package dev.slipway.http.control.signin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.Action;
import dev.slipway.core.identity.Resource;
import dev.slipway.http.control.ControlHandler;
import dev.slipway.http.control.ControlRequest;
import dev.slipway.http.control.ControlResponse;
import dev.slipway.http.control.Mount;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells whoever has no credentials yet which OpenID provider this server trusts, and what the
 * command line is there. None of it is a secret. Thread-safe.
 *
 * @param issuer empty if there is none
 * @param client of the command line; empty if it has none
 * @param scopes that it asks for
 */
public record ProviderRoute(String issuer, String client, List<String> scopes)
    implements ControlHandler {
  private static final String PATH = "/api/v1/sign-in";

  public ProviderRoute {
    scopes = List.copyOf(scopes);
  }

  /** Where it answers. Comes before the mount of the control API. */
  public Mount mount() {
    return new Mount(PATH, this);
  }

  @Override
  public ControlResponse handle(ControlRequest request) {
    try {
      request.caller().require(Action.SIGN_IN, Resource.SERVER);
      return answer(request);
    } catch (SlipwayException e) {
      return refusal(e.code(), e.getMessage(), request.requestId());
    }
  }

  private ControlResponse answer(ControlRequest request) {
    if (!request.method().equals("GET")) {
      throw new SlipwayException(
          ErrorCode.METHOD_NOT_ALLOWED, "%s: %s (expected: GET)".formatted(PATH, request.method()));
    }
    if (issuer.isEmpty() || client.isEmpty()) {
      throw new SlipwayException(
          ErrorCode.NOT_FOUND,
          "the command line cannot sign in here (expected: oidc-issuer and oidc-cli-client-id in"
              + " the server's configuration); to mend it: export SLIPWAY_TOKEN=TOKEN, of slipway"
              + " token create");
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("issuer", issuer).put("client_id", client);
    scopes.forEach(body.putArray("scopes")::add);
    return new ControlResponse(
        200, "application/json", body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
