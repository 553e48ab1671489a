"""Wrong requests: the right status, and a message that names what is wrong."""

import json

import numpy as np
import pytest
import requests
from tritonclient.utils import InferenceServerException
from triton import INVALID, NOT_FOUND, status_of

ONE = np.ones((1, 16), dtype=np.int32)


def failure(client, model, arrays, **options):
    with pytest.raises(InferenceServerException) as error:
        client.infer(model, arrays, **options)
    return status_of(error.value), error.value.message()


def test_unknown_model(client):
    status, message = failure(client, "nobody", {"in": ONE})
    assert status in NOT_FOUND and "nobody" in message


def test_unknown_version(client):
    status, message = failure(client, "identity_int32", {"in": ONE}, model_version="999")
    assert status in NOT_FOUND and "999" in message


def test_unknown_input(client):
    status, message = failure(client, "identity_int32", {"inn": ONE})
    assert status in INVALID and "inn" in message


def test_missing_input(client):
    status, message = failure(client, "sum_difference", {"INPUT0": ONE})
    assert status in INVALID and "INPUT1" in message


def test_the_same_input_twice(client):
    inputs = [client.input("in", ONE), client.input("in", ONE)]
    with pytest.raises(InferenceServerException) as error:
        client.call("infer", "identity_int32", inputs)
    assert status_of(error.value) in INVALID


def test_unknown_output(client):
    status, message = failure(client, "identity_int32", {"in": ONE}, outputs=[client.output("oout")])
    assert status in INVALID and "oout" in message


def test_wrong_datatype(client):
    status, message = failure(client, "identity_int32", {"in": ONE.astype(np.int64)})
    assert status in INVALID and "INT64" in message and "INT32" in message


def test_wrong_rank(client):
    status, message = failure(client, "identity_int32", {"in": np.ones(4, dtype=np.int32)})
    assert status in INVALID and "[4]" in message.replace(" ", "")


def test_wrong_fixed_dimension(client):
    status, message = failure(client, "identity_cube", {"in": np.ones((1, 3, 2), dtype=np.float32)})
    assert status in INVALID and "[1,3,2]" in message.replace(" ", "")


def test_batch_above_an_explicit_limit(client):
    client.infer("limited", {"in": np.ones((4, 2), dtype=np.float32)})
    status, message = failure(client, "limited", {"in": np.ones((5, 2), dtype=np.float32)})
    assert status in INVALID and "5" in message and "4" in message


def test_rejected_nan_names_the_field(client, fraud_rows):
    row = fraud_rows[:2].copy()
    row[1, 0] = np.nan
    status, message = failure(client, "fraud_lightgbm", {"input": row})
    assert status in INVALID and "TX_AMOUNT" in message


def test_value_out_of_range_names_the_field(client, fraud_rows):
    row = fraud_rows[:1].copy()
    row[0, 14] = 1.5
    status, message = failure(client, "fraud_lightgbm", {"input": row})
    assert status in INVALID and "TERMINAL_ID_RISK_30DAY_WINDOW" in message


class TestRest:
    def post(self, url, body, path="/v2/models/identity_int32/infer", **headers):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        return requests.post(url + path, data=data, headers=headers, timeout=30)

    def assert_error(self, response, status, *words):
        assert response.status_code == status, response.text
        assert response.headers["Content-Type"] == "application/json"
        body = response.json()
        assert isinstance(body["error"], str) and body["error"]
        for word in words:
            assert word in body["error"]

    @pytest.mark.parametrize("body", [
        "", "{", "[]", "null", "7", '{"inputs": 3}', '{"inputs": []}', '{"inputs": [{}]}', b"\xff\xfe\xfd",
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32"}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT33", "data": [1]}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": [1.5]}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": ["1x"]}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": [2147483648]}]}',
        '{"inputs": [{"name": "in", "shape": [1, 2], "datatype": "INT32", "data": [1]}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": [1, 2]}]}',
        '{"inputs": [{"name": "in", "shape": [1, -1], "datatype": "INT32", "data": [1]}]}',
        '{"inputs": [{"name": "in", "shape": [4294967296, 4294967296], "datatype": "INT32", "data": []}]}',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": [1]}]} trailing',
        '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": ' + "[" * 10_000 + "]" * 10_000 + "}]}",
    ])
    def test_malformed_json(self, url, body):
        self.assert_error(self.post(url, body), 400)

    def test_the_message_names_the_element(self, url):
        body = {"inputs": [{"name": "in", "shape": [1, 3], "datatype": "INT32", "data": [1, 2, 3.5]}]}
        self.assert_error(self.post(url, body), 400, "inputs[0].data")

    def test_binary_size_that_does_not_fit_the_shape(self, url):
        head = json.dumps({"inputs": [{"name": "in", "shape": [1, 2], "datatype": "INT32",
                                       "parameters": {"binary_data_size": 4}}]}).encode()
        self.assert_error(self.post(url, head + b"\0" * 4, **{"Inference-Header-Content-Length": str(len(head))}), 400)

    @pytest.mark.parametrize("extra", [-1, 1])
    def test_binary_part_shorter_or_longer_than_announced(self, url, extra):
        head = json.dumps({"inputs": [{"name": "in", "shape": [1, 2], "datatype": "INT32",
                                       "parameters": {"binary_data_size": 8}}]}).encode()
        self.assert_error(
            self.post(url, head + b"\0" * (8 + extra), **{"Inference-Header-Content-Length": str(len(head))}), 400)

    @pytest.mark.parametrize("length", ["-1", "x", "99999999", "99999999999999999999"])
    def test_nonsense_as_header_length(self, url, length):
        body = '{"inputs": [{"name": "in", "shape": [1, 1], "datatype": "INT32", "data": [1]}]}'
        self.assert_error(self.post(url, body, **{"Inference-Header-Content-Length": length}), 400)

    def test_broken_compression(self, url):
        self.assert_error(self.post(url, b"not gzip", **{"Content-Encoding": "gzip"}), 400)

    def test_unknown_compression(self, url):
        response = self.post(url, "{}", **{"Content-Encoding": "brotli"})
        self.assert_error(response, response.status_code)
        assert response.status_code in (400, 415)

    def test_unknown_path(self, url):
        self.assert_error(requests.get(url + "/v2/nothing/here", timeout=30), 404)

    def test_wrong_method(self, url):
        self.assert_error(requests.get(url + "/v2/models/identity_int32/infer", timeout=30), 405)
        self.assert_error(requests.delete(url + "/v2/health/live", timeout=30), 405)

    def test_unknown_model_everywhere(self, url):
        for path in ("", "/ready", "/config", "/stats", "/versions/1", "/versions/1/ready"):
            self.assert_error(requests.get(f"{url}/v2/models/nobody{path}", timeout=30), 404, "nobody")

    def test_a_body_that_unpacks_too_far_is_refused(self, url):
        import zlib

        packer = zlib.compressobj(9)
        bomb = b"".join([packer.compress(b" " * (1 << 20)) for _ in range(2048)] + [packer.flush()])
        response = requests.post(url + "/v2/models/identity_int32/infer", data=bomb,
                                 headers={"Content-Encoding": "deflate"}, timeout=60)
        self.assert_error(response, 413)
