/**
 * What the control plane decided: models, versions, deployments and their history. Start at {@link
 * dev.slipway.store.control.ControlStore}. Plain SQL over JDBC; a change is one {@link
 * dev.slipway.store.control.UnitOfWork}.
 */
@NullMarked
package dev.slipway.store.control;

import org.jspecify.annotations.NullMarked;
