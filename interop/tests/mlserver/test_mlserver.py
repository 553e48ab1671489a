"""MLServer's own types and codecs against the server, over REST and gRPC."""

import grpc
import numpy as np
import pandas as pd
import pytest
import requests
from mlserver.codecs import Base64Codec, NumpyCodec, NumpyRequestCodec, PandasCodec, StringCodec
from mlserver.grpc import dataplane_pb2, dataplane_pb2_grpc
from mlserver.grpc.converters import ModelInferRequestConverter, ModelInferResponseConverter
from mlserver.types import (
    InferenceErrorResponse, InferenceRequest, InferenceResponse, MetadataModelResponse, MetadataServerResponse,
    RepositoryIndexResponse)

SENT = np.array([[1.5, -2.0], [0.0, 1e-3]], dtype=np.float32)


def infer(url, model, request):
    answer = requests.post(f"{url}/v2/models/{model}/infer", data=request.model_dump_json(exclude_none=True),
                           headers={"Content-Type": "application/json"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return InferenceResponse.model_validate_json(answer.content)


@pytest.fixture
def stub(address):
    with grpc.insecure_channel(address) as channel:
        yield dataplane_pb2_grpc.GRPCInferenceServiceStub(channel)


def test_numpy_over_rest(url):
    request = InferenceRequest(inputs=[NumpyCodec.encode_input("in", SENT)])
    answer = infer(url, "identity_fp32", request)
    assert answer.model_name == "identity_fp32" and answer.id
    np.testing.assert_array_equal(NumpyCodec.decode_output(answer.outputs[0]), SENT)


@pytest.mark.parametrize("datatype, dtype", [
    ("int8", np.int8), ("int16", np.int16), ("int32", np.int32), ("int64", np.int64),
    ("uint8", np.uint8), ("uint16", np.uint16), ("uint32", np.uint32), ("uint64", np.uint64),
    ("fp16", np.float16), ("fp32", np.float32), ("fp64", np.float64), ("bool", bool)])
def test_every_numpy_type_over_rest(url, datatype, dtype):
    sent = np.array([[0, 1, 100]], dtype=dtype)
    answer = infer(url, f"identity_{datatype}", InferenceRequest(inputs=[NumpyCodec.encode_input("in", sent)]))
    received = NumpyCodec.decode_output(answer.outputs[0])
    assert received.dtype == sent.dtype
    np.testing.assert_array_equal(received, sent)


def test_strings_over_rest(url):
    texts = ["one", "zwölf", ""]
    request = InferenceRequest(inputs=[StringCodec.encode_input("in", texts)])
    assert request.inputs[0].shape == [3, 1]
    answer = infer(url, "identity_bytes", request)
    assert StringCodec.decode_output(answer.outputs[0]) == texts


def test_a_numpy_request_with_its_content_type_parameters(url, fraud_rows, fraud_scores):
    request = NumpyRequestCodec.encode_request(fraud_rows[:20])
    request.inputs[0].name = "input"
    answer = infer(url, "fraud_lightgbm", request)
    scores = NumpyCodec.decode_output(answer.outputs[0]).ravel()
    np.testing.assert_allclose(scores, fraud_scores["fraud_lightgbm"][:20], atol=1e-5)


def test_a_data_frame_of_two_columns(url):
    frame = pd.DataFrame({"INPUT0": [1] * 16, "INPUT1": [2] * 16}, dtype=np.int32)
    request = PandasCodec.encode_request(frame)
    for tensor in request.inputs:  # one row of sixteen rather than sixteen rows
        tensor.shape = [1, 16]
    answer = infer(url, "sum_difference", request)
    assert {output.name: set(NumpyCodec.decode_output(output).ravel()) for output in answer.outputs} == {
        "OUTPUT0": {3}, "OUTPUT1": {-1}}


def test_metadata_and_index_are_of_its_types(url):
    MetadataServerResponse.model_validate_json(requests.get(f"{url}/v2", timeout=30).content)
    model = MetadataModelResponse.model_validate_json(
        requests.get(f"{url}/v2/models/sum_difference", timeout=30).content)
    assert [tensor.name for tensor in model.inputs] == ["INPUT0", "INPUT1"]
    index = RepositoryIndexResponse.model_validate_json(
        requests.post(f"{url}/v2/repository/index", json={"ready": True}, timeout=30).content)
    assert "identity_fp32" in {entry.name for entry in index.root}


def test_errors_are_of_its_type(url):
    answer = requests.post(f"{url}/v2/models/nobody/infer", json={"inputs": [
        {"name": "in", "shape": [1], "datatype": "INT32", "data": [1]}]}, timeout=30)
    assert answer.status_code == 404
    assert "nobody" in InferenceErrorResponse.model_validate_json(answer.content).error


@pytest.mark.parametrize("raw", [True, False])
def test_numpy_over_grpc(stub, raw):
    request = ModelInferRequestConverter.from_types(
        InferenceRequest(inputs=[NumpyCodec.encode_input("in", SENT)]),
        model_name="identity_fp32", model_version=None, use_raw=raw)
    answer = stub.ModelInfer(request, timeout=30)
    assert bool(answer.raw_output_contents) == raw
    received = ModelInferResponseConverter.to_types(answer)
    np.testing.assert_array_equal(NumpyCodec.decode_output(received.outputs[0]), SENT)


@pytest.mark.parametrize("raw", [True, False])
def test_bytes_over_grpc(stub, raw):
    sent = [b"\x00\x01", b"two"]
    request = ModelInferRequestConverter.from_types(
        InferenceRequest(inputs=[Base64Codec.encode_input("in", sent, use_bytes=True)]),
        model_name="identity_bytes", model_version=None, use_raw=raw)
    answer = stub.ModelInfer(request, timeout=30)
    received = ModelInferResponseConverter.to_types(answer)
    assert len(received.outputs) == 1 and list(received.outputs[0].shape) == [2, 1]


def test_health_and_metadata_over_grpc(stub):
    assert stub.ServerLive(dataplane_pb2.ServerLiveRequest(), timeout=30).live
    assert stub.ServerReady(dataplane_pb2.ServerReadyRequest(), timeout=30).ready
    assert stub.ModelReady(dataplane_pb2.ModelReadyRequest(name="identity_fp32"), timeout=30).ready
    metadata = stub.ModelMetadata(dataplane_pb2.ModelMetadataRequest(name="sum_difference"), timeout=30)
    assert [tensor.name for tensor in metadata.outputs] == ["OUTPUT0", "OUTPUT1"]
    index = stub.RepositoryIndex(dataplane_pb2.RepositoryIndexRequest(), timeout=30)
    assert "identity_fp32" in {model.name for model in index.models}
