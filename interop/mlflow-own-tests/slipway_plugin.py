"""Points MLflow's own tests at Slipway. A plugin of pytest; `run` beside it says how it is started.

MLflow's tests start MLflow's server themselves, in three ways; each is answered with a fresh Slipway on an empty data folder:

- `server`: a fixture enters `ServerThread`, `_init_server` or `_launch_server`, and talks to the address that it yields;
- `uri`: an automatic fixture sets the tracking URI, and the test talks to whatever that names;
- `store`: a fixture builds an SQL store; here it is the REST store that a client of a server has.

`left-out.toml` names what cannot be pointed at another server, with the reason of each. The rest must pass. What is listed is
run as well, and one that passes fails the run as one that is not listed and fails, so that the list does not rot. A test that passes without having asked the server
anything proves nothing about it, and counts as failed unless it is listed.
"""

import collections
import contextlib
import glob
import json
import os
import pathlib
import queue
import re
import shutil
import subprocess
import tempfile
import threading
import tomllib
import urllib.request

import mlflow
import pytest
import requests

HERE = pathlib.Path(__file__).resolve().parent
SPARE_SERVERS = 2
STARTED_WITHIN_SECONDS = 120


class Servers:
    """The process in which the servers run: Servers.java says what it is told and what it answers."""

    def __init__(self):
        self.lock = threading.Lock()
        self.log = open(os.environ["SLIPWAY_OWN_LOG"], "ab")
        # In the process group of this run, so that whoever ends the run ends it.
        self.process = subprocess.Popen(
            json.loads(os.environ["SLIPWAY_OWN_SERVERS"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )

    def tell(self, *words):
        with self.lock:
            print(*words, file=self.process.stdin, flush=True)
            answer = self.process.stdout.readline().split()
        if answer[:1] not in (["started"], ["stopped"]):
            raise RuntimeError(f"{' '.join(words)}: {' '.join(answer)} (expected: started or stopped)")
        return answer[1]

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Server:
    """A Slipway of its own, which nobody has used."""

    def __init__(self, servers, port=0):
        self.servers = servers
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="slipway-own-"))
        self.port = servers.tell("start", str(self.folder), str(port))
        self.url = f"http://127.0.0.1:{self.port}"
        self.asked_before = self.asked()

    def asked(self):
        """How many requests of MLflow's API it has answered, by its own count."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("slipway_control_requests_total{"))

    def end(self):
        self.servers.tell("stop", self.port)
        shutil.rmtree(self.folder, ignore_errors=True)


class Pool:
    """Servers that are started while a test runs, and stopped while the next one does."""

    def __init__(self):
        self.ready = queue.Queue(SPARE_SERVERS)
        self.used = queue.Queue()
        self.ended = threading.Event()
        self.servers = None
        self.thread = threading.Thread(target=self.work, daemon=True)

    def start(self):
        if self.servers is None:
            self.servers = Servers()
            self.thread.start()

    def work(self):
        while not self.ended.is_set():
            try:
                while not self.ready.full():
                    self.ready.put(Server(self.servers))
                self.used.get(timeout=0.1).end()
            except queue.Empty:
                pass
            except Exception as failure:  # noqa: BLE001: whoever takes a server gets it
                self.ready.put(failure)
                return

    def take(self, port=0):
        self.start()
        if port:
            return Server(self.servers, port)
        server = self.ready.get(timeout=STARTED_WITHIN_SECONDS)
        if isinstance(server, Exception):
            self.ready.put(server)
            raise server
        return server

    def give_back(self, server):
        self.used.put(server)

    def end(self):
        if self.servers is not None:
            self.ended.set()
            self.thread.join(60)
            self.servers.end()


class Borrowed:
    """What takes the place of MLflow's own ways to start a server; yields the address of a fresh Slipway."""

    def __init__(self, *_, **__):
        self.port = 0

    def __enter__(self):
        self.server = RUN.pool.take(self.port)
        RUN.lent.append(self.server)
        # MLflow's tests of its command line count on the tracking URI to name the store behind the server that they started.
        self.uri_before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
        mlflow.set_tracking_uri(self.server.url)
        return self.server.url

    def __exit__(self, *_):
        mlflow.set_tracking_uri(self.uri_before)
        RUN.asked_a_server |= RUN.asks(self.server)
        RUN.lent.remove(self.server)
        RUN.pool.give_back(self.server)


class Run:
    """What is known across the tests of one run."""

    def __init__(self):
        with open(HERE / "left-out.toml", "rb") as file:
            listed = tomllib.load(file)
        self.files = listed["files"]
        self.reasons = {name: entry["reason"] for entry in listed["left_out"] for name in entry["tests"]}
        self.unused = set(self.reasons)
        self.not_run = listed["not_run"]
        # They are in the working directory, as `run` makes it.
        self.unused |= {name for entry in self.not_run for name in entry["files"] if not glob.glob(name)}
        self.pool = Pool()
        self.lent = []
        self.asked_a_server = False
        self.again = 0
        self.outcomes = collections.Counter()
        self.left_out = collections.Counter()
        self.would_pass = []
        self.wrong = []

    @staticmethod
    def asks(server):
        return server.asked() > server.asked_before

    def reason(self, nodeid):
        """Why a test is left out: the list names it with its parameters, without them, or by a beginning with a star."""
        plain = nodeid.split("[")[0]
        for name in (nodeid, plain, *(n for n in self.reasons if n.endswith("*") and nodeid.startswith(n[:-1]))):
            if name in self.reasons:
                self.unused.discard(name)
                return self.reasons[name]
        return None


RUN = Run()


