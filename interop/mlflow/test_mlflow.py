"""MLflow's own client against Slipway: what a notebook does, from the first metric to an answer of the deployed model."""

import json
import math
import os
import pathlib
import re
import subprocess
import time
import urllib.error
import urllib.request
import uuid

import mlflow
import numpy as np
import onnx
import pandas as pd
import pytest
import xgboost
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from onnx import TensorProto, helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
IS_3 = int(mlflow.__version__.split(".")[0]) >= 3
FEATURES = ["amount", "hour", "age"]


def unique(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def http(url, method, path, body=None, raw=False):
    """Status, and the body as JSON."""
    data = body if raw else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, data=data, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


@pytest.fixture
def client():
    return MlflowClient()


@pytest.fixture
def experiment():
    return mlflow.set_experiment(unique("interop")).experiment_id


@pytest.fixture
def run(client, experiment):
    with mlflow.start_run() as started:
        yield started.info.run_id


@pytest.fixture(scope="session")
def rows():
    return np.random.default_rng(7).normal(size=(64, len(FEATURES))).astype(np.float32)


@pytest.fixture(scope="session")
def booster(rows):
    labels = (rows.sum(axis=1) > 0).astype(int)
    data = xgboost.DMatrix(rows, label=labels, feature_names=FEATURES)
    return xgboost.train({"objective": "binary:logistic", "max_depth": 3, "seed": 1}, data, num_boost_round=8)


@pytest.fixture(scope="session")
def linear():
    """y = x W + 0.5 as an ONNX model."""
    weights = np.array([[1.0], [2.0], [-3.0]], dtype=np.float32)
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["xw"]), helper.make_node("Add", ["xw", "b"], ["y"])],
        "linear",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])],
        [onnx.numpy_helper.from_array(weights, "w"), onnx.numpy_helper.from_array(np.float32([0.5]), "b")],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def log(flavor, *model, **how):
    """Logs a model as users of this release do; the URI that it has then."""
    named = {"name": "model"} if IS_3 else {"artifact_path": "model"}
    return flavor.log_model(*model, pip_requirements=["numpy"], **named, **how).model_uri


