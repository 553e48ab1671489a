package dev.slipway.store.control;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.identity.AccessToken;
import dev.slipway.core.identity.Account;
import dev.slipway.core.identity.Invitation;
import dev.slipway.core.identity.PrincipalKind;
import dev.slipway.core.identity.Rights;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The SQL of accounts, tokens and invitations, inside somebody's transaction. */
final class JdbcIdentities implements IdentityWork {
  private final SqlSession sql;

  JdbcIdentities(SqlSession sql) {
    this.sql = sql;
  }

  @Override
  public Optional<Account> account(String name) {
    return sql.first("SELECT * FROM account WHERE name = ?", JdbcIdentities::readAccount, name);
  }

  @Override
  public List<Account> accounts(String after, int count) {
    return sql.list(
        "SELECT * FROM account WHERE name > ? ORDER BY name LIMIT ?",
        JdbcIdentities::readAccount,
        after,
        count);
  }

  @Override
  public Optional<AccessToken> token(String id) {
    return sql.first("SELECT * FROM access_token WHERE id = ?", JdbcIdentities::readToken, id);
  }

  @Override
  public List<AccessToken> tokens(String account) {
    return sql.list(
        "SELECT * FROM access_token WHERE account = ? ORDER BY created_micros DESC, id",
        JdbcIdentities::readToken,
        account);
  }

  @Override
  public List<AccessToken> activeTokens(Instant now) {
    return sql.list(
        """
        SELECT access_token.* FROM access_token JOIN account ON account.name = access_token.account
        WHERE account.enabled = 1 AND revoked_micros IS NULL AND expires_micros > ?\
        """,
        JdbcIdentities::readToken,
        StoredTime.toMicros(now));
  }

  @Override
  public Optional<Invitation> invitation(String hash) {
    return sql.first(
        "SELECT * FROM invitation WHERE hash = ?",
        row ->
            new Invitation(
                row.getString("hash"),
                row.getString("account"),
                StoredTime.fromMicros(row.getLong("expires_micros")),
                instant(row, "used_micros")),
        hash);
  }

  @Override
  public void addAccount(Account account) {
    int added =
        sql.update(
            """
            INSERT INTO account (name, kind, roles, grants, salt, created_micros, enabled)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING\
            """,
            account.name(),
            account.kind().name(),
            join(account.rights().roleLabels()),
            join(account.rights().grantTexts()),
            account.salt(),
            StoredTime.toMicros(account.createdAt()),
            account.enabled() ? 1 : 0);
    if (added != 1) {
      throw new SlipwayException(
          ErrorCode.ALREADY_EXISTS, "account '%s' is there already".formatted(account.name()));
    }
  }

  @Override
  public void changeAccount(Account account) {
    int changed =
        sql.update(
            "UPDATE account SET roles = ?, grants = ?, enabled = ? WHERE name = ?",
            join(account.rights().roleLabels()),
            join(account.rights().grantTexts()),
            account.enabled() ? 1 : 0,
            account.name());
    if (changed != 1) {
      throw noAccount(account.name());
    }
  }

  @Override
  public void addToken(AccessToken token) {
    requireAccount(token.account());
    Rights scope = token.scope();
    sql.update(
        """
        INSERT INTO access_token (id, account, hash, purpose, scope_roles, scope_grants,
          created_micros, expires_micros)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        token.id(),
        token.account(),
        token.hash(),
        token.purpose(),
        scope == null ? null : join(scope.roleLabels()),
        scope == null ? null : join(scope.grantTexts()),
        StoredTime.toMicros(token.createdAt()),
        StoredTime.toMicros(token.expiresAt()));
  }

  @Override
  public boolean revokeToken(String id, Instant now) {
    return sql.update(
            "UPDATE access_token SET revoked_micros = ? WHERE id = ? AND revoked_micros IS NULL",
            StoredTime.toMicros(now),
            id)
        == 1;
  }

  @Override
  public void addInvitation(Invitation invitation) {
    String account = invitation.account();
    if (account != null) {
      requireAccount(account);
    }
    sql.update(
        "INSERT INTO invitation (hash, account, expires_micros) VALUES (?, ?, ?)",
        invitation.hash(),
        account,
        StoredTime.toMicros(invitation.expiresAt()));
  }

  @Override
  public boolean useInvitation(String hash, Instant now) {
    return sql.update(
            "UPDATE invitation SET used_micros = ? WHERE hash = ? AND used_micros IS NULL",
            StoredTime.toMicros(now),
            hash)
        == 1;
  }

  private void requireAccount(String name) {
    if (account(name).isEmpty()) {
      throw noAccount(name);
    }
  }

  private static SlipwayException noAccount(String name) {
    return new SlipwayException(ErrorCode.NOT_FOUND, "account '%s' is not known".formatted(name));
  }

  private static Account readAccount(ResultSet row) throws SQLException {
    return new Account(
        row.getString("name"),
        PrincipalKind.valueOf(row.getString("kind")),
        rights(row.getString("roles"), row.getString("grants")),
        row.getBytes("salt"),
        StoredTime.fromMicros(row.getLong("created_micros")),
        row.getInt("enabled") != 0);
  }

  private static AccessToken readToken(ResultSet row) throws SQLException {
    String scopeRoles = row.getString("scope_roles");
    return new AccessToken(
        row.getString("id"),
        row.getString("account"),
        row.getString("hash"),
        row.getString("purpose"),
        scopeRoles == null ? null : rights(scopeRoles, row.getString("scope_grants")),
        StoredTime.fromMicros(row.getLong("created_micros")),
        StoredTime.fromMicros(row.getLong("expires_micros")),
        instant(row, "revoked_micros"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column) == null ? null : StoredTime.fromMicros(row.getLong(column));
  }

  private static Rights rights(String roles, String grants) {
    try {
      return Rights.parse(split(roles), split(grants));
    } catch (IllegalArgumentException e) {
      throw new SlipwayException(
          ErrorCode.STORE_CORRUPT, "rights in the database: " + e.getMessage(), e);
    }
  }

  private static String join(Set<String> words) {
    return String.join(" ", words);
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }
}
