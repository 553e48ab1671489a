package dev.slipway.platform.webhook;

import dev.slipway.core.audit.entry.AuditEntry;
import dev.slipway.core.audit.json.CanonicalJson;
import dev.slipway.core.audit.json.JsonValue;
import dev.slipway.core.audit.json.JsonValue.JsonNumber;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.audit.json.JsonValue.JsonString;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An entry of the audit log as a message: CloudEvents 1.0, signed as Standard Webhooks 1 are. */
final class WebhookEvent {
  static final String SECRET_PREFIX = "whsec_";

  private static final Pattern PATTERN =
      Pattern.compile("(deployment|promotion|policy|protection)\\.(\\*|[a-z][a-z-]*)");
  private static final String MAC = "HmacSHA256";

  private WebhookEvent() {}

  /** Whether webhooks can ask for it: {@code promotion.*} and such, or one action. */
  static boolean isPattern(String text) {
    return text.length() <= 64 && PATTERN.matcher(text).matches();
  }

  /** Whether one of the patterns asks for an action. */
  static boolean isAskedFor(List<String> patterns, String action) {
    return patterns.stream()
        .anyMatch(
            pattern ->
                pattern.endsWith("*")
                    ? action.startsWith(pattern.substring(0, pattern.length() - 1))
                    : action.equals(pattern));
  }

  /**
   * The event of an entry.
   *
   * @param origin name of the log
   * @param leaf the entry's bytes, which are JSON
   */
  static byte[] body(String origin, long index, AuditEntry entry, byte[] leaf) {
    return CanonicalJson.write(
        new JsonObject(
            Map.of(
                "specversion", new JsonString("1.0"),
                "id", new JsonString(id(origin, index)),
                "source", new JsonString("/slipway/" + origin),
                "type", new JsonString("dev.slipway." + entry.action()),
                "subject", new JsonString(entry.subject().kind() + "/" + entry.subject().name()),
                "time", new JsonString(entry.time().toString()),
                "datacontenttype", new JsonString("application/json"),
                "data",
                    new JsonObject(
                        Map.<String, JsonValue>of(
                            "index", new JsonNumber(index), "entry", CanonicalJson.read(leaf))))));
  }

  /** The same for every attempt, so that receivers know what they have seen. */
  static String id(String origin, long index) {
    return origin + "/" + index;
  }

  /**
   * Headers that prove who sent a message and when.
   *
   * @param secret as {@link #SECRET_PREFIX} and base64
   */
  static Map<String, String> headers(String id, Instant now, String secret, byte[] body) {
    String timestamp = Long.toString(now.getEpochSecond());
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(
          new SecretKeySpec(
              Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length())), MAC));
      mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
      String signature = Base64.getEncoder().encodeToString(mac.doFinal(body));
      return new TreeMap<>(
          Map.of(
              "content-type",
              "application/cloudevents+json; charset=utf-8",
              "user-agent",
              "slipway",
              "webhook-id",
              id,
              "webhook-signature",
              "v1," + signature,
              "webhook-timestamp",
              timestamp));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }
}