def slipway(url, *command, token=None, stdin=None):
    done = subprocess.run(
        [ROOT / "slipway", *command, "--url", url],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input=stdin,
        env=os.environ | ({"SLIPWAY_TOKEN": token} if token else {}),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# Tracking


def test_a_run_comes_back_with_everything_that_was_logged(client, run):
    mlflow.log_params({"depth": 6, "objective": "binary:logistic"})
    mlflow.log_metric("loss", 0.5, step=1)
    mlflow.log_metric("loss", 0.25, step=2)
    mlflow.log_metrics({"nan": math.nan, "up": math.inf, "down": -math.inf})
    mlflow.set_tags({"team": "fraud", "note with blanks": "Grüße 🚀"})
    mlflow.log_input(
        mlflow.data.from_pandas(pd.DataFrame({"amount": [1.0, 2.0]}), name="train", source="s3://bucket/train.parquet"),
        context="training",
    )
    mlflow.end_run()

    found = client.get_run(run)
    assert found.info.status == "FINISHED" and found.info.end_time >= found.info.start_time
    assert found.data.params == {"depth": "6", "objective": "binary:logistic"}
    assert found.data.metrics["loss"] == 0.25
    assert math.isnan(found.data.metrics["nan"])
    assert (found.data.metrics["up"], found.data.metrics["down"]) == (math.inf, -math.inf)
    assert found.data.tags["note with blanks"] == "Grüße 🚀"
    assert [(point.step, point.value) for point in client.get_metric_history(run, "loss")] == [(1, 0.5), (2, 0.25)]
    (entry,) = found.inputs.dataset_inputs
    assert entry.dataset.name == "train"
    assert {tag.key: tag.value for tag in entry.tags} == {"mlflow.data.context": "training"}


def test_a_param_never_changes(client, run):
    client.log_param(run, "depth", 6)
    client.log_param(run, "depth", 6)
    with pytest.raises(MlflowException, match="depth") as refused:
        client.log_param(run, "depth", 7)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    assert client.get_run(run).data.params == {"depth": "6"}


def test_a_batch_of_a_thousand_points_is_paged_in_order(client, run):
    points = [Metric("loss", 1 / (step + 1), 1_000 + step, step) for step in range(990)]
    client.log_batch(run, metrics=points, params=[Param("a", "1")], tags=[RunTag("b", "2")])
    history = client.get_metric_history(run, "loss")
    assert [point.step for point in history] == list(range(990))


def test_runs_are_searched_ordered_and_paged(client, experiment):
    ids = []
    for number in range(12):
        with mlflow.start_run(run_name=f"run-{number}") as started:
            mlflow.log_metric("auc", number / 10)
            mlflow.log_param("kind", "odd" if number % 2 else "even")
            mlflow.set_tag("team name", "blue's" if number < 6 else "red")
            ids.append(started.info.run_id)

    def search(text, **how):
        return [run.info.run_name for run in client.search_runs([experiment], text, **how)]

    assert search("metrics.auc > 0.85 AND params.kind = 'even'") == ["run-10"]
    assert search('tags.`team name` = "blue\'s" and metrics.auc >= 0.4', order_by=["metrics.auc ASC"]) == ["run-4", "run-5"]
    assert search("attributes.run_name LIKE 'run-1%'", order_by=["attributes.start_time ASC"]) == ["run-1", "run-10", "run-11"]
    assert search("run_name ILIKE 'RUN-1_'", order_by=["metrics.auc DESC"]) == ["run-11", "run-10"]
    assert search(f"attributes.run_id IN ('{ids[2]}', '{ids[3]}')") == ["run-3", "run-2"]
    assert search("params.kind != 'odd'", order_by=["metrics.auc"], max_results=2) == ["run-0", "run-2"]
    seen, token = [], None
    while True:
        page = client.search_runs([experiment], order_by=["metrics.auc DESC"], max_results=5, page_token=token)
        seen += [run.info.run_name for run in page]
        token = page.token
        if not token:
            break
    assert seen == [f"run-{number}" for number in range(11, -1, -1)]
    with pytest.raises(MlflowException) as refused:
        search("metrics.auc >> 1")
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    table = mlflow.search_runs([experiment], order_by=["metrics.auc DESC"])
    assert list(table["metrics.auc"])[:2] == [1.1, 1.0]


def test_experiments_and_runs_are_put_away_and_taken_back(client):
    name = unique("away")
    experiment = client.create_experiment(name, tags={"a": "1"})
    run = client.create_run(experiment).info.run_id
    client.delete_run(run)
    assert client.search_runs([experiment]) == []
    assert [r.info.run_id for r in client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)] == [run]
    client.restore_run(run)
    client.set_experiment_tag(experiment, "b", "2")
    client.rename_experiment(experiment, name + "-new")
    assert client.get_experiment_by_name(name) is None
    client.delete_experiment(experiment)
    assert client.get_experiment(experiment).lifecycle_stage == "deleted"
    with pytest.raises(MlflowException) as refused:
        client.create_run(experiment)
    assert refused.value.error_code == "INVALID_PARAMETER_VALUE"
    client.restore_experiment(experiment)
    (found,) = client.search_experiments(filter_string=f"name = '{name}-new'")
    assert found.tags["b"] == "2"
    with pytest.raises(MlflowException) as refused:
        client.create_experiment(name + "-new")
    assert refused.value.error_code == "RESOURCE_ALREADY_EXISTS"


def test_what_does_not_exist_is_said_so(client):
    for ask in [
        lambda: client.get_run("0" * 32),
        lambda: client.get_experiment("987654321"),
        lambda: client.get_registered_model("none"),
        lambda: client.get_model_version("none", "1"),
    ]:
        with pytest.raises(MlflowException) as refused:
            ask()
        assert refused.value.error_code == "RESOURCE_DOES_NOT_EXIST"


# Artifacts


