package dev.slipway.core.scan;

import java.util.Set;

/**
 * What is allowed.
 *
 * @param picklesAllowed whether a pickle that uses nothing but {@code pickleGlobals} is
 * @param pickleGlobals names such as {@code numpy.dtype} that a pickle may import
 * @param opDomains of ONNX operators; the default domain is {@code ai.onnx}
 * @param nodesMax nodes of one ONNX model, subgraphs and functions included
 * @param onnxBytesMax of one ONNX file, without its external data
 * @param archive limits of archives
 */
public record ScanRules(
    boolean picklesAllowed,
    Set<String> pickleGlobals,
    Set<String> opDomains,
    int nodesMax,
    long onnxBytesMax,
    ArchiveLimits archive) {
  /** The domains whose operators ONNX Runtime itself has, and nobody else's code. */
  public static final Set<String> OP_DOMAINS =
      Set.of("ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview", "com.microsoft");

  public static final ScanRules DEFAULT =
      new ScanRules(
          false, Set.of(), OP_DOMAINS, 1_000_000, Integer.MAX_VALUE, ArchiveLimits.DEFAULT);

  /**
   * How archives are bounded, all of an artifact's together except where said.
   *
   * @param depthMax archives within archives
   * @param entriesMax files in them
   * @param unpackedBytesMax bytes in packed entries; up to twice as many are held at once
   * @param ratioMax unpacked bytes per packed byte of an entry larger than 1 MiB; deflate itself
   *     reaches 1032
   */
  public record ArchiveLimits(int depthMax, int entriesMax, long unpackedBytesMax, int ratioMax) {
    public static final ArchiveLimits DEFAULT = new ArchiveLimits(3, 10_000, 256L << 20, 200);
  }

  public ScanRules {
    pickleGlobals = Set.copyOf(pickleGlobals);
    opDomains = Set.copyOf(opDomains);
  }
}
