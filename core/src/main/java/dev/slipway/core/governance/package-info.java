/**
 * What has to be true before a version may answer where it matters, decided without I/O.
 *
 * <p>A request flows so: somebody asks for a version at a {@link PromotionTarget}; {@link Policy}
 * names the {@link EnvironmentRules} that hold there; each gate's outcome becomes {@link Evidence},
 * addressed by its digest; {@link Promotion} binds artifact, target, policy, incumbent and evidence
 * in one digest; people approve exactly that digest; {@link PromotionMachine} decides what each
 * event makes of it; {@link Readiness} says what is missing, and which command mends it. Start
 * reading at {@link PromotionMachine}.
 *
 * <p>Nothing here reads a clock, a file or a database.
 */
@NullMarked
package dev.slipway.core.governance;

import org.jspecify.annotations.NullMarked;
