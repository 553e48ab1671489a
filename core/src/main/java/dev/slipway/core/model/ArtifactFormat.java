package dev.slipway.core.model;

/** The model formats that Slipway serves as they are. */
public enum ArtifactFormat {
  ONNX,
  XGBOOST_UBJ,
  XGBOOST_JSON,
  LIGHTGBM_TEXT,
  /** A YAML file that names a V2 endpoint; inference is proxied to it. */
  REMOTE_V2
}
