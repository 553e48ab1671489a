"""Health, metadata, configuration, statistics and repository, as tritonclient asks for them."""

import numpy as np
import pytest
from tritonclient.utils import InferenceServerException
from triton import NOT_FOUND, status_of

ONE = np.ones((1, 2), dtype=np.float32)


def plain(client, message):
    """The answer as a dictionary: tritonclient's HTTP answers are, its gRPC ones become so."""
    if client.is_http:
        return message
    from google.protobuf.json_format import MessageToDict

    return MessageToDict(message, preserving_proto_field_name=True)


def test_health(client):
    assert client.call("is_server_live") is True
    assert client.call("is_server_ready") is True
    assert client.call("is_model_ready", "identity_fp32") is True
    assert client.call("is_model_ready", "identity_fp32", "1") is True


def test_an_unknown_model_is_not_ready(client):
    try:
        assert client.call("is_model_ready", "nobody") is False
    except InferenceServerException as error:
        assert not client.is_http and status_of(error) in NOT_FOUND


def test_server_metadata(client):
    metadata = plain(client, client.call("get_server_metadata"))
    assert metadata["name"] and metadata["version"]
    assert "binary_tensor_data" in metadata["extensions"]
    assert "model_repository" in metadata["extensions"]


def test_model_metadata(client):
    metadata = plain(client, client.call("get_model_metadata", "sum_difference"))
    assert metadata["name"] == "sum_difference"
    assert metadata["versions"] == ["1"]
    assert metadata["platform"]
    tensors = [(t["name"], t["datatype"], [int(d) for d in t["shape"]])
               for t in metadata["inputs"] + metadata["outputs"]]
    assert tensors == [(name, "INT32", [-1, 16]) for name in ("INPUT0", "INPUT1", "OUTPUT0", "OUTPUT1")]


@pytest.mark.parametrize("method", ["get_model_metadata", "get_model_config", "get_inference_statistics"])
def test_asking_about_an_unknown_model(client, method):
    with pytest.raises(InferenceServerException) as error:
        client.call(method, "nobody")
    assert status_of(error.value) in NOT_FOUND


def test_config(client):
    config = plain(client, client.call("get_model_config", "limited"))
    config = config.get("config", config)
    assert config["name"] == "limited"
    assert int(config["max_batch_size"]) == 4
    assert config["input"][0]["name"] == "in"
    assert config["input"][0]["data_type"] == "TYPE_FP32"


def test_statistics_count_requests_and_failures(client):
    def counts():
        answer = plain(client, client.call("get_inference_statistics", "identity_cube"))
        (stats,) = answer["model_stats"]
        assert stats["name"] == "identity_cube" and stats["version"] == "1"
        inference = stats["inference_stats"]
        runs = {int(batch["batch_size"]): int(batch["compute_infer"]["count"]) for batch in stats.get("batch_stats", [])}
        return (int(inference.get("success", {}).get("count", 0)), int(inference.get("fail", {}).get("count", 0)),
                int(stats.get("inference_count", 0)), runs.get(5, 0))

    success, fail, rows, runs = counts()
    client.infer("identity_cube", {"in": np.ones((5, 2, 3), dtype=np.float32)})
    with pytest.raises(InferenceServerException):
        client.infer("identity_cube", {"in": np.ones((5, 3, 2), dtype=np.float32)})
    assert counts() == (success + 1, fail + 1, rows + 5, runs + 1)


def test_repository_index(client):
    index = client.call("get_model_repository_index")
    models = index if client.is_http else plain(client, index)["models"]
    states = {(model["name"], model["version"]): model["state"] for model in models}
    assert states[("identity_fp32", "1")] == "READY"
    assert states[("sum_difference", "1")] == "READY"


def test_unload_and_load(client):
    client.call("unload_model", "identity_uint8")
    try:
        index = client.call("get_model_repository_index")
        models = index if client.is_http else plain(client, index)["models"]
        (state,) = [model.get("state") for model in models if model["name"] == "identity_uint8"]
        assert state in ("UNAVAILABLE", "UNLOADING")
        with pytest.raises(InferenceServerException):
            client.infer("identity_uint8", {"in": np.ones((1, 1), dtype=np.uint8)})
    finally:
        client.call("load_model", "identity_uint8")
    answer = client.infer("identity_uint8", {"in": np.ones((1, 1), dtype=np.uint8)})
    assert answer.as_numpy("out").tolist() == [[1]]
    assert client.call("is_model_ready", "identity_uint8") is True


def test_loading_what_is_unknown_is_refused(client):
    with pytest.raises(InferenceServerException) as error:
        client.call("load_model", "nobody")
    assert status_of(error.value) in NOT_FOUND
