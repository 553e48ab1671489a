/**
 * Measures a model on what this machine has and recommends its settings. Start at {@link
 * dev.slipway.serving.profile.ModelProfiler}; what is recommended from the figures is decided by a
 * pure function, {@link dev.slipway.serving.profile.SettingsAdvice}.
 */
@NullMarked
package dev.slipway.serving.profile;

import org.jspecify.annotations.NullMarked;
