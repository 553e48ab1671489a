package dev.slipway.platform.doctor;

/**
 * Where checks begin to complain, and how much they look at.
 *
 * @param diskWarningBytes free space below which there is a warning
 * @param diskFailedBytes free space below which nothing can be kept safely
 * @param verifyBytesMax artifacts are checked byte by byte until so many bytes were read
 */
public record DoctorLimits(long diskWarningBytes, long diskFailedBytes, long verifyBytesMax) {
  public static final DoctorLimits DEFAULT = new DoctorLimits(2L << 30, 200L << 20, 4L << 30);

  public DoctorLimits {
    if (diskWarningBytes < 0 || diskFailedBytes < 0 || verifyBytesMax < 0) {
      throw new IllegalArgumentException(
          "doctor: disk warning at %d, failed at %d, verify %d bytes (expected: each >= 0)"
              .formatted(diskWarningBytes, diskFailedBytes, verifyBytesMax));
    }
  }
}
