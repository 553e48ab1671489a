package dev.slipway.cli.report;

import dev.slipway.cli.report.CheckReport.Item;
import dev.slipway.cli.report.CheckReport.Verdict;
import java.io.StringWriter;
import java.util.function.Predicate;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * JUnit XML as build servers read it: one test case for each check; one that failed or came to no
 * verdict is a failure with its findings.
 */
public final class JunitReport {
  private JunitReport() {}

  /** The whole document. */
  public static String of(CheckReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      counts(xml, report);
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testsuite");
      attribute(
          xml, "name", "slipway ci check %s (%s)".formatted(report.model(), report.environment()));
      counts(xml, report);
      for (Item item : report.items()) {
        testCase(xml, report, item);
      }
      xml.writeCharacters("\n  ");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text cannot be written as XML", e);
    }
    return text.toString();
  }

  private static void counts(XMLStreamWriter xml, CheckReport report) throws XMLStreamException {
    attribute(xml, "tests", Integer.toString(report.items().size()));
    attribute(xml, "failures", count(report, item -> item.verdict().blocks()));
    attribute(xml, "errors", "0");
    attribute(xml, "skipped", count(report, item -> item.verdict() == Verdict.SKIPPED));
  }

  private static String count(CheckReport report, Predicate<Item> counted) {
    return Long.toString(report.items().stream().filter(counted).count());
  }

  private static void testCase(XMLStreamWriter xml, CheckReport report, Item item)
      throws XMLStreamException {
    String findings = String.join("\n", item.told());
    xml.writeCharacters("\n    ");
    xml.writeStartElement("testcase");
    attribute(xml, "name", item.name());
    attribute(xml, "classname", "slipway.%s.%s".formatted(report.environment(), report.model()));
    switch (item.verdict()) {
      case FAILED, INCONCLUSIVE -> {
        xml.writeStartElement("failure");
        attribute(xml, "type", item.verdict().name());
        attribute(xml, "message", item.told().getFirst());
        xml.writeCharacters(allowed(findings));
        xml.writeEndElement();
      }
      case SKIPPED -> xml.writeEmptyElement("skipped");
      case PASSED -> {
        if (!findings.isEmpty()) {
          xml.writeStartElement("system-out");
          xml.writeCharacters(allowed(findings));
          xml.writeEndElement();
        }
      }
    }
    xml.writeEndElement();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    xml.writeAttribute(name, allowed(value));
  }

  /** XML 1.0 has no way to write most control characters, nor halves of surrogate pairs. */
  private static String allowed(String text) {
    StringBuilder allowed = new StringBuilder(text.length());
    text.codePoints()
        .map(
            point ->
                point == '\t'
                        || point == '\n'
                        || (point >= 0x20 && point < 0xD800)
                        || (point >= 0xE000 && point < 0xFFFE)
                        || point >= 0x10000
                    ? point
                    : 0xFFFD)
        .forEach(allowed::appendCodePoint);
    return allowed.toString();
  }
}
