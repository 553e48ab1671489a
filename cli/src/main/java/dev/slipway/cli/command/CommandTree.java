package dev.slipway.cli.command;

import dev.slipway.cli.CliFailure;
import dev.slipway.cli.Environment;
import dev.slipway.cli.Environment.Stream;
import dev.slipway.cli.ExitCode;
import dev.slipway.cli.Version;
import dev.slipway.cli.output.Style;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, put together, and how they fail. */
public final class CommandTree {
  private CommandTree() {}

  /** The whole command line, ready to be executed. */
  public static CommandLine of(Environment environment) {
    return of(environment, name -> true);
  }

  /**
   * The command line for these arguments: the other commands are known by name and description
   * only, since reading the options of all of them takes most of a short command's time.
   */
  public static CommandLine of(Environment environment, String... arguments) {
    String chosen =
        Arrays.stream(arguments).filter(text -> !text.startsWith("-")).findFirst().orElse("");
    return chosen.equals("completion")
        ? of(environment)
        : of(environment, name -> name.equals(chosen));
  }

  private static CommandLine of(Environment environment, Predicate<String> needed) {
    CommandLine root = new CommandLine(new Root());
    for (TopLevel command : topLevel(environment)) {
      String name = command.type.getAnnotation(Command.class).name();
      root.addSubcommand(name, needed.test(name) ? command.make.get() : command.brief());
    }
    return configured(environment, root);
  }

  private static List<TopLevel> topLevel(Environment environment) {
    return List.of(
        new TopLevel(UpCommand.class, () -> new CommandLine(new UpCommand(environment))),
        new TopLevel(DeployCommand.class, () -> new CommandLine(new DeployCommand(environment))),
        new TopLevel(PredictCommand.class, () -> new CommandLine(new PredictCommand(environment))),
        new TopLevel(UndoCommand.class, () -> new CommandLine(new UndoCommand(environment))),
        new TopLevel(ApproveCommand.class, () -> new CommandLine(new ApproveCommand(environment))),
        new TopLevel(RejectCommand.class, () -> new CommandLine(new RejectCommand(environment))),
        new TopLevel(
            Promotion.class,
            () ->
                new CommandLine(new Promotion())
                    .addSubcommand(new PromotionRequestCommand(environment))
                    .addSubcommand(new PromotionListCommand(environment))
                    .addSubcommand(new PromotionGetCommand(environment))
                    .addSubcommand(new PromotionBreakGlassCommand(environment))
                    .addSubcommand(new PromotionReviewCommand(environment))
                    .addSubcommand(new PromotionRevokeCommand(environment))),
        new TopLevel(
            Gate.class,
            () ->
                new CommandLine(new Gate())
                    .addSubcommand(new GateRunCommand(environment))
                    .addSubcommand(new GateExplainCommand(environment))),
        new TopLevel(
            Policy.class,
            () ->
                new CommandLine(new Policy())
                    .addSubcommand(new PolicyShowCommand(environment))
                    .addSubcommand(new PolicyLintCommand(environment))
                    .addSubcommand(new PolicyTestCommand(environment))
                    .addSubcommand(new PolicyDiffCommand(environment))
                    .addSubcommand(new PolicyListCommand(environment))
                    .addSubcommand(new PolicyProposeCommand(environment))
                    .addSubcommand(new PolicyApproveCommand(environment))
                    .addSubcommand(new PolicyRejectCommand(environment))),
        new TopLevel(
            Ci.class,
            () -> new CommandLine(new Ci()).addSubcommand(new CiCheckCommand(environment))),
        new TopLevel(
            Model.class,
            () ->
                new CommandLine(new Model())
                    .addSubcommand(new ModelRegisterCommand(environment))
                    .addSubcommand(new ModelListCommand(environment))
                    .addSubcommand(new ModelGetCommand(environment))
                    .addSubcommand(new ModelProfileCommand(environment))
                    .addSubcommand(new ModelLineageCommand(environment))),
        new TopLevel(
            Monitor.class,
            () ->
                new CommandLine(new Monitor())
                    .addSubcommand(new MonitorDriftCommand(environment))
                    .addSubcommand(new MonitorQualityCommand(environment))
                    .addSubcommand(new MonitorPerformanceCommand(environment))
                    .addSubcommand(new MonitorReferenceCommand(environment))
                    .addSubcommand(new MonitorReportCommand(environment))),
        new TopLevel(
            Deployment.class,
            () ->
                new CommandLine(new Deployment())
                    .addSubcommand(new DeploymentListCommand(environment))
                    .addSubcommand(new DeploymentGetCommand(environment))
                    .addSubcommand(new DeploymentHistoryCommand(environment))),
        new TopLevel(
            Webhook.class,
            () ->
                new CommandLine(new Webhook())
                    .addSubcommand(new WebhookCreateCommand(environment))
                    .addSubcommand(new WebhookListCommand(environment))
                    .addSubcommand(new WebhookDeleteCommand(environment))),
        new TopLevel(
            Audit.class,
            () ->
                new CommandLine(new Audit())
                    .addSubcommand(new AuditListCommand(environment))
                    .addSubcommand(new AuditShowCommand(environment))
                    .addSubcommand(new AuditReceiptCommand(environment))
                    .addSubcommand(new AuditExportCommand(environment))
                    .addSubcommand(new AuditVerifyCommand(environment))
                    .addSubcommand(new AuditWitnessCommand(environment))
                    .addSubcommand(new AuditKeygenCommand(environment))),
        new TopLevel(
            User.class,
            () ->
                new CommandLine(new User())
                    .addSubcommand(new UserCreateCommand(environment))
                    .addSubcommand(new UserListCommand(environment))
                    .addSubcommand(new UserAllowCommand(environment))
                    .addSubcommand(new UserDenyCommand(environment))
                    .addSubcommand(new UserDisableCommand(environment))
                    .addSubcommand(new UserEnableCommand(environment))
                    .addSubcommand(new UserInviteCommand(environment))
                    .addSubcommand(new UserClaimCommand(environment))),
        new TopLevel(
            Token.class,
            () ->
                new CommandLine(new Token())
                    .addSubcommand(new TokenCreateCommand(environment))
                    .addSubcommand(new TokenListCommand(environment))
                    .addSubcommand(new TokenRevokeCommand(environment))),
        new TopLevel(LoginCommand.class, () -> new CommandLine(new LoginCommand(environment))),
        new TopLevel(LogoutCommand.class, () -> new CommandLine(new LogoutCommand(environment))),
        new TopLevel(WhoamiCommand.class, () -> new CommandLine(new WhoamiCommand(environment))),
        new TopLevel(
            Backup.class,
            () ->
                new CommandLine(new Backup())
                    .addSubcommand(new BackupCreateCommand(environment))
                    .addSubcommand(new BackupListCommand(environment))
                    .addSubcommand(new BackupRestoreCommand(environment))
                    .addSubcommand(new BackupRestoreDatabaseCommand(environment))),
        new TopLevel(DoctorCommand.class, () -> new CommandLine(new DoctorCommand(environment))),
        new TopLevel(
            Config.class,
            () ->
                new CommandLine(new Config())
                    .addSubcommand(new ConfigListCommand(environment))
                    .addSubcommand(new ConfigGetCommand(environment))),
        new TopLevel(
            CompletionCommand.class, () -> new CommandLine(new CompletionCommand(environment))),
        new TopLevel(VersionCommand.class, () -> new CommandLine(new VersionCommand(environment))));
  }

