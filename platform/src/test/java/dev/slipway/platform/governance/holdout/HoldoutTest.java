package dev.slipway.platform.governance.holdout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.audit.entry.ContentDigest;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.table.Column;
import dev.slipway.core.table.TableLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"rows.parquet", "plain.parquet"})
  void parquetFlatColumnsAreRead(String name) throws IOException {
    Holdout holdout = Holdout.read(resource(name), TableLimits.DEFAULT);

    assertThat(holdout.table().rows()).isEqualTo(4);
    assertThat(holdout.table().names())
        .containsExactly("amount", "count", "long_id", "small", "single", "label", "city");
    assertThat(holdout.column("amount").number(2)).isEqualTo(-3.25);
    assertThat(holdout.column("amount").isMissing(1)).isTrue();
    assertThat(holdout.column("count").text(3)).isEqualTo("4");
    assertThat(holdout.column("count").isMissing(2)).isTrue();
    assertThat(holdout.column("long_id").text(0)).isEqualTo("9007199254740993");
    assertThat(holdout.column("long_id").isMissing(3)).isTrue();
    assertThat(holdout.column("small").number(3)).isEqualTo(10);
    assertThat(holdout.column("single").number(1)).isEqualTo(0.25);
    assertThat(holdout.column("label").number(0)).isEqualTo(1);
    assertThat(holdout.column("label").isMissing(3)).isTrue();
    assertThat(holdout.column("city").text(3)).isEqualTo("Bern");
    assertThat(holdout.column("city").isMissing(1)).isTrue();
  }

  @Test
  void theDigestIsThatOfTheFilesBytes() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "a,b\n1,ä\n\n");
    Path parquet = resource("rows.parquet");

    assertThat(Holdout.read(csv, TableLimits.DEFAULT).digest())
        .isEqualTo(ContentDigest.of(Files.readAllBytes(csv)));
    assertThat(Holdout.read(parquet, TableLimits.DEFAULT).digest())
        .isEqualTo(ContentDigest.of(Files.readAllBytes(parquet)));
  }

  @Test
  void aLargeCsvIsReadToItsEnd() throws IOException {
    StringBuilder text = new StringBuilder("n,city\n");
    for (int i = 0; i < 100_000; i++) {
      text.append(i).append(',').append(i % 7 == 0 ? "" : "c" + i % 7).append('\n');
    }
    Path csv = Files.writeString(folder.resolve("a.csv"), text);

    Holdout holdout = Holdout.read(csv, TableLimits.DEFAULT);

    assertThat(holdout.table().rows()).isEqualTo(100_000);
    assertThat(holdout.column("n").number(99_999)).isEqualTo(99_999);
    assertThat(((Column.Texts) holdout.column("city")).values()).hasSize(6);
    assertThat(holdout.digest()).isEqualTo(ContentDigest.of(Files.readAllBytes(csv)));
  }

  @Test
  void whatIsNoTableIsRefused() throws IOException {
    requireRefused(Files.write(folder.resolve("a"), new byte[] {'a', (byte) 0xff, '\n'}), "UTF-8");
    requireRefused(Files.writeString(folder.resolve("b"), "a,b\n"), "no rows");
    requireRefused(Files.writeString(folder.resolve("c"), "PAR1 and no more"), "Parquet");
    requireRefused(folder.resolve("absent"), "absent");
    Path large = Files.writeString(folder.resolve("d"), "a\n1\n2\n");
    assertThatThrownBy(() -> Holdout.read(large, new TableLimits(3, 9, 9, 9)))
        .hasMessageContaining("6 bytes (expected: at most 3)");
  }

  @Test
  void aParquetFileThatIsCutOffIsRefused() throws IOException {
    byte[] sound = Files.readAllBytes(resource("plain.parquet"));
    for (int length = 4; length < sound.length; length += 97) {
      requireRefused(
          Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(sound, length)), "Parquet");
    }
  }

  private static void requireRefused(Path file, String message) {
    assertThatThrownBy(() -> Holdout.read(file, TableLimits.DEFAULT))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(message);
  }

  private Path resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(HoldoutTest.class.getResourceAsStream(name), name)) {
      return Files.write(folder.resolve(name), in.readAllBytes());
    }
  }
}
