package dev.slipway.platform.registry;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.model.ModelVersion;
import dev.slipway.core.tensor.Tensor;
import dev.slipway.serving.validation.RequestValidator;
import java.util.List;
import java.util.function.Function;

/** The inputs of a version's example request, checked as a real request's are. Thread-safe. */
public final class ExampleInputs implements Function<ModelVersion, List<Tensor>> {
  private final ExampleReader reader;

  public ExampleInputs(ExampleReader reader) {
    this.reader = reader;
  }

  /**
   * @return in the signature's order; empty if the version has no example
   * @throws SlipwayException CONFIGURATION_INVALID if the example does not fit the signature
   */
  @Override
  public List<Tensor> apply(ModelVersion version) {
    if (version.exampleRequest().isEmpty()) {
      return List.of();
    }
    try {
      List<Tensor> inputs = reader.inputs(version.exampleRequest());
      return List.copyOf(new RequestValidator(version.signature()).check(inputs));
    } catch (SlipwayException e) {
      throw new SlipwayException(
          ErrorCode.CONFIGURATION_INVALID, "example_request: " + e.getMessage(), e);
    }
  }
}
