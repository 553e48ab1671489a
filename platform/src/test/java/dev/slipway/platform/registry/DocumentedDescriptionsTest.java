package dev.slipway.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the documentation shows is what the server reads. */
class DocumentedDescriptionsTest {
  private static final Path DOCS = Path.of(System.getProperty("slipway.root", ".")).resolve("docs");
  private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  @Test
  void theReferenceShowsTheDefaults() throws Exception {
    ModelDescription shown =
        ModelDescriptionReader.parse(blocks("reference/slipway-model.md").getFirst());

    assertThat(shown.settings()).isEqualTo(ModelDescription.NONE.settings());
    assertThat(shown.inputs().getFirst().fields()).hasSize(2);
    assertThat(shown.exampleRequest()).startsWith("{\"inputs\":[{\"name\":\"features\"");
  }

  @Test
  void theHowToIsReadAsItStands() throws Exception {
    ModelDescription shown =
        ModelDescriptionReader.parse(blocks("how-to/serve-your-own-model.md").getFirst());

    assertThat(shown.settings().batch().maxBatchSize()).isEqualTo(64);
  }

  private static List<String> blocks(String page) throws Exception {
    return YAML.matcher(Files.readString(DOCS.resolve(page)))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }
}
