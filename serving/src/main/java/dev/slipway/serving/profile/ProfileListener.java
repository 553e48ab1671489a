package dev.slipway.serving.profile;

/** Hears of each measurement, on the thread that profiles. */
@FunctionalInterface
public interface ProfileListener {
  ProfileListener NONE = (row, done, planned) -> {};

  /**
   * @param done measurements so far, this one included
   * @param planned how many there will be at most; fewer if a device is missing or runs get slow
   */
  void measured(ProfileRow row, int done, int planned);
}