  /** A command below the root, made in full only where it is needed. */
  private record TopLevel(Class<?> type, Supplier<CommandLine> make) {
    CommandLine brief() {
      CommandSpec spec = CommandSpec.create();
      spec.usageMessage().description(type.getAnnotation(Command.class).description());
      return new CommandLine(spec);
    }
  }

  private static CommandLine configured(Environment environment, CommandLine root) {
    Style errorStyle = Style.coloured(environment.isColoured(Stream.ERR));
    return root.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(false)
        .setUsageHelpWidth(100)
        .setAbbreviatedOptionsAllowed(false)
        .setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(
            Help.defaultColorScheme(
                environment.isColoured(Stream.OUT) ? Help.Ansi.ON : Help.Ansi.OFF))
        .setParameterExceptionHandler(
            (e, arguments) -> {
              CommandLine failed = e.getCommandLine();
              String name = failed.getCommandSpec().qualifiedName();
              String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
              if (e instanceof UnmatchedArgumentException unmatched
                  && !unmatched.getSuggestions().isEmpty()) {
                why += "; did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?";
              }
              return report(
                  environment,
                  errorStyle,
                  new CliFailure(
                      ExitCode.USAGE, "understand '" + name + "'", why, name + " --help"));
            })
        .setExecutionExceptionHandler(
            (e, failed, parsed) -> {
              if (e instanceof CliFailure failure) {
                return report(environment, errorStyle, failure);
              }
              if (!environment.variable("SLIPWAY_DEBUG").isEmpty()) {
                e.printStackTrace(environment.err());
              }
              return report(
                  environment,
                  errorStyle,
                  new CliFailure(
                      ExitCode.ERROR,
                      "run '" + failed.getCommandSpec().qualifiedName() + "'",
                      e.toString(),
                      "the same with SLIPWAY_DEBUG=1, and report what it prints"));
            });
  }

