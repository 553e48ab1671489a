package dev.slipway.core.drift.cell;

/**
 * What one event loop counted in one window. It only grows: of two with the same key, the one with
 * more rows holds the other, and takes its place.
 */
public record Cell(CellKey key, CellCounts counts) {}
