package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.audit.AuditFiles;
import dev.slipway.cli.output.Json;
import dev.slipway.core.audit.checkpoint.SignatureType;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.store.audit.KeyFiles;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "keygen",
    description = {
      "Makes a key pair for a log or a witness, and prints the public key.",
      "The private key goes to a new file that only you may read; whoever has it can sign in its"
          + " name. The public key is the one line on stdout, to be given to auditors."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit keygen --name witness.example --out witness.key > witness.vkey",
      "  slipway audit keygen --name audit.example/prod --type log --out log.key > log.vkey"
    })
final class AuditKeygenCommand extends SlipwayCommand {
  private static final String NEXT = "slipway audit keygen --help";

  /** What the key is for. */
  enum Use {
    WITNESS(SignatureType.COSIGNATURE_ED25519),
    WITNESS_ML_DSA(SignatureType.COSIGNATURE_ML_DSA_44),
    LOG(SignatureType.ED25519);

    private final SignatureType type;

    Use(SignatureType type) {
      this.type = type;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "the key's name, like a URL without its scheme; of a log, its origin")
  private String name = "";

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "${COMPLETION-CANDIDATES}; witness unless said otherwise")
  private Use use = Use.WITNESS;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "the new file for the private key")
  private String out = "";

  AuditKeygenCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    String what = "make a key for " + name;
    byte[] seed = new byte[SigningKey.SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    SigningKey key;
    try {
      key = SigningKey.of(name, use.type, seed);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, String.valueOf(e.getMessage()), NEXT);
    }
    Path file = invocation.environment().folder().resolve(out);
    new AuditFiles(invocation.environment().folder(), what, NEXT)
        .attempt(
            () -> {
              KeyFiles.createPrivate(file, key);
              return file;
            });
    invocation
        .printer()
        .one(
            Kinds.AUDIT_KEY,
            Json.mapper()
                .createObjectNode()
                .put("name", name)
                .put("type", use.toString())
                .put("id", key.verifier().id())
                .put("public_key", key.verifier().text())
                .put("private_key_file", out));
    return ExitCode.OK;
  }
}
