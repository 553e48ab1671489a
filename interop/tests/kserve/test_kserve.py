"""KServe's own client: V1, its default, and V2 over REST and gRPC."""

import asyncio

import httpx
import numpy as np
import pytest
from grpc import RpcError, StatusCode
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig

ROW = [[1.5, -2.0, 3.25]]


def rest(version, call):
    async def run():
        async with InferenceRESTClient(RESTConfig(protocol=version, timeout=30, retries=1)) as client:
            return await call(client)

    return asyncio.run(run())


def over_grpc(address, call):
    async def run():
        async with InferenceGRPCClient(address, timeout=30) as client:
            return await call(client)

    return asyncio.run(run())


def request(array, binary, model="identity_fp32", datatype="FP32", binary_out=None):
    tensor = InferInput("in", list(array.shape), datatype)
    tensor.set_data_from_numpy(array, binary_data=binary)
    parameters = {} if binary_out is None else {"binary_data_output": binary_out}
    return InferRequest(model_name=model, infer_inputs=[tensor], parameters=parameters)


def test_v1_predict(url):
    answer = rest("v1", lambda client: client.infer(url, {"instances": ROW}, model_name="identity_fp32"))
    assert answer == {"predictions": ROW}


def test_v1_predict_of_the_fraud_model(url, fraud_rows, fraud_scores):
    answer = rest("v1", lambda client: client.infer(
        url, {"instances": fraud_rows[:10].tolist()}, model_name="fraud_lightgbm"))
    np.testing.assert_allclose(np.ravel(answer["predictions"]), fraud_scores["fraud_lightgbm"][:10], atol=1e-5)


def test_v1_model_is_ready(url):
    assert rest("v1", lambda client: client.is_model_ready(url, "identity_fp32")) is True


def test_v1_server_is_live(url):
    assert rest("v1", lambda client: client.is_server_live(url)) is True


def test_v1_errors_reach_the_caller(url):
    with pytest.raises(httpx.HTTPStatusError) as error:
        rest("v1", lambda client: client.infer(url, {"instances": ROW}, model_name="nobody"))
    assert error.value.response.status_code == 404
    assert "nobody" in str(error.value), "the client shows the message only if Content-Type is exactly JSON's"


def test_v2_health(url):
    assert rest("v2", lambda client: client.is_server_live(url)) is True
    assert rest("v2", lambda client: client.is_server_ready(url)) is True
    assert rest("v2", lambda client: client.is_model_ready(url, "identity_fp32")) is True
    assert rest("v2", lambda client: client.is_model_ready(url, "nobody")) is False


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("binary_out", [None, True, False])
def test_v2_infer(url, binary, binary_out):
    sent = np.array(ROW, dtype=np.float32)
    answer = rest("v2", lambda client: client.infer(
        url, request(sent, binary, binary_out=binary_out), model_name="identity_fp32"))
    assert answer.model_name == "identity_fp32" and answer.id
    np.testing.assert_array_equal(answer.outputs[0].as_numpy(), sent)


@pytest.mark.parametrize("binary", [True, False])
def test_v2_strings(url, binary):
    sent = np.array([[b"one", "zwölf".encode()]], dtype=object)
    answer = rest("v2", lambda client: client.infer(
        url, request(sent, binary, "identity_bytes", "BYTES"), model_name="identity_bytes"))
    assert [value if isinstance(value, str) else value.decode() for value in answer.outputs[0].as_numpy().ravel()] == [
        "one", "zwölf"]


def test_v2_errors_reach_the_caller(url):
    wrong = request(np.ones((1, 3), dtype=np.float32), False, "identity_int32")
    with pytest.raises(httpx.HTTPStatusError) as error:
        rest("v2", lambda client: client.infer(url, wrong, model_name="identity_int32"))
    assert error.value.response.status_code == 400
    assert "FP32" in str(error.value)


@pytest.mark.parametrize("raw", [True, False])
def test_grpc_infer(address, raw):
    sent = np.array(ROW, dtype=np.float32)
    answer = over_grpc(address, lambda client: client.infer(request(sent, raw)))
    assert answer.model_name == "identity_fp32" and answer.id
    np.testing.assert_array_equal(answer.outputs[0].as_numpy(), sent)


def test_grpc_health(address):
    assert over_grpc(address, lambda client: client.is_server_live()) is True
    assert over_grpc(address, lambda client: client.is_server_ready()) is True
    assert over_grpc(address, lambda client: client.is_model_ready("identity_fp32")) is True


def test_grpc_errors(address):
    with pytest.raises(RpcError) as error:
        over_grpc(address, lambda client: client.infer(request(np.ones((1, 3), dtype=np.float32), True, "nobody")))
    assert error.value.code() == StatusCode.NOT_FOUND
