"""Sends requests, and asks a real Prometheus every query that the dashboards and rules of a folder hold.

check.py DEPLOY ROWS; SLIPWAY_URL and PROMETHEUS_ADDRESS say where both are. Each query has to be understood and to give at least one
series: a metric or a label that is misspelt, or is no longer there, gives none.
"""
import csv
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SERVER = os.environ["SLIPWAY_URL"]
PROMETHEUS = "http://" + os.environ["PROMETHEUS_ADDRESS"]
SECONDS_MAX = 150
# Alerts compare, so they have no series while all is well; their metrics are asked for without the comparison.
COMPARISONS = (" > ", " == ")


def ask(path, **query):
    url = f"{PROMETHEUS}{path}?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)["data"]


def infer(rows, columns):
    body = {"inputs": [{"name": "input", "shape": [len(rows), columns], "datatype": "FP32", "data": sum(rows, [])}]}
    request = urllib.request.Request(
        f"{SERVER}/v2/models/fraud/infer", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    try:
        urllib.request.urlopen(request, timeout=10).read()
    except urllib.error.HTTPError:
        pass  # One of them is wrong on purpose.


def dashboards(folder):
    for file in sorted(folder.glob("*.json")):
        board = json.loads(file.read_text())
        assert board["uid"] == file.stem, f"{file.name}: uid {board['uid']} (expected: {file.stem})"
        for panel in board["panels"]:
            for target in panel["targets"]:
                query = target["expr"].replace("$__rate_interval", "30s").replace("$model", ".*")
                yield f"{board['uid']}: {panel['title']}", query
        for variable in board["templating"]["list"]:
            if variable["type"] == "query":
                metric = variable["query"]["query"].removeprefix("label_values(").split(",")[0]
                yield f"{board['uid']}: variable {variable['name']}", metric


def rules():
    for group in ask("/api/v1/rules")["groups"]:
        for rule in group["rules"]:
            yield group["name"], rule


def operands(expression):
    """The parts of an alert's expression before its comparisons."""
    for part in expression.replace("\n", " ").split(" and "):
        for comparison in COMPARISONS:
            part = part.split(comparison)[0]
        yield part.strip()


def queries(deploy):
    """Every query by the place it is from."""
    found = {f"{place}: {query}": query for place, query in dashboards(deploy / "grafana")}
    for group, rule in rules():
        place = f"{group}: {rule['name']}"
        if rule["type"] == "alerting":
            found |= {f"{place}: {part}": part for part in operands(rule["query"])}
        else:
            found[place] = rule["name"]
    return found


def without_series(asked):
    return {place: query for place, query in asked.items() if not ask("/api/v1/query", query=query)["result"]}


def main():
    deploy, rows_file = map(pathlib.Path, sys.argv[1:])
    with rows_file.open() as file:
        reader = csv.reader(file)
        first = next(reader).index("TX_AMOUNT")
        rows = [[float(value) for value in row[first:]] for _, row in zip(range(2000), reader)]
    deadline = time.time() + SECONDS_MAX
    missing = {}
    for turn in range(SECONDS_MAX * 10):
        for start in range(0, 200, 20):
            infer(rows[start : start + 20], len(rows[0]))
        infer([[1.0]], 1)
        time.sleep(0.5)
        if turn < 20:
            continue  # Counters need two scrapes before they have a rate.
        missing = without_series(missing or queries(deploy))
        if not missing or time.time() > deadline:
            break
    problems = [f"no series: {place}" for place in missing]
    problems += [f"{group}: {rule['name']}: {rule.get('lastError')}" for group, rule in rules() if rule["health"] != "ok"]
    # How fast this machine is today is not what is checked.
    firing = [alert["labels"] for alert in ask("/api/v1/alerts")["alerts"]]
    problems += [f"fires: {labels}" for labels in firing if not labels["alertname"].startswith("SlipwaySlow")]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(queries(deploy))} queries, {len(list(rules()))} rules", file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
