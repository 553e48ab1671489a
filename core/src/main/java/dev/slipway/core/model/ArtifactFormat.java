package dev.slipway.core.model;

/** What a model's files are. */
public enum ArtifactFormat {
  ONNX,
  XGBOOST_UBJ,
  XGBOOST_JSON,
  LIGHTGBM_TEXT,
  /** A YAML file that names a V2 endpoint; inference is proxied to it. */
  REMOTE_V2,
  /** Whatever no engine here serves; it is listed and promoted, and never deployed. */
  UNSERVED
}
