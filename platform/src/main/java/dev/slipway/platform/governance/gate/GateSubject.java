package dev.slipway.platform.governance.gate;

import dev.slipway.core.model.ModelVersion;
import dev.slipway.platform.governance.holdout.Holdout;
import dev.slipway.platform.rows.RowModel;
import dev.slipway.serving.engine.ModelArtifact;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a gate may look at.
 *
 * @param candidate the version that is to be promoted
 * @param artifact its frozen bytes
 * @param incumbent what serves at the target now; null if nothing does
 * @param holdout rows with known outcomes that neither version was trained on; null if none were
 *     given
 * @param models loads a version for answering rows; closing it unloads it
 * @param endpoint where the candidate answers over the network; null if it answers nowhere
 */
public record GateSubject(
    ModelVersion candidate,
    ModelArtifact artifact,
    @Nullable ModelVersion incumbent,
    @Nullable Holdout holdout,
    Function<ModelVersion, RowModel> models,
    @Nullable Endpoint endpoint) {}