def test_artifacts_go_up_are_listed_come_down_and_are_deleted(client, run, tmp_path):
    big = os.urandom(3_000_000)
    (tmp_path / "plots").mkdir()
    (tmp_path / "plots" / "a b ü.bin").write_bytes(big)
    (tmp_path / "notes.txt").write_text("hello")
    client.log_artifacts(run, str(tmp_path), "out")
    client.log_text(run, "", "empty.txt")
    client.log_dict(run, {"a": [1, 2]}, "conf/a.json")

    assert [(file.path, file.is_dir) for file in client.list_artifacts(run)] == [
        ("conf", True), ("empty.txt", False), ("out", True)]
    assert [(file.path, file.file_size) for file in client.list_artifacts(run, "out/plots")] == [
        ("out/plots/a b ü.bin", len(big))]
    assert client.list_artifacts(run, "out/notes.txt") == []
    down = pathlib.Path(client.download_artifacts(run, "out"))
    assert (down / "plots" / "a b ü.bin").read_bytes() == big
    assert mlflow.artifacts.load_dict(f"runs:/{run}/conf/a.json") == {"a": [1, 2]}
    assert mlflow.artifacts.load_text(f"runs:/{run}/empty.txt") == ""


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "%2e%2e/x", "a/%2e%2e/x", "a%2f..%2fx", "/etc/passwd", "a//x", "%2fetc%2fpasswd", "a%5c..%5cx",
     "a%00b", "a%23b", "a%3fb"],
)
def test_a_path_that_climbs_is_refused(url, path):
    for method, body in [("PUT", b"x"), ("GET", None), ("DELETE", None)]:
        status, answer = http(url, method, "/api/2.0/mlflow-artifacts/artifacts/" + path, body, raw=True)
        assert status in (400, 404), (method, status, answer)
        assert answer["error_code"] in ("INVALID_PARAMETER_VALUE", "RESOURCE_DOES_NOT_EXIST")
    status, answer = http(url, "GET", "/api/2.0/mlflow-artifacts/artifacts?path=" + path)
    assert status == 400 and answer["error_code"] == "INVALID_PARAMETER_VALUE"


# Registry


@pytest.mark.parametrize(
    "source",
    ["/etc", "file:///etc", "http://127.0.0.1/x", "s3://bucket/x", "mlflow-artifacts:/../x", "mlflow-artifacts:/0/%2e%2e/x",
     "mlflow-artifacts://elsewhere/x", "dbfs:/x", "mlflow-artifacts:/a?b", "mlflow-artifacts:/a#b", "C:\\x", "../x"],
)
def test_a_source_that_leads_elsewhere_is_refused(url, source):
    name = unique("source")
    http(url, "POST", "/api/2.0/mlflow/registered-models/create", {"name": name})
    status, answer = http(url, "POST", "/api/2.0/mlflow/model-versions/create", {"name": name, "source": source})
    assert (status, answer["error_code"]) == (400, "INVALID_PARAMETER_VALUE")


def test_a_logged_onnx_model_is_registered_found_deployed_and_answers(client, url, run, linear, rows):
    name = unique("linear")
    signature = infer_signature(rows, rows[:, :1])
    uri = log(mlflow.onnx, linear, signature=signature)
    version = mlflow.register_model(uri, name, tags={"origin": "notebook"})
    assert (version.version, version.status) in {("1", "READY"), (1, "READY")}
    client.set_registered_model_alias(name, "candidate", "1")
    client.update_registered_model(name, "a line")
    client.update_model_version(name, "1", "the first")
    client.set_model_version_tag(name, "1", "checked", "yes")

    found = client.get_model_version_by_alias(name, "candidate")
    assert (found.description, found.run_id, found.tags) == ("the first", run, {"origin": "notebook", "checked": "yes"})
    assert client.get_registered_model(name).aliases == {"candidate": "1"}
    wanted = rows @ np.float32([[1], [2], [-3]]) + np.float32(0.5)
    loaded = mlflow.pyfunc.load_model(f"models:/{name}@candidate")
    np.testing.assert_allclose(np.asarray(loaded.predict(rows)["y"]), wanted, rtol=1e-5, atol=1e-6)

    slipway(url, "deploy", f"{name}/1", "--to", name)
    request = {"inputs": [{"name": "x", "shape": [2, 3], "datatype": "FP32", "data": rows[:2].ravel().tolist()}]}
    status, answer = http(url, "POST", f"/v2/models/{name}/infer", request)
    assert status == 200, answer
    np.testing.assert_allclose(answer["outputs"][0]["data"], wanted[:2].ravel(), rtol=1e-5, atol=1e-6)

    # What serves stays.
    with pytest.raises(MlflowException) as refused:
        client.delete_model_version(name, "1")
    assert refused.value.error_code == "PERMISSION_DENIED"