  private static int report(Environment environment, Style style, CliFailure failure) {
    environment
        .err()
        .print(
            "%s could not %s%n  why:        %s%n  next:       %s%n"
                .formatted(style.red("error:"), failure.what(), failure.why(), failure.next()));
    if (failure.requestId() != null) {
      environment.err().print("  request id: %s%n".formatted(failure.requestId()));
    }
    environment.err().flush();
    return failure.exitCode().number();
  }

  /** A command that only groups others: alone it shows them and fails. */
  private abstract static class Group implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
      if (spec != null) {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
      }
    }
  }

  @Command(
      name = "slipway",
      description = "From a trained model to a production service.",
      versionProvider = Versions.class,
      footerHeading = "%nExamples:%n",
      footer = {
        "  slipway up --demo fraud",
        "  slipway model register model.onnx --name fraud",
        "  slipway deploy fraud/1 --to fraud",
        "  slipway predict fraud --example",
        "",
        "Exit codes: 0 ok, 1 error, 2 usage, 3 not found, 4 identity, 5 gate or policy, 6"
            + " degraded,",
        "7 integrity, 8 timeout, 130 interrupted."
      })
  private static final class Root extends Group {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "show this help")
    private boolean help;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "show the version of the command line")
    private boolean version;
  }

  @Command(
      name = "model",
      description = "Registered models and their versions.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway model list", "  slipway model register model.onnx --name fraud"})
  private static final class Model extends Group {}

  @Command(
      name = "deployment",
      description = "Deployments: the names under which models answer.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway deployment list", "  slipway deployment get fraud"})
  private static final class Deployment extends Group {}

  @Command(
      name = "monitor",
      description = "Whether data still look as they did: of two files, or of a deployment.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  slipway monitor drift training.csv this-week.csv",
        "  slipway monitor quality training.parquet this-week.parquet",
        "  slipway monitor reference fraud/3 --data training.parquet",
        "  slipway monitor report fraud --window 1d --html drift.html"
      })
  private static final class Monitor extends Group {}

  @Command(
      name = "promotion",
      description = "Requests to let a version answer where it matters.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway promotion list --state open", "  slipway promotion get 17"})
  private static final class Promotion extends Group {}

  @Command(
      name = "gate",
      description = "The checks that a version must pass before people are asked.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway gate run 17 --holdout holdout.csv", "  slipway gate explain 17"})
  private static final class Gate extends Group {}

  @Command(
      name = "policy",
      description = "What has to be true before a version may answer where it matters.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway policy show", "  slipway policy lint policy.yaml"})
  private static final class Policy extends Group {}

  @Command(
      name = "backup",
      description = "Copies of everything that a server keeps.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  slipway backup create --to tonight.zip",
        "  slipway backup restore tonight.zip --data ./restored"
      })
  private static final class Backup extends Group {}

  @Command(
      name = "audit",
      description = "The tamper-evident log: verify an export, witness a log.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  slipway audit verify ./export --key log.vkey",
        "  slipway audit witness --key witness.key --log log.vkey --data ./witness --port 7380"
      })
  private static final class Audit extends Group {}

  @Command(
      name = "webhook",
      description = "Other servers that are told of promotions and policies.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway webhook create https://example.com/hook", "  slipway webhook list"})
  private static final class Webhook extends Group {}

  @Command(
      name = "ci",
      description = "Checks of models in pipelines, before anything is registered.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway ci check ./export --name fraud --env prod --sarif gates.sarif"})
  private static final class Ci extends Group {}

  @Command(
      name = "user",
      description = "Accounts of people and services, and what they may do.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  slipway user create ana@example.com --role developer",
        "  slipway user create shop --service --grant infer:deployment/fraud",
        "  slipway user list"
      })
  private static final class User extends Group {}

  @Command(
      name = "token",
      description = "Tokens, with which people and services show who they are.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway token create --account shop", "  slipway token list"})
  private static final class Token extends Group {}

  @Command(
      name = "config",
      description = "The settings of the command line.",
      footerHeading = "%nExamples:%n",
      footer = {"  slipway config list --show-origin", "  slipway config get url"})
  private static final class Config extends Group {}

  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"slipway " + Version.number()};
    }
  }
}
