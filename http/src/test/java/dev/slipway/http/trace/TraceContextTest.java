package dev.slipway.http.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  @Test
  void aValidHeaderIsReadAndContinued() {
    TraceContext context =
        Objects.requireNonNull(TraceContext.parse("00-" + TRACE + "-" + SPAN + "-01"));
    assertThat(context).isEqualTo(new TraceContext(TRACE, SPAN, 1));
    assertThat(context.isSampled()).isTrue();
    assertThat(context.child("00f067aa0ba902b7").header())
        .isEqualTo("00-" + TRACE + "-00f067aa0ba902b7-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-%s-%s-00", "01-%s-%s-00-more", "fe-%s-%s-ff-x"})
  void aLaterVersionIsReadAsFarAsItIsKnown(String form) {
    assertThat(TraceContext.parse(form.formatted(TRACE, SPAN))).isNotNull();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "00",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01"
      })
  void anythingElseIsIgnored(String header) {
    assertThat(TraceContext.parse(header)).isNull();
  }

  @Property(tries = 500)
  void noTextBreaksTheReader(@ForAll String text) {
    assertThat(TraceContext.parse(text)).isNull();
  }

  @Test
  void spanIdsDifferAndAreNeverZero() {
    SpanIds ids = new SpanIds(-0x9e3779b97f4a7c15L);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      String id = ids.next();
      assertThat(id).matches("[0-9a-f]{16}").isNotEqualTo("0000000000000000");
      assertThat(seen.add(id)).isTrue();
    }
  }
}
