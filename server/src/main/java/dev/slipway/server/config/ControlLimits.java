package dev.slipway.server.config;

import dev.slipway.platform.doctor.DoctorLimits;
import dev.slipway.platform.registry.RegistryLimits;
import dev.slipway.platform.upload.UploadLimits;
import dev.slipway.serving.profile.ProfileLimits;

/**
 * What the control plane may use.
 *
 * @param uploads what an artifact may be, however it arrives
 */
public record ControlLimits(
    RegistryLimits registry, UploadLimits uploads, DoctorLimits doctor, ProfileLimits profile) {
  public static final ControlLimits DEFAULT =
      new ControlLimits(
          RegistryLimits.DEFAULT,
          UploadLimits.DEFAULT,
          DoctorLimits.DEFAULT,
          ProfileLimits.DEFAULT);
}
