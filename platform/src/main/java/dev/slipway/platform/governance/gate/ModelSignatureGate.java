package dev.slipway.platform.governance.gate;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.audit.json.JsonValue.JsonObject;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.governance.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * {@code model-signature}: somebody whose key the policy names signed every file of the artifact,
 * as OpenSSF model signing 1.0 does it.
 */
final class ModelSignatureGate implements Gate {
  private static final int BYTES_MAX = 16 << 20;

  private record Settings(String file, List<ECPublicKey> keys) {
    static Settings of(JsonObject json) {
      GateParameters parameters = new GateParameters("model-signature", json);
      List<ECPublicKey> keys = new ArrayList<>();
      for (String pem : parameters.optionalTexts("public_keys").orElse(List.of())) {
        keys.add(
            SignatureBundle.publicKey(pem)
                .orElseThrow(
                    () ->
                        parameters.unexpected(
                            "public_keys", "PEM of keys on the curves P-256, P-384 or P-521")));
      }
      Settings settings = new Settings(parameters.text("file", "model.sig"), keys);
      parameters.requireNoOthers();
      if (keys.isEmpty()) {
        throw parameters.unexpected("public_keys", "at least one, in PEM");
      }
      return settings;
    }
  }

  @Override
  public String name() {
    return "model-signature";
  }

  @Override
  public void requireParameters(JsonObject parameters) {
    Settings.of(parameters);
  }

  @Override
  public GateOutcome run(GateSubject subject, JsonObject parameters) {
    Settings settings = Settings.of(parameters);
    Path root = subject.artifact().root();
    try {
      SortedMap<String, ContentDigest> files = ArtifactFiles.digests(root);
      ContentDigest bundleDigest = files.remove(settings.file());
      Path file = root.resolve(settings.file());
      if (bundleDigest == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return failed(
            Map.of(), List.of("no %s in the artifact (expected: one)".formatted(settings.file())));
      }
      Map<String, ContentDigest> inputs = Map.of("bundle", bundleDigest);
      if (Files.size(file) > BYTES_MAX) {
        return failed(
            inputs,
            List.of(
                "%s: %d bytes (expected: at most %d)"
                    .formatted(settings.file(), Files.size(file), BYTES_MAX)));
      }
      return judge(settings, Files.readAllBytes(file), files, inputs);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorCode.STORE_UNAVAILABLE, "the artifact cannot be read: " + e, e);
    }
  }

  private static GateOutcome judge(
      Settings settings,
      byte[] bundle,
      SortedMap<String, ContentDigest> files,
      Map<String, ContentDigest> inputs) {
    SignatureBundle signed;
    ECPublicKey signer;
    try {
      signed = SignatureBundle.parse(bundle);
      signer = signed.signer(settings.keys());
    } catch (IllegalArgumentException e) {
      return failed(inputs, List.of("%s: %s".formatted(settings.file(), e.getMessage())));
    }
    List<String> findings = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(signed.files().keySet());
    for (String name : names) {
      ContentDigest now = files.get(name);
      ContentDigest then = signed.files().get(name);
      if (now == null) {
        findings.add("%s: signed, but not in the artifact".formatted(name));
      } else if (then == null) {
        findings.add("%s: in the artifact, but not signed".formatted(name));
      } else if (!now.equals(then)) {
        findings.add("%s: not what was signed".formatted(name));
      }
    }
    return new GateOutcome(
        findings.isEmpty() ? Verdict.PASSED : Verdict.FAILED,
        inputs,
        new Measurements()
            .put("files", files.size())
            .put("signed", signed.files().size())
            .put("key", ContentDigest.of(signer.getEncoded()).value())
            .build(),
        findings);
  }

  private static GateOutcome failed(Map<String, ContentDigest> inputs, List<String> findings) {
    return new GateOutcome(Verdict.FAILED, inputs, new JsonObject(Map.of()), findings);
  }
}
