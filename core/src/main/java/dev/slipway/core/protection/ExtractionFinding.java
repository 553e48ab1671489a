package dev.slipway.core.protection;

/**
 * Questions that look like an attempt to copy a model.
 *
 * @param rows different rows within the window, estimated from the sample
 * @param examined rows of the sample
 * @param variedShare share of the different ones that vary a row asked shortly before
 */
public record ExtractionFinding(long rows, long examined, double variedShare) {}
