package dev.slipway.platform.oidc;

import dev.slipway.core.identity.Role;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which roles a token brings along.
 *
 * @param claim that holds a text or a list of them; where no claim has that name, its dots lead
 *     into objects, such as {@code realm_access.roles}
 * @param byValue the roles that each value brings; other values bring none
 */
public record ClaimedRoles(String claim, Map<String, Set<Role>> byValue) {
  public ClaimedRoles {
    Map<String, Set<Role>> copy = new TreeMap<>();
    byValue.forEach((value, roles) -> copy.put(value, Set.copyOf(roles)));
    byValue = Map.copyOf(copy);
  }

  /**
   * Reads a mapping such as {@code ml-engineers=developer,ml-leads=approver}. A value may be there
   * more than once.
   *
   * @param mapping empty if no value brings a role
   * @throws IllegalArgumentException if it is of another form, or a role is not known
   */
  public static ClaimedRoles parse(String claim, String mapping) {
    Map<String, Set<Role>> byValue = new HashMap<>();
    for (String pair : mapping.isEmpty() ? List.<String>of() : List.of(mapping.split(",", -1))) {
      int equals = pair.lastIndexOf('=');
      String value = equals < 0 ? "" : pair.substring(0, equals).strip();
      Role role =
          Role.labelled(pair.substring(equals + 1).strip())
              .filter(known -> !value.isEmpty())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "oidc-roles: '%s' (expected: VALUE=ROLE, with a role such as developer)"
                              .formatted(pair)));
      byValue.computeIfAbsent(value, ignored -> EnumSet.noneOf(Role.class)).add(role);
    }
    return new ClaimedRoles(claim, byValue);
  }

  Set<Role> of(Map<String, Object> claims) {
    Object found = claims.containsKey(claim) ? claims.get(claim) : within(claims);
    Collection<?> values =
        found instanceof Collection<?> many ? many : found == null ? List.of() : List.of(found);
    return values.stream()
        .filter(String.class::isInstance)
        .flatMap(value -> byValue.getOrDefault((String) value, Set.of()).stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  private @Nullable Object within(Map<String, Object> claims) {
    Object at = claims;
    for (String name : claim.split("\\.", -1)) {
      at = at instanceof Map<?, ?> object ? object.get(name) : null;
    }
    return at;
  }
}
