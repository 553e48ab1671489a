package dev.slipway.core.drift.cell;

/** What one event loop counted in one window. A later one with the same key takes its place. */
public record Cell(CellKey key, CellCounts counts) {}
