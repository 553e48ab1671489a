package dev.slipway.platform.monitor;

/** What a server has of monitoring. */
public record Monitors(
    References references, CellKeeper cells, DriftMonitor drift, DriftWatch watch) {}
