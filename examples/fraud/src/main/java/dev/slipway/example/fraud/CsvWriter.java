package dev.slipway.example.fraud;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.zip.GZIPOutputStream;

/** Writes transactions, with or without their features, as CSV. Not thread-safe. */
final class CsvWriter implements AutoCloseable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final String TRANSACTION_HEADER =
      "transaction_id,time,customer_id,terminal_id,amount,fraud,scenario,label_time";

  private final WorldSettings settings;
  private final Writer out;
  private final StringBuilder line = new StringBuilder(256);

  private CsvWriter(WorldSettings settings, Writer out) {
    this.settings = settings;
    this.out = out;
  }

  /** Opens the file; a name that ends with {@code .gz} is compressed. */
  static CsvWriter open(Path file, WorldSettings settings) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    OutputStream bytes = Files.newOutputStream(file);
    if (file.toString().endsWith(".gz")) {
      bytes = new GZIPOutputStream(bytes, 1 << 16);
    }
    return to(new OutputStreamWriter(bytes, StandardCharsets.UTF_8), settings);
  }

  static CsvWriter to(Writer out, WorldSettings settings) {
    return new CsvWriter(settings, new BufferedWriter(out, 1 << 16));
  }

  void transactionHeader() throws IOException {
    out.append(TRANSACTION_HEADER).append('\n');
  }

  void transaction(Transaction transaction) throws IOException {
    line.setLength(0);
    appendTransaction(transaction);
    out.append(line.append('\n'));
  }

  void featureHeader() throws IOException {
    out.append(TRANSACTION_HEADER).append(",week,").append(Feature.csvHeader()).append('\n');
  }

  void features(Transaction transaction, float[] row) throws IOException {
    line.setLength(0);
    appendTransaction(transaction);
    line.append(',').append(transaction.week());
    for (float value : row) {
      appendShort(value);
    }
    out.append(line.append('\n'));
  }

  private void appendTransaction(Transaction transaction) {
    line.append(transaction.id()).append(',');
    appendTime(transaction.seconds());
    line.append(',')
        .append(transaction.customer())
        .append(',')
        .append(transaction.terminal())
        .append(',')
        .append(transaction.amountCents() / 100)
        .append('.');
    int cents = transaction.amountCents() % 100;
    line.append(cents / 10)
        .append(cents % 10)
        .append(transaction.isFraud() ? ",1," : ",0,")
        .append(transaction.scenario().name())
        .append(',');
    appendTime(transaction.labelSeconds());
  }

  private void appendTime(int seconds) {
    TIME.formatTo(time(seconds), line);
  }

  private LocalDateTime time(int seconds) {
    return settings.start().atStartOfDay().plusSeconds(seconds);
  }

  /** The shortest text that reads back as the same float; whole numbers without a fraction. */
  private void appendShort(float value) {
    line.append(',');
    if (value == (int) value) {
      line.append((int) value);
    } else {
      line.append(value);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
