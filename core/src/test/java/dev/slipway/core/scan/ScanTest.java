package dev.slipway.core.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.scan.ScanRules.ArchiveLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScanTest {
  /** Bytes that real tools wrote, by make_samples.py beside the file. */
  record Sample(String name, String expected, byte[] bytes) {
    @Override
    public String toString() {
      return name;
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatRealToolsWroteIsJudgedByWhatItHolds(Sample sample) {
    List<Finding> findings = scan(sample.name(), sample.bytes(), ScanRules.DEFAULT);

    if (sample.expected().equals("CLEAN")) {
      assertThat(findings).isEmpty();
    } else if (sample.expected().startsWith("PICKLE")) {
      assertThat(findings)
          .anySatisfy(
              finding ->
                  assertThat(finding.message())
                      .contains("pickle")
                      .contains(sample.expected().substring("PICKLE".length()).strip()));
    } else {
      assertThat(findings)
          .anySatisfy(finding -> assertThat(finding.message()).contains(sample.expected()));
    }
    assertThat(findings).allMatch(finding -> finding.file().startsWith(sample.name()));
  }

  @Test
  void onlyAPickleOfAllowedNamesIsAllowed() throws IOException {
    ScanRules rules =
        new ScanRules(
            true,
            Set.of("collections.OrderedDict"),
            ScanRules.OP_DOMAINS,
            10,
            1 << 20,
            ArchiveLimits.DEFAULT);

    for (Sample sample : samples().toList()) {
      List<Finding> findings = scan(sample.name(), sample.bytes(), rules);
      if (sample.name().startsWith("ordered") || sample.name().startsWith("list")) {
        assertThat(findings).as(sample.name()).isEmpty();
      }
      if (sample.name().startsWith("harm") || sample.name().startsWith("optimised")) {
        assertThat(findings)
            .as(sample.name())
            .singleElement()
            .satisfies(finding -> assertThat(finding.element()).endsWith(".system"));
      }
      if (sample.name().equals("trailing.bin")) {
        assertThat(findings).anyMatch(finding -> finding.message().contains("after its end"));
      }
    }
  }

  @Test
  void theLimitsOfModelsAndArchivesHold() throws IOException {
    ScanRules tight =
        new ScanRules(
            false, Set.of(), ScanRules.OP_DOMAINS, 0, 1 << 20, new ArchiveLimits(3, 0, 10, 200));

    assertThat(scan("model.onnx", sample("model.onnx"), tight))
        .anyMatch(
            finding -> finding.message().equals("more than 0 nodes (expected: at most that)"));
    assertThat(scan("a.npz", sample("arrays.npz"), tight))
        .anyMatch(finding -> finding.message().contains("1 entries (expected: at most 0)"));
    assertThat(scan("a.gz", sample("joblib-gzip.bin"), tight))
        .anyMatch(finding -> finding.message().contains("more than 10 bytes in archives"));
  }

  /** 64 MiB of zeros, as gzip and as a zip, alone and within another. */
  @Test
  void bombsAreFoundBeforeTheyAreUnpacked() throws IOException {
    byte[] zeros = new byte[64 << 20];
    byte[] gzip = gzip(zeros);
    byte[] zip = zip("a.npy", zeros);

    for (byte[] bomb : List.of(gzip, zip, gzip(gzip), zip("inner.zip", zip), gzip(zip))) {
      assertThat(bomb.length).isLessThan(200_000);
      assertThat(scan("model.bin", bomb, ScanRules.DEFAULT))
          .anyMatch(finding -> finding.message().contains("(expected: at most 200 times as many)"));
    }
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String name, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry(name));
      out.write(content);
      out.closeEntry();
    }
    return bytes.toByteArray();
  }

  @Test
  void externalDataIsReportedForALookAtItsFile() throws IOException {
    OnnxScan.Result result =
        OnnxScan.of("m", ByteBuffer.wrap(sample("external.onnx")), ScanRules.DEFAULT);

    assertThat(result.externals())
        .containsExactly(new OnnxScan.External("tensor w", "weights.bin", 0, 4));
    assertThat(result.nodes()).isEqualTo(1);
  }

  @Test
  void damagedFilesAreFoundOrPassedButNeverThrow() throws IOException {
    long seed = 20261125;
    Random random = new Random(seed);
    List<Sample> samples = samples().filter(sample -> sample.bytes().length > 0).toList();
    List<Finding> all = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      Sample sample = samples.get(i % samples.size());
      byte[] damaged = sample.bytes().clone();
      if (random.nextInt(4) == 0) {
        damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length + 1));
      }
      for (int j = random.nextInt(4); j >= 0 && damaged.length > 0; j--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        all.addAll(scan(sample.name(), damaged, ScanRules.DEFAULT));
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d, round %d, %s".formatted(seed, i, sample.name()), e);
      }
    }
    assertThat(all).isNotEmpty();
  }

  @Test
  void aManyTimesNestedPickleTakesOnePass() {
    byte[] marks = new byte[2_000_000];
    Arrays.fill(marks, (byte) '(');
    marks[0] = (byte) 0x80;
    marks[1] = 4;

    assertThat(PickleScan.of(ByteBuffer.wrap(marks))).isEmpty();
  }

  private static List<Finding> scan(String name, byte[] bytes, ScanRules rules) {
    ContentScan scan = new ContentScan(rules);
    scan.file(name, ByteBuffer.wrap(bytes));
    List<Finding> findings = new ArrayList<>(scan.findings());
    if (name.endsWith(".onnx")) {
      findings.addAll(OnnxScan.of(name, ByteBuffer.wrap(bytes), rules).findings());
    }
    return findings;
  }

  private static byte[] sample(String name) throws IOException {
    return samples().filter(sample -> sample.name().equals(name)).findFirst().orElseThrow().bytes();
  }

  static Stream<Sample> samples() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ScanTest.class.getResourceAsStream("samples.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(line -> line.split("\t", -1))
              .map(part -> new Sample(part[0], part[1], Base64.getDecoder().decode(part[2])))
              .toList()
              .stream();
    }
  }
}