def test_a_logged_xgboost_model_is_deployed_over_the_api_and_scores_like_xgboost(client, url, run, booster, rows):
    name = unique("boosted")
    uri = log(mlflow.xgboost, booster)
    mlflow.register_model(uri, name)
    before = client.get_model_version(name, "1")
    # What happens to the run's files afterwards changes nothing.
    root = client.get_run(run).info.artifact_uri
    folder = (mlflow.models.get_model_info(uri).artifact_path if IS_3 else root + "/model")
    path = folder.removeprefix("mlflow-artifacts:/")
    status, _ = http(url, "DELETE", f"/api/2.0/mlflow-artifacts/artifacts/{path}")
    assert status == 200
    loaded = mlflow.xgboost.load_model(f"models:/{name}/1")
    wanted = loaded.predict(xgboost.DMatrix(rows, feature_names=FEATURES))
    np.testing.assert_array_equal(wanted, booster.predict(xgboost.DMatrix(rows, feature_names=FEATURES)))

    status, answer = http(url, "PUT", f"/api/v1/deployments/{name}", {"model": name, "version": 1})
    assert status in (200, 201), answer
    _, described = http(url, "GET", f"/v2/models/{name}")
    (tensor,) = described["inputs"]
    request = {"inputs": [{"name": tensor["name"], "shape": list(rows.shape), "datatype": tensor["datatype"],
                           "data": rows.ravel().tolist()}]}
    status, answer = http(url, "POST", f"/v2/models/{name}/infer", request)
    assert status == 200, answer
    np.testing.assert_allclose(answer["outputs"][0]["data"], wanted, rtol=1e-5)
    assert before.name == name


def test_a_flavor_that_is_not_served_is_registered_and_says_so(client, url, run):
    name = unique("python")

    class Twice(mlflow.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return model_input * 2

    uri = log(mlflow.pyfunc, python_model=Twice())
    mlflow.register_model(uri, name)
    found = client.get_model_version(name, "1")
    assert found.status == "READY"
    assert "python_function" in found.status_message and "onnx" in found.status_message
    assert mlflow.pyfunc.load_model(f"models:/{name}/1").predict(pd.DataFrame({"a": [1, 2]}))["a"].tolist() == [2, 4]
    status, answer = http(url, "PUT", f"/api/v1/deployments/{name}", {"model": name, "version": 1})
    assert status >= 400 and "python_function" in json.dumps(answer)


def test_stages_aliases_and_searches_of_the_registry(client, run, linear):
    name = unique("staged")
    uri = log(mlflow.onnx, linear)
    for number in range(1, 4):
        version = mlflow.register_model(uri, name, tags={"number": str(number)})
        assert int(version.version) == number
    client.transition_model_version_stage(name, "1", "Staging")
    client.transition_model_version_stage(name, "2", "Staging", archive_existing_versions=True)
    assert client.get_model_version(name, "1").current_stage == "Archived"
    latest = {str(v.current_stage): int(v.version) for v in client.get_latest_versions(name)}
    assert latest == {"Archived": 1, "Staging": 2, "None": 3}
    client.set_registered_model_alias(name, "a", "1")
    client.set_registered_model_alias(name, "a", "3")
    assert int(client.get_model_version_by_alias(name, "a").version) == 3
    client.delete_registered_model_alias(name, "a")
    with pytest.raises(MlflowException):
        client.get_model_version_by_alias(name, "a")

    def versions(text, **how):
        return [int(version.version) for version in client.search_model_versions(text, **how)]

    assert versions(f"name = '{name}'", order_by=["version_number ASC"]) == [1, 2, 3]
    assert versions(f"name = '{name}' and tags.number = '2'") == [2]
    assert versions(f"run_id = '{run}' and name LIKE '{name[:-2]}%'", order_by=["version_number DESC"]) == [3, 2, 1]
    seen, token = [], None
    while True:
        page = client.search_model_versions(f"name = '{name}'", max_results=2, page_token=token)
        seen += [int(version.version) for version in page]
        token = page.token
        if not token:
            break
    assert sorted(seen) == [1, 2, 3]
    client.set_registered_model_tag(name, "team", "fraud")
    assert name in [m.name for m in client.search_registered_models("tags.team = 'fraud'", max_results=500)]
    assert [m.name for m in client.search_registered_models(f"name ILIKE '{name.upper()}'")] == [name]
    client.set_registered_model_alias(name, "gone", "3")
    client.delete_model_version(name, "3")
    assert client.get_registered_model(name).aliases == {}
    client.rename_registered_model(name, name + "-new")
    assert versions(f"name = '{name}-new'", order_by=["version_number ASC"]) == [1, 2]
    client.delete_registered_model(name + "-new")
    assert client.search_registered_models(f"name = '{name}-new'") == []


POLICY = """
policy: 1
environments:
  prod:
    gates: [{gate: artifact-scan}]
    approvals: [{role: approver, count: 1}]
    approval_valid_hours: 1
    evidence_age_hours_max: 1
aliases: {champion: prod}
stages: {Production: prod}
"""


def approver(url):
    """A person who may approve, as an administrator makes one."""
    name = unique("erin").lower()
    slipway(url, "user", "create", name, "--role", "approver")
    code = json.loads(slipway(url, "user", "invite", name, "-o", "json"))["code"]
    return json.loads(slipway(url, "user", "claim", name, "-o", "json", stdin=code))["token"]


def test_a_protected_alias_and_stage_wait_for_somebody_else(client, url, run, linear, rows, tmp_path):
    erin = approver(url)
    (tmp_path / "policy.yaml").write_text(POLICY)
    if json.loads(slipway(url, "policy", "show", "-o", "json"))["id"] == 0:
        proposed = json.loads(slipway(url, "policy", "propose", str(tmp_path / "policy.yaml"), "-o", "json"))
        slipway(url, "policy", "approve", str(proposed["id"]), token=erin)
    name = unique("guarded")
    mlflow.register_model(log(mlflow.onnx, linear, signature=infer_signature(rows, rows[:, :1])), name)
    for move in (
        lambda: client.set_registered_model_alias(name, "champion", "1"),
        lambda: client.transition_model_version_stage(name, "1", "Production"),
    ):
        with pytest.raises(MlflowException) as refused:
            move()
        assert refused.value.error_code == "PERMISSION_DENIED"
        promotion = re.search(r"promotion (\d+)", str(refused.value)).group(1)
        assert f"slipway approve {promotion}" in str(refused.value)
        slipway(url, "approve", promotion, token=erin)
        move()
    assert int(client.get_model_version_by_alias(name, "champion").version) == 1
    assert client.get_model_version(name, "1").current_stage == "Production"
    assert mlflow.pyfunc.load_model(f"models:/{name}@champion").predict(rows) is not None
    for take_away in (
        lambda: client.delete_registered_model_alias(name, "champion"),
        lambda: client.delete_model_version(name, "1"),
        lambda: client.rename_registered_model(name, name + "-new"),
        lambda: client.delete_registered_model(name),
    ):
        with pytest.raises(MlflowException) as refused:
            take_away()
        assert refused.value.error_code == "PERMISSION_DENIED"


def test_a_model_that_slipway_registered_is_in_mlflows_list(client, url, linear, tmp_path):
    name = unique("ours")
    onnx.save(linear, tmp_path / "model.onnx")
    slipway(url, "model", "register", str(tmp_path / "model.onnx"), "--name", name)
    (version,) = client.search_model_versions(f"name = '{name}'")
    assert int(version.version) == 1 and version.status == "READY"
    down = mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=str(tmp_path / "down"))
    assert (pathlib.Path(down) / "model.onnx").read_bytes() == (tmp_path / "model.onnx").read_bytes()


