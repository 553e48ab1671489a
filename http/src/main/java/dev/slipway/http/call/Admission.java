package dev.slipway.http.call;

import dev.slipway.core.error.ErrorCode;
import dev.slipway.core.error.SlipwayException;
import dev.slipway.core.inference.InferenceRequest;
import dev.slipway.core.model.ModelSignature;
import dev.slipway.core.protection.InferencePermit;
import dev.slipway.core.tensor.Shape;
import dev.slipway.http.limits.Limit;

/** Lets a decoded request in, by what its caller may ask. */
public final class Admission {
  private Admission() {}

  /**
   * Counts a request against its caller's budget. One that is refused has given its buffers back.
   *
   * @throws SlipwayException NOT_FOUND if what it asks does not serve; BUDGET_EXHAUSTED if the
   *     budget has fewer rows left
   */
  public static void admit(InferenceRequest request, InferencePermit permit, CallScope scope) {
    if (!permit.isCounted()) {
      return;
    }
    try {
      ModelSignature signature =
          scope.catalog().require(request.model(), request.version()).version().signature();
      permit.admit(request, rows(request, signature));
    } catch (SlipwayException e) {
      if (e.code() == ErrorCode.BUDGET_EXHAUSTED) {
        scope.hits().count(Limit.ACCOUNT_ROWS);
      }
      request.inputs().forEach(input -> scope.serving().buffers().giveBack(input.data()));
      throw e;
    }
  }

  /** Rows of a request that is not checked yet; one whose model takes no batches is one. */
  private static long rows(InferenceRequest request, ModelSignature signature) {
    if (request.inputs().isEmpty() || !signature.inputs().getFirst().isBatched()) {
      return 1;
    }
    Shape shape = request.inputs().getFirst().shape();
    return shape.rank() == 0 ? 1 : shape.dimension(0);
  }
}
