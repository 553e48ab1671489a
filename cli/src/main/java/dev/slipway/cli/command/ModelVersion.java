package dev.slipway.cli.command;

import dev.slipway.cli.client.ServerClient;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelRef;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code NAME/V} and makes the paths of models. */
final class ModelVersion implements ITypeConverter<ModelRef> {
  @Override
  public ModelRef convert(String text) {
    try {
      return ModelRef.parse(text);
    } catch (SlipwayException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  static String path(String model) {
    return "/api/v1/models/" + ServerClient.encode(model);
  }

  static String path(ModelRef ref) {
    return path(ref.model()) + "/versions/" + ref.version();
  }
}
