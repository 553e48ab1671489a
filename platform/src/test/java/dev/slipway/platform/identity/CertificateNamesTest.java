package dev.slipway.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.identity.Credential.Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateNamesTest {
  private static final String SHOP = "spiffe://example.org/ns/web/sa/shop";
  private static final CertificateNames NAMES =
      CertificateNames.parse(SHOP + "=shop, bank.example=bank,spiffe://example.org/x=shop");

  private static String account(Set<String> uris, String... dnsNames) {
    return NAMES.account(new Certificate(uris, Set.of(dnsNames), Instant.MAX));
  }

  @Test
  void aMappedNameLeadsToItsAccountAndAnUnmappedDnsNameIsOne() {
    assertThat(account(Set.of(SHOP))).isEqualTo("shop");
    assertThat(account(Set.of(SHOP), "node-7.example")).isEqualTo("shop");
    assertThat(account(Set.of(SHOP, "spiffe://example.org/x"))).isEqualTo("shop");
    assertThat(account(Set.of(), "bank.example")).isEqualTo("bank");
    assertThat(account(Set.of(), "mail.example")).isEqualTo("mail.example");
  }

  @Test
  void whatNamesNobodyOrSeveralIsNobody() {
    for (Runnable ambiguous :
        List.<Runnable>of(
            () -> account(Set.of()),
            () -> account(Set.of("spiffe://example.org/other")),
            () -> account(Set.of(SHOP), "bank.example"),
            () -> account(Set.of(), "a.example", "b.example"),
            () -> account(Set.of(SHOP + "/more")))) {
      assertThatThrownBy(ambiguous::run).hasMessageContaining("certificate: names ");
    }
  }

  @Test
  void aMappingOfAnotherFormIsRefused() {
    for (String bad : List.of("a", "=shop", "a=", "a=Not A Name", "a=local", "a=x,a=y", ",")) {
      assertThatThrownBy(() -> CertificateNames.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("tls-client-accounts: ");
    }
    assertThat(CertificateNames.parse("")).isEqualTo(CertificateNames.UNMAPPED);
  }
}
