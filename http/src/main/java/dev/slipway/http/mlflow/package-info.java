/**
 * The REST API that MLflow's clients speak, so that they work unchanged. Start at {@link
 * dev.slipway.http.mlflow.MlflowApi}. What is said in {@code docs/reference/mlflow-api.md} about
 * names, limits and differences is decided in the platform; here are routes, JSON and errors.
 */
@NullMarked
package dev.slipway.http.mlflow;

import org.jspecify.annotations.NullMarked;
