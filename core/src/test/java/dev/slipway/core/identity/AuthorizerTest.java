package dev.slipway.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.audit.entry.Actor;
import dev.slipway.core.audit.entry.Commitment;
import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.identity.Decision.Allowed;
import dev.slipway.core.identity.Decision.Denied;
import dev.slipway.core.identity.Resource.Kind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizerTest {
  private static final Actor PERSON =
      new Actor.Person(Commitment.of(new byte[Commitment.SALT_BYTES], "ana"));

  private static Principal person(Rights rights) {
    return new Principal("ana", PrincipalKind.PERSON, PERSON, rights, null);
  }

  private static Principal service(Rights rights) {
    return new Principal("ci", PrincipalKind.SERVICE, new Actor.ServiceAccount("ci"), rights, null);
  }

  private static Principal local(Rights rights) {
    return new Principal("local", PrincipalKind.LOCAL, new Actor.LocalCaller(), rights, null);
  }

  private static Resource any(Action action) {
    return action.target() == Kind.SERVER
        ? Resource.SERVER
        : new Resource(action.target(), "fraud");
  }

  private static boolean allows(Principal principal, Action action) {
    return Authorizer.decide(principal, action, any(action)) instanceof Allowed;
  }

  @Property
  void whoHasNoRightsIsDeniedAllThatIsNotOpen(
      @ForAll Action action, @ForAll("names") String name, @ForAll boolean isService) {
    Principal nobody = isService ? service(Rights.NONE) : person(Rights.NONE);
    Resource resource =
        action.target() == Kind.SERVER ? Resource.SERVER : new Resource(action.target(), name);

    Decision decision = Authorizer.decide(nobody, action, resource);

    boolean ownToken = action == Action.MANAGE_TOKENS && !isService && name.equals("ana");
    assertThat(decision instanceof Allowed).isEqualTo(action.isOpen() || ownToken);
  }

  @Property
  void aRightThatIsNotGivenIsNotThere(
      @ForAll("rights") Rights rights, @ForAll("grants") Grant wanted) {
    Set<Action> giving =
        switch (wanted.action()) {
          case INFER_ROUNDED -> Set.of(Action.INFER, Action.INFER_ROUNDED);
          case INFER_LABEL -> Set.of(Action.INFER, Action.INFER_ROUNDED, Action.INFER_LABEL);
          default -> Set.of(wanted.action());
        };
    List<Resource> on =
        List.of(wanted.resource(), new Resource(wanted.resource().kind(), Resource.ALL));
    boolean given =
        rights.roles().stream().anyMatch(role -> role.actions().stream().anyMatch(giving::contains))
            || rights.grants().stream()
                .anyMatch(
                    grant -> giving.contains(grant.action()) && on.contains(grant.resource()));

    Decision decision = Authorizer.decide(person(rights), wanted.action(), wanted.resource());

    assertThat(decision instanceof Allowed).isEqualTo(given);
  }

  @Property
  void noRightsLetAServiceAccountOrALocalCallerApprove(@ForAll("rights") Rights rights) {
    assertThat(allows(service(rights), Action.APPROVE)).isFalse();
    assertThat(allows(local(rights), Action.APPROVE)).isFalse();
  }

  @Property
  void noRightsLetALocalCallerTouchPolicyTokensAccountsOrTheAuditLog(
      @ForAll("rights") Rights rights) {
    for (Action action :
        List.of(
            Action.CHANGE_POLICY,
            Action.MANAGE_TOKENS,
            Action.MANAGE_ACCOUNT,
            Action.MANAGE_WEBHOOKS,
            Action.READ_AUDIT,
            Action.REVIEW)) {
      assertThat(allows(local(rights), action)).as(action.label()).isFalse();
    }
  }

  @Property
  void whatIsMissingIsSaidAndTheCommandMendsIt(
      @ForAll("rights") Rights rights, @ForAll Action action, @ForAll("names") String name) {
    Resource resource =
        action.target() == Kind.SERVER ? Resource.SERVER : new Resource(action.target(), name);
    if (!(Authorizer.decide(person(rights), action, resource) instanceof Denied denied)) {
      return;
    }
    assertThat(denied.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    assertThat(denied.message())
        .contains("ana may not " + action.label())
        .contains("missing: role");

    Rights mended = rights.with(givenBy(denied.mend()));

    assertThat(Authorizer.decide(person(mended), action, resource)).isInstanceOf(Allowed.class);
  }

  /** What {@code slipway user allow ana --role R} or {@code --grant G} adds. */
  private static Rights givenBy(String command) {
    String[] words = command.split(" ", -1);
    assertThat(List.of(words)).startsWith("slipway", "user", "allow", "ana").hasSize(6);
    return words[4].equals("--role")
        ? Rights.parse(List.of(words[5]), List.of())
        : Rights.parse(List.of(), List.of(words[5]));
  }

  @Property
  void aScopeOnlyNarrows(
      @ForAll("rights") Rights rights, @ForAll("rights") Rights scope, @ForAll Action action) {
    Principal whole = person(rights);
    Principal scoped = new Principal("ana", PrincipalKind.PERSON, PERSON, rights, scope);

    boolean allowed = allows(scoped, action);

    assertThat(allowed)
        .isEqualTo(action.isOpen() || (allows(whole, action) && allows(person(scope), action)));
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void onlyApproversApprove(Role role) {
    assertThat(allows(person(Rights.of(role)), Action.APPROVE)).isEqualTo(role == Role.APPROVER);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void onlyAdministratorsMakeAccountsAndChangePolicy(Role role) {
    Principal person = person(Rights.of(role));
    assertThat(allows(person, Action.MANAGE_ACCOUNT)).isEqualTo(role == Role.ADMIN);
    assertThat(allows(person, Action.CHANGE_POLICY)).isEqualTo(role == Role.ADMIN);
    assertThat(allows(person, Action.MANAGE_WEBHOOKS)).isEqualTo(role == Role.ADMIN);
  }

  @Test
  void theLocalCallerHasExactlyWhatItIsMeantToHave() {
    Set<Action> allowed = EnumSet.noneOf(Action.class);
    for (Action action : Action.values()) {
      if (allows(Principal.LOCAL, action)) {
        allowed.add(action);
      }
    }
    assertThat(allowed)
        .containsExactlyInAnyOrder(
            Action.PROBE,
            Action.REDEEM_INVITATION,
            Action.SIGN_IN,
            Action.READ_SERVER,
            Action.PROMOTE,
            Action.READ_METRICS,
            Action.READ_MODEL,
            Action.READ_DEPLOYMENT,
            Action.INFER,
            Action.INFER_ROUNDED,
            Action.INFER_LABEL,
            Action.TRACK,
            Action.REGISTER,
            Action.PROFILE,
            Action.DEPLOY);
  }

  @Test
  void whoIsNotKnownIsAskedForAToken() {
    Decision decision =
        Authorizer.decide(Principal.ANONYMOUS, Action.INFER, Resource.deployment("fraud"));

    assertThat(decision)
        .isInstanceOfSatisfying(
            Denied.class,
            denied -> {
              assertThat(denied.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
              assertThat(denied.message()).contains("credentials: none").contains("SLIPWAY_TOKEN");
            });
  }

  @Test
  void aPersonMakesTokensForNobodyElse() {
    Principal ana = person(Rights.of(Role.DEVELOPER));

    assertThat(Authorizer.decide(ana, Action.MANAGE_TOKENS, Resource.account("ana")))
        .isInstanceOf(Allowed.class);
    assertThat(Authorizer.decide(ana, Action.MANAGE_TOKENS, Resource.account("ben")))
        .isInstanceOf(Denied.class);
    Principal scoped =
        new Principal("ana", PrincipalKind.PERSON, PERSON, ana.rights(), Rights.of(Role.DEVELOPER));
    assertThat(Authorizer.decide(scoped, Action.MANAGE_TOKENS, Resource.account("ana")))
        .as("a narrowed token does not make a wider one")
        .isInstanceOf(Denied.class);
  }

  @Test
  void aCallerOfOneDeploymentCallsThatOneOnly() {
    Principal caller = service(Rights.parse(List.of(), List.of("infer:deployment/fraud")));

    assertThat(Authorizer.decide(caller, Action.INFER, Resource.deployment("fraud")))
        .isInstanceOf(Allowed.class);
    for (Resource other :
        List.of(Resource.deployment("churn"), Resource.deployment(Resource.ALL))) {
      assertThat(Authorizer.decide(caller, Action.INFER, other)).isInstanceOf(Denied.class);
    }
    assertThat(allows(caller, Action.READ_DEPLOYMENT)).isFalse();
    assertThat(allows(caller, Action.READ_SERVER)).isTrue();
  }

  @Test
  void whoMaySeeMoreMaySeeLess() {
    Resource fraud = Resource.deployment("fraud");
    for (Disclosure disclosure : Disclosure.values()) {
      Principal caller =
          service(new Rights(Set.of(), Set.of(new Grant(disclosure.action(), fraud))));

      assertThat(Authorizer.disclosure(caller, fraud)).isEqualTo(disclosure);
      for (Disclosure other : Disclosure.values()) {
        assertThat(Authorizer.decide(caller, other.action(), fraud) instanceof Allowed)
            .isEqualTo(other.compareTo(disclosure) >= 0);
      }
      assertThat(Authorizer.disclosure(caller, Resource.deployment("churn"))).isNull();
    }
    Principal narrowed =
        new Principal(
            "ana",
            PrincipalKind.PERSON,
            PERSON,
            Rights.of(Role.DEVELOPER),
            Rights.parse(List.of(), List.of("infer-label:deployment/*")));
    assertThat(Authorizer.disclosure(narrowed, fraud)).isEqualTo(Disclosure.LABEL);
    assertThat(Authorizer.disclosure(Principal.LOCAL, fraud)).isEqualTo(Disclosure.FULL);
    assertThat(Authorizer.disclosure(Principal.ANONYMOUS, fraud)).isNull();
  }

  @Test
  void aGrantReplacesTheSameOneWithItsBudgetAndIsTakenWhateverItIs() {
    Rights had = Rights.parse(List.of(), List.of("infer:deployment/fraud@10/day"));

    Rights has = had.with(Rights.parse(List.of(), List.of("infer:deployment/fraud@20/day")));
    assertThat(has.grantTexts()).containsExactly("infer:deployment/fraud@20/day");
    assertThat(has.without(Rights.parse(List.of(), List.of("infer:deployment/fraud"))))
        .isEqualTo(Rights.NONE);
  }

  @Property
  void aGrantIsReadAsItIsWritten(@ForAll("grants") Grant grant) {
    assertThat(Grant.parse(grant.toString())).isEqualTo(grant);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "infer",
        "infer:fraud",
        "infer:model/fraud",
        "register:deployment/fraud",
        "approve:deployment/fraud",
        "manage-account:account/ana",
        "infer:deployment/",
        "infer:deployment/../x",
        "infer:deployment/fraud churn",
        "INFER:deployment/fraud",
        "infer:deployment/fraud@0/day",
        "infer:deployment/fraud@1000/hour",
        "infer:deployment/fraud@9999999999999999999/day",
        "deploy:deployment/fraud@1000/day"
      })
  void whatIsNoGrantIsRefused(String text) {
    assertThat(Stream.of(text).filter(AuthorizerTest::isGrant)).isEmpty();
  }

  private static boolean isGrant(String text) {
    try {
      Grant.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).startsWith("grant: ");
      return false;
    }
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("fraud", "churn", "ana", "ben");
  }

  @Provide
  Arbitrary<Grant> grants() {
    List<Grant> all = new ArrayList<>();
    for (Action action : Action.values()) {
      if (action.isGrantable()) {
        for (String name : List.of("fraud", "churn", "ana", Resource.ALL)) {
          all.add(new Grant(action, new Resource(action.target(), name)));
          if (action.label().startsWith("infer")) {
            all.add(new Grant(action, new Resource(action.target(), name), 1_000));
          }
        }
      }
    }
    return Arbitraries.of(all);
  }

  @Provide
  Arbitrary<Rights> rights() {
    return Combinators.combine(
            Arbitraries.of(Role.values()).set().ofMaxSize(2), grants().set().ofMaxSize(4))
        .as(Rights::new);
  }
}
