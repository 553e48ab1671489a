package dev.slipway.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactPathTest {
  @Test
  void aPathIsItsNames() {
    assertThat(ArtifactPath.parse("0/run/a b.txt").names()).containsExactly("0", "run", "a b.txt");
    assertThat(ArtifactPath.parse("")).isEqualTo(ArtifactPath.ROOT);
    assertThat(ArtifactPath.parse("a/%2e%2e").names()).containsExactly("a", "%2e%2e");
    assertThat(ArtifactPath.parse("...").names()).containsExactly("...");
    assertThat(ArtifactPath.parse("a").resolve(ArtifactPath.parse("b/c"))).hasToString("a/b/c");
    assertThat(ArtifactPath.ROOT.resolve(ArtifactPath.ROOT)).isEqualTo(ArtifactPath.ROOT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/etc/passwd",
        "..",
        "../a",
        "a/..",
        "a/../b",
        ".",
        "a/./b",
        "a//b",
        "a/",
        "a\\b",
        "..\\a",
        "a?b",
        "a#b",
        "a\u0000",
        "a\nb",
        "\u007f"
      })
  void aPathThatClimbsOrHidesIsRefused(String text) {
    assertThatThrownBy(() -> ArtifactPath.parse(text))
        .isInstanceOfSatisfying(
            SlipwayException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST))
        .hasMessageContaining("expected:");
  }

  @Test
  void lengthsHoldAtTheLastAllowedAndRefuseOneMore() {
    String name = "ü".repeat(127) + "x"; // 255 bytes
    assertThat(ArtifactPath.parse(name).names()).hasSize(1);
    assertThatThrownBy(() -> ArtifactPath.parse(name + "x")).hasMessageContaining("255 bytes");
    String most = "abc/".repeat(255) + "abcd"; // 1,024 bytes
    assertThat(ArtifactPath.parse(most).names()).hasSize(256);
    assertThatThrownBy(() -> ArtifactPath.parse(most + "e")).hasMessageContaining("1024 bytes");
    assertThatThrownBy(() -> ArtifactPath.parse(most).resolve(ArtifactPath.parse("b")))
        .hasMessageContaining("1024 bytes");
  }

  @Property
  void noTextLeadsOutOfAFolder(@ForAll("pathLike") String text) {
    Path folder = Path.of("/data/artifacts");
    try {
      Path file = folder;
      for (String name : ArtifactPath.parse(text).names()) {
        file = file.resolve(name);
      }
      assertThat(file.normalize()).isEqualTo(file);
      assertThat(file.startsWith(folder)).isTrue();
    } catch (SlipwayException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.BAD_REQUEST);
    }
  }

  @Provide
  Arbitrary<String> pathLike() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            List.of(
                "..", ".", "/", "//", "a", "%2e", "%2f", "\\", "\u0000", "~", ":", " ", "é", "?"));
    return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
  }
}