def pytest_configure(config):
    # Before the modules of tests are imported, since they take these names from here.
    import mlflow.server.handlers as handlers
    import tests.tracking.integration_test_utils as started

    started.ServerThread = Borrowed
    started._init_server = Borrowed
    handlers.initialize_backend_stores = lambda *_, **__: None
    stand_in_for_runs()


def stand_in_for_runs():
    """MLflow's registry takes the files of a run that it does not know; Slipway refuses to. So that the tests about versions
    can be run, the made-up runs that they name exist: made when first named, and called by their made-up names on the way
    back."""
    made_up = re.compile(r"runs:/(run_id(?:_\d)?)/")
    runs = {}
    send = requests.Session.request

    def post(url, operation, body):
        answer = send(requests.Session(), "POST", f"{url}/api/2.0/mlflow/{operation}", json=body, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def translated(session, method, url, **options):
        server = "/".join(url.split("/")[:3])
        here = runs.setdefault(server, {})
        for kind in ("json", "params"):
            text = json.dumps(options.get(kind))
            for name in made_up.findall(text):
                if name not in here:
                    here[name] = post(server, "runs/create", {"experiment_id": "0"})["run"]["info"]["run_id"]
                text = text.replace(f"runs:/{name}/", f"runs:/{here[name]}/")
            if here and options.get(kind) is not None:
                options[kind] = json.loads(text)
        answer = send(session, method, url, **options)
        if here and not options.get("stream"):
            for name, run in here.items():
                answer._content = answer.content.replace(f"runs:/{run}/".encode(), f"runs:/{name}/".encode())
        return answer

    requests.Session.request = translated


def pytest_collection_modifyitems(config, items):
    import tests.conftest

    use_tracking_uri = tests.conftest._use_tracking_uri

    @contextlib.contextmanager
    def use_slipway(uri, *rest):
        if RUN.way != "uri":
            with use_tracking_uri(uri, *rest):
                yield
        else:
            with Borrowed() as url, use_tracking_uri(url, *rest):
                yield

    tests.conftest._use_tracking_uri = use_slipway
    kept = []
    for item in items:
        file = RUN.files[item.nodeid.split("::")[0]]
        params = item.callspec.params if hasattr(item, "callspec") else {}
        if any(params.get(name) == value for name, value in file.get("again", {}).items()):
            RUN.again += 1
            continue
        if file["way"] == "server" and hasattr(item.module, "_launch_server"):
            item.module._launch_server = launch_server
        if hasattr(item.module, "local_file_uri_to_path"):
            item.module.local_file_uri_to_path = on_disk
        reason = RUN.reason(item.nodeid)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=False))
        kept.append(item)
    items[:] = kept


def on_disk(uri):
    """Where a file of a run lies: some tests look at what came there, and not through the server."""
    return os.path.normpath(f"{RUN.lent[-1].folder}/artifacts/{uri.removeprefix('mlflow-artifacts:/')}")


@contextlib.contextmanager
def launch_server(host, port, backend_store_uri, default_artifact_root, artifacts_destination):
    """The one way in which a test chooses the port, and where on the disk the files go: there it finds where they are."""
    borrowed = Borrowed()
    borrowed.port = port
    with borrowed:
        os.symlink(borrowed.server.folder / "artifacts", artifacts_destination)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    RUN.way = RUN.files[item.nodeid.split("::")[0]]["way"]
    RUN.asked_a_server = False
    for server in RUN.lent:
        server.asked_before = server.asked()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        RUN.asked_a_server |= any(RUN.asks(server) for server in RUN.lent)
    listed = RUN.reason(item.nodeid)
    if listed:
        # Listed, so it may fail anywhere; what matters is whether it would pass.
        if call.when == "call" and report.passed and RUN.asked_a_server:
            RUN.would_pass.append(item.nodeid)
        if call.when == "teardown":
            RUN.left_out[listed] += 1
            if report.failed:
                report.outcome = "passed"
        return report
    if report.skipped:
        # Also what MLflow itself expects to fail: the list says of everything that does not run why.
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: left out by itself (expected: to run, or a reason in left-out.toml): {report.longrepr}"
        report.__dict__.pop("wasxfail", None)
    elif call.when == "call" and report.passed and not RUN.asked_a_server:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: passed without asking the server anything (expected: a reason in left-out.toml)"
    if report.failed:
        RUN.wrong.append(item.nodeid)
    if call.when == "teardown":
        RUN.outcomes["failed" if item.nodeid in RUN.wrong else "passed"] += 1
    return report


def pytest_sessionfinish(session):
    RUN.pool.end()
    whole = not session.config.option.keyword and not any("::" in arg for arg in session.config.args)
    RUN.unused = RUN.unused if whole else set()
    if (RUN.unused or RUN.would_pass) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    out = terminalreporter
    out.section("MLflow's own tests against Slipway")
    passed, failed = RUN.outcomes["passed"], RUN.outcomes["failed"]
    out.line(f"run {passed + failed}: {passed} passed, {failed} failed")
    out.line(f"left out {sum(RUN.left_out.values())}, by reason:")
    for reason, count in RUN.left_out.most_common():
        out.line(f"  {count:4} {reason}")
    out.line(f"not run again: {RUN.again} (the same tests with another store of MLflow's behind its server)")
    out.line("files not run:")
    for entry in RUN.not_run:
        out.line(f"  {', '.join(entry['files'])}: {entry['reason']}")
    for name in RUN.would_pass:
        out.line(f"left out, but it passes (expected: off the list): {name}")
    for name in sorted(RUN.unused):
        out.line(f"left out, but there is no such test (expected: off the list): {name}")
