package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.audit.AuditFiles;
import dev.slipway.cli.audit.WitnessServer;
import dev.slipway.core.audit.checkpoint.SigningKey;
import dev.slipway.core.audit.checkpoint.VerifierKey;
import dev.slipway.core.audit.witness.Witness;
import dev.slipway.store.audit.DurableWitness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "witness",
    description = {
      "Runs a witness here and keeps it in the foreground; Ctrl-C stops it.",
      "A witness cosigns the checkpoints of the logs it watches, each only if it continues the one"
          + " before. So a log that is cut off, put back to an old state or shown to two people in"
          + " two forms finds no cosigner. Run it where those who run the log have no access, and"
          + " do not restore its folder from a backup."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  slipway audit witness --key witness.key --log log.vkey --data ./witness --port 7380"
    })
final class AuditWitnessCommand extends SlipwayCommand {
  private static final String NEXT = "slipway audit witness --help";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "FILE",
      description = "the witness's private key, made by 'slipway audit keygen'")
  private String key = "";

  @Option(
      names = "--log",
      required = true,
      paramLabel = "FILE",
      description = "public keys of the logs to watch, a line each; again for further files")
  private List<String> logs = new ArrayList<>();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "folder that remembers what was cosigned last")
  private String data = "";

  @Option(
      names = "--port",
      required = true,
      paramLabel = "PORT",
      description = "port to listen on, 0 for any free one")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "address to listen on; the loopback unless said otherwise")
  private String host = "127.0.0.1";

  AuditWitnessCommand(Environment environment) {
    super(environment);
  }

  @Override
  ExitCode run(Invocation invocation) {
    String what = "run a witness";
    AuditFiles files = new AuditFiles(invocation.environment().folder(), what, NEXT);
    SigningKey signing = files.privateKey(key);
    List<VerifierKey> watched =
        logs.stream().flatMap(file -> files.publicKeys(file).stream()).toList();
    if (port < 0 || port > 65_535) {
      throw new CliFailure(
          ExitCode.USAGE, what, "--port: %d (expected: 0 to 65535)".formatted(port), NEXT);
    }
    Witness witness;
    try {
      witness = new Witness(List.of(signing), watched);
    } catch (IllegalArgumentException e) {
      throw new CliFailure(ExitCode.USAGE, what, String.valueOf(e.getMessage()), NEXT);
    }
    try (DurableWitness durable =
            files.attempt(
                () ->
                    new DurableWitness(
                        witness,
                        invocation.environment().folder().resolve(data),
                        InstantSource.system()));
        WitnessServer server =
            new WitnessServer(
                new InetSocketAddress(InetAddress.getByName(host), port),
                durable,
                line -> invocation.progress().note(line))) {
      invocation
          .environment()
          .out()
          .print(
              "Witness      %s%nPublic key   %s%nWatches      %s%n"
                  .formatted(
                      server.url(),
                      signing.verifier().text(),
                      String.join(", ", watched.stream().map(VerifierKey::name).toList())));
      invocation.environment().out().flush();
      new CountDownLatch(1).await(); // Until the process is stopped.
      return ExitCode.OK;
    } catch (InterruptedException e) {
      return ExitCode.OK;
    } catch (IOException e) {
      throw new CliFailure(
          ExitCode.ERROR,
          what,
          "%s port %d: %s".formatted(host, port, e.getMessage()),
          "slipway audit witness --port 0");
    }
  }
}