@pytest.mark.skipif(not IS_3, reason="MLflow 3 brought logged models")
def test_a_logged_model_keeps_its_params_metrics_and_runs(client, run, linear):
    info = mlflow.onnx.log_model(linear, name="model", pip_requirements=["numpy"], params={"depth": 3})
    mlflow.log_metric("auc", 0.9, model_id=info.model_id)
    model = mlflow.get_logged_model(info.model_id)
    assert (model.status.name, model.source_run_id, model.params) == ("READY", run, {"depth": "3"})
    assert [(metric.key, metric.value) for metric in model.metrics] == [("auc", 0.9)]
    experiment = client.get_run(run).info.experiment_id
    (found,) = mlflow.search_logged_models([experiment], filter_string="metrics.auc > 0.5", output_format="list")
    assert found.model_id == info.model_id
    assert [made.model_id for made in client.get_run(run).outputs.model_outputs] == [info.model_id]
    client.set_logged_model_tags(info.model_id, {"a": "1"})
    client.delete_logged_model_tag(info.model_id, "a")
    client.delete_logged_model(info.model_id)
    assert mlflow.search_logged_models([experiment], output_format="list") == []


def test_every_change_is_in_the_audit_log(client, url, run):
    name = unique("audited")
    client.create_registered_model(name)
    client.set_registered_model_tag(name, "a", "1")
    client.log_metric(run, "loss", 1.0)
    deadline = time.monotonic() + 10
    wanted = {("registered-model.created", name), ("registered-model.tagged", name), ("run.logged", run),
              ("run.created", run)}
    while True:
        log_text = slipway(url, "audit", "list", "--limit", "200", "-o", "json")
        entries = {(e["entry"]["action"], e["entry"]["subject"]["name"]) for e in json.loads(log_text)}
        if wanted <= entries or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    assert wanted <= entries
