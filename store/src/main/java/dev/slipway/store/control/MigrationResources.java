package dev.slipway.store.control;

import java.io.Reader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Gives Flyway exactly the files that are known, without a search. */
final class MigrationResources implements ResourceProvider {
  private final List<LoadableResource> files;

  MigrationResources(MigrationFiles files) {
    this.files =
        files.names().stream()
            .<LoadableResource>map(name -> new MigrationResource(name, files.text(name)))
            .toList();
  }

  @Override
  public @Nullable LoadableResource getResource(String name) {
    return files.stream().filter(file -> file.getFilename().equals(name)).findAny().orElse(null);
  }

  @Override
  public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
    return files.stream()
        .filter(file -> file.getFilename().startsWith(prefix))
        .filter(file -> Arrays.stream(suffixes).anyMatch(file.getFilename()::endsWith))
        .toList();
  }

  private static final class MigrationResource extends LoadableResource {
    private final String name;
    private final String text;

    MigrationResource(String name, String text) {
      this.name = name;
      this.text = text;
    }

    @Override
    public Reader read() {
      return new StringReader(text);
    }

    @Override
    public String getAbsolutePath() {
      return name;
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return name;
    }

    @Override
    public String getFilename() {
      return name;
    }

    @Override
    public String getRelativePath() {
      return name;
    }
  }
}
