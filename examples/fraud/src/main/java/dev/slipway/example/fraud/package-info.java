/**
 * The flagship example, card fraud: a seeded world of customers and terminals ({@link
 * dev.slipway.example.fraud.TransactionStream}), features that know nothing of the future ({@link
 * dev.slipway.example.fraud.FeatureExtractor}), and training in the JVM ({@link
 * dev.slipway.example.fraud.XgboostTrainer}). Nothing here is used by the server.
 */
@NullMarked
package dev.slipway.example.fraud;

import org.jspecify.annotations.NullMarked;
