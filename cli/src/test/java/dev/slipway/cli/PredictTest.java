package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to give a prediction its input. The server answers with the sum of each row. */
class PredictTest {
  private static final String REQUEST =
      """
      {"inputs":[{"name":"input","datatype":"FP32","shape":[2,2],"data":[1,2,3,4]}]}\
      """;

  @TempDir Path folder = Path.of("");
  private final ControlApiServer server = new ControlApiServer();
  private Shell shell = new Shell(folder);

  @BeforeEach
  void deploy() throws IOException {
    Files.createDirectories(folder.resolve("work"));
    shell = new Shell(folder).with("SLIPWAY_URL", server.url());
    server.register("fraud");
    server.deploy("fraud", 1, "fraud");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void exampleOfTheModel() {
    assertThat(shell.run("predict", "fraud", "--example").out())
        .isEqualTo(
            """
            ROW  sum
            0    15.5
            """);
  }

  @Test
  void rowsOfValues() {
    assertThat(shell.run("predict", "fraud", "-r", "1.25,2", "--row", " 3 , 4 ").out())
        .isEqualTo(
            """
            ROW  sum
            0    3.25
            1    7
            """);
  }

  @Test
  void missingValueOfARowIsSentAsNaN() {
    assertThat(shell.run("predict", "fraud", "--row", ",5").out()).endsWith("0    5\n");
  }

  @Test
  void requestFromArgumentFileAndInput() throws IOException {
    Files.writeString(folder.resolve("work/request.json"), REQUEST);
    String sums = "{\"row\":0,\"sum\":3}\n{\"row\":1,\"sum\":7}\n";

    assertThat(shell.run("predict", "fraud", "-d", REQUEST, "-o", "jsonl").out()).isEqualTo(sums);
    assertThat(shell.run("predict", "fraud", "-f", "request.json", "-o", "jsonl").out())
        .isEqualTo(sums);
    assertThat(shell.typing(REQUEST).run("predict", "fraud", "-f", "-", "-o", "jsonl").out())
        .isEqualTo(sums);
  }

  @Test
  void jsonIsTheServersAnswer() {
    assertThat(shell.run("predict", "fraud", "--row", "1e2,0.10", "-o", "json").out())
        .isEqualTo(
            """
            {
              "model_name" : "fraud",
              "model_version" : "1",
              "id" : "id-1",
              "outputs" : [
                {
                  "name" : "sum",
                  "datatype" : "FP64",
                  "shape" : [
                    1
                  ],
                  "data" : [
                    100.10
                  ]
                }
              ]
            }
            """);
  }

  @Test
  void csvHeaderPicksColumnsByNameInAnyOrder() throws IOException {
    Files.writeString(
        folder.resolve("work/rows.csv"),
        """
        id,hour,label,"amount"
        a,1,0,100
        "b, with ""quotes\""",2,1,200
        """);

    assertThat(shell.run("predict", "fraud", "--csv", "rows.csv").out())
        .isEqualTo(
            """
            ROW  sum
            0    101
            1    202
            """);
  }

  @Test
  void csvWithoutHeaderGoesByPosition() {
    assertThat(shell.typing("1,2\r\n3,4").run("predict", "fraud", "--csv", "-").out())
        .endsWith("0    3\n1    7\n");
  }

  @Test
  void csvWithForeignTitlesGoesByPosition() {
    assertThat(shell.typing("x,y\n1,2\n").run("predict", "fraud", "--csv", "-").out())
        .isEqualTo("ROW  sum\n0    3\n");
  }

  @Test
  void csvLongerThanABatchIsJoined() {
    StringBuilder csv = new StringBuilder("amount,hour\n");
    for (int row = 0; row < 25; row++) {
      csv.append(row).append(",1\n");
    }

    Shell.Result result =
        shell
            .typing(csv.toString())
            .run("predict", "fraud", "--csv", "-", "--batch-rows", "10", "-o", "jsonl");

    assertThat(result.out().lines()).hasSize(25).last().isEqualTo("{\"row\":24,\"sum\":25}");
    assertThat(server.requests()).filteredOn(r -> r.endsWith("/infer")).hasSize(3);
  }

  @Test
  void wrongValuesAreNamed() {
    assertUsage("row 1, hour: 'noon' (expected: FP32)", "--row", "1,noon");
    assertUsage("row 2: 3 values (expected: 2)", "--row", "1,2", "--row", "1,2,3");
    assertUsage("the request is not JSON", "--data", "{");
    assertUsage("the request is no JSON object", "--data", "[1]");
    assertUsage("nowhere.csv: no such file", "--csv", "nowhere.csv");
    shell.typing("amount,label\n1,2\n");
    assertUsage("the header lacks hour (expected: every column of amount, hour)", "--csv", "-");
    shell.typing("1,2\n3,x\n");
    assertUsage("-, rows from 1: row 2, hour: 'x' (expected: FP32)", "--csv", "-");
    shell.typing("amount,hour\n1,2\n3\n");
    assertUsage("line 3: 1 values (expected: 2, as in the header)", "--csv", "-");
    shell.typing("amount,hour\n1,2,3\n");
    assertUsage("line 2: 3 values (expected: 2, as in the header)", "--csv", "-");
    shell.typing("amount,hour,hour\n1,2,3\n");
    assertUsage("the header names hour twice (expected: each column once)", "--csv", "-");
    shell.typing("1,\"2\n3");
    assertUsage("line 1: a quote is not closed", "--csv", "-");
    shell.typing("");
    assertUsage("no rows (expected: at least one)", "--csv", "-");
    assertThat(server.requests()).noneMatch(request -> request.endsWith("/infer"));
  }

  @Test
  void refusalOfTheDataPlaneIsTold() {
    Shell.Result result =
        shell.run(
            "predict",
            "fraud",
            "-d",
            "{\"inputs\":[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,3],\"data\":[1,2,3]}]}");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err())
        .contains("why:        inputs[0].shape: [1, 3] (expected: [-1, 2])", "request id: req-1");
    assertThat(shell.run("predict", "nobody", "--example").exit()).isEqualTo(3);
  }

  @Test
  void pinnedVersionIsAskedFor() {
    shell.run("predict", "fraud", "--row", "1,2", "--version", "1");

    assertThat(server.requests()).last().isEqualTo("POST /v2/models/fraud/versions/1/infer");
  }

  private void assertUsage(String why, String... input) {
    String[] arguments = new String[input.length + 2];
    arguments[0] = "predict";
    arguments[1] = "fraud";
    System.arraycopy(input, 0, arguments, 2, input.length);
    Shell.Result result = shell.run(arguments);
    assertThat(result.exit()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(why);
  }
}
