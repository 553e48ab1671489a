package dev.slipway.core.inference;

/**
 * The parameters of a request that change how it is served. Unknown ones are tolerated and dropped.
 *
 * @param priority 1 is the highest; 0 means the model's default
 * @param timeoutMicros longest time in the queue, microseconds; 0 means the model's default
 * @param binaryOutput {@code binary_data_output}: outputs are binary unless one says otherwise
 */
public record RequestParameters(long priority, long timeoutMicros, boolean binaryOutput) {
  public static final RequestParameters DEFAULT = new RequestParameters(0, 0, false);
}
