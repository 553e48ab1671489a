/**
 * JMH microbenchmarks of the parts of the hot path: codecs ({@link
 * dev.slipway.bench.micro.CodecBenchmark}), the batcher ({@link
 * dev.slipway.bench.micro.BatcherBenchmark}) and the engines ({@link
 * dev.slipway.bench.micro.EngineBenchmark}).
 *
 * <p>Each goes round over at least 10,000 different inputs, since a branch predictor learns one
 * that repeats. {@code bench/run micro} runs them and prints the bytes allocated per operation.
 */
@NullMarked
package dev.slipway.bench.micro;

import org.jspecify.annotations.NullMarked;
