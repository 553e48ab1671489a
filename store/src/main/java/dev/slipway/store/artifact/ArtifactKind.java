package dev.slipway.store.artifact;

/** What lies at a path. */
public enum ArtifactKind {
  NOTHING,
  FILE,
  FOLDER
}
