"""What the high-level clients never send, by hand: typed gRPC contents, raw requests, health service, reflection, curl."""

import json
import subprocess

import grpc
import numpy as np
import pytest
import requests
from google.protobuf import descriptor_pb2, descriptor_pool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from tritonclient.grpc import model_config_pb2, service_pb2, service_pb2_grpc

TYPED = {
    "bool": ("bool_contents", [True, False]),
    "int8": ("int_contents", [-128, 127]),
    "int16": ("int_contents", [-32768, 32767]),
    "int32": ("int_contents", [-(2**31), 2**31 - 1]),
    "int64": ("int64_contents", [-(2**63), 2**63 - 1]),
    "uint8": ("uint_contents", [0, 255]),
    "uint16": ("uint_contents", [0, 65535]),
    "uint32": ("uint_contents", [0, 2**32 - 1]),
    "uint64": ("uint64_contents", [0, 2**64 - 1]),
    "fp32": ("fp32_contents", [0.5, -1.25]),
    "fp64": ("fp64_contents", [0.1, 1e300]),
    "bytes": ("bytes_contents", [b"", "\0ü".encode()]),
}


@pytest.fixture
def channel(address):
    with grpc.insecure_channel(address) as open_channel:
        yield open_channel


@pytest.fixture
def stub(channel):
    return service_pb2_grpc.GRPCInferenceServiceStub(channel)


def typed_request(datatype, values, field):
    request = service_pb2.ModelInferRequest(model_name=f"identity_{datatype}")
    tensor = request.inputs.add(name="in", datatype=datatype.upper(), shape=[1, len(values)])
    getattr(tensor.contents, field).extend(values)
    return request


def refused(call, *arguments, **options):
    with pytest.raises(grpc.RpcError) as error:
        call(*arguments, timeout=30, **options)
    assert error.value.details()
    return error.value.code()


@pytest.mark.parametrize("datatype", TYPED)
def test_typed_in_gives_typed_out(stub, datatype):
    field, values = TYPED[datatype]
    answer = stub.ModelInfer(typed_request(datatype, values, field), timeout=30)
    assert not answer.raw_output_contents
    assert answer.outputs[0].datatype == datatype.upper()
    assert list(getattr(answer.outputs[0].contents, field)) == values


def test_raw_in_gives_raw_out(stub):
    request = service_pb2.ModelInferRequest(model_name="identity_int32")
    request.inputs.add(name="in", datatype="INT32", shape=[1, 2])
    request.raw_input_contents.append(np.array([7, -7], dtype="<i4").tobytes())
    answer = stub.ModelInfer(request, timeout=30)
    assert answer.raw_output_contents[0] == request.raw_input_contents[0]
    assert not answer.outputs[0].HasField("contents")


def test_raw_and_typed_together_are_refused(stub):
    request = typed_request("int32", [1, 2], "int_contents")
    request.raw_input_contents.append(b"\0" * 8)
    assert refused(stub.ModelInfer, request) == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("raw", [[], [b""], [b"\0" * 7], [b"\0" * 9], [b"\0" * 8, b"\0" * 8]])
def test_raw_contents_that_do_not_fit_are_refused(stub, raw):
    request = service_pb2.ModelInferRequest(model_name="identity_int32")
    request.inputs.add(name="in", datatype="INT32", shape=[1, 2])
    request.raw_input_contents.extend(raw)
    assert refused(stub.ModelInfer, request) == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("raw", [b"\xff\xff\xff\xff", b"\x05\0\0\0abc", b"\0\0", b"\0\0\0\0\0"])
def test_broken_strings_are_refused(stub, raw):
    """The first announces four gigabytes, which is also more than a string may have."""
    request = service_pb2.ModelInferRequest(model_name="identity_bytes")
    request.inputs.add(name="in", datatype="BYTES", shape=[1, 1])
    request.raw_input_contents.append(raw)
    assert refused(stub.ModelInfer, request) in (
        grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.RESOURCE_EXHAUSTED)


def test_contents_of_the_wrong_type_are_refused(stub):
    assert refused(stub.ModelInfer, typed_request("int32", [1.0, 2.0], "fp32_contents")) == (
        grpc.StatusCode.INVALID_ARGUMENT)
    assert refused(stub.ModelInfer, typed_request("int8", [1, 128], "int_contents")) == (
        grpc.StatusCode.INVALID_ARGUMENT)


def test_bytes_that_are_no_message_are_refused(channel):
    call = channel.unary_unary("/inference.GRPCInferenceService/ModelInfer",
                               request_serializer=lambda raw: raw, response_deserializer=lambda raw: raw)
    assert refused(call, b"\xff" * 20) in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL)


def test_an_unknown_method_is_unimplemented(channel):
    call = channel.unary_unary("/inference.GRPCInferenceService/Nothing",
                               request_serializer=lambda raw: raw, response_deserializer=lambda raw: raw)
    assert refused(call, b"") == grpc.StatusCode.UNIMPLEMENTED


def test_health_service(channel):
    health = health_pb2_grpc.HealthStub(channel)
    for service in ("", "inference.GRPCInferenceService"):
        answer = health.Check(health_pb2.HealthCheckRequest(service=service), timeout=30)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
    assert refused(health.Check, health_pb2.HealthCheckRequest(service="no.Such")) == grpc.StatusCode.NOT_FOUND
    watch = health.Watch(health_pb2.HealthCheckRequest(), timeout=30)
    assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
    watch.cancel()


def test_reflection_lists_the_services(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    assert {"inference.GRPCInferenceService", "grpc.health.v1.Health"} <= set(database.get_services())


def messages(files):
    found = {}

    def walk(prefix, descriptors):
        for message in descriptors:
            found[f"{prefix}.{message.name}"] = message
            walk(f"{prefix}.{message.name}", message.nested_type)

    for file in files:
        walk(file.package, file.message_type)
    return found


def test_the_messages_are_tritons(channel):
    """Each field that the server knows has Triton's number, name and type; each method Triton's messages."""
    pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
    service = pool.FindServiceByName("inference.GRPCInferenceService")
    ours = {}
    pending = [service.file]
    while pending:
        file = pending.pop()
        if file.name not in ours:
            ours[file.name] = descriptor_pb2.FileDescriptorProto.FromString(file.serialized_pb)
            pending.extend(file.dependencies)
    theirs = [descriptor_pb2.FileDescriptorProto.FromString(file.serialized_pb)
              for file in (service_pb2.DESCRIPTOR, model_config_pb2.DESCRIPTOR)]

    their_messages = messages(theirs)
    compared = 0
    for name, message in messages(ours.values()).items():
        their_fields = {field.name: field for field in getattr(their_messages.get(name), "field", [])}
        for field in message.field:
            if field.name in their_fields:
                theirs_field = their_fields[field.name]
                assert (field.number, field.type, field.label, field.type_name) == (
                    theirs_field.number, theirs_field.type, theirs_field.label, theirs_field.type_name), name
                compared += 1
            else:
                taken = {theirs_field.number for theirs_field in their_fields.values()}
                assert field.number not in taken, f"{name}.{field.name} has the number of another field"
    assert compared > 80

    their_methods = {method.name: method for file in theirs for method in
                     (file.service[0].method if file.service else [])}
    served = {method.name for method in service.methods}
    assert {"ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer",
            "ModelStreamInfer", "ModelConfig", "ModelStatistics", "RepositoryIndex", "RepositoryModelLoad",
            "RepositoryModelUnload"} <= served
    for method in service.methods:
        theirs_method = their_methods[method.name]
        assert "." + method.input_type.full_name == theirs_method.input_type
        assert "." + method.output_type.full_name == theirs_method.output_type
        assert (method.client_streaming, method.server_streaming) == (
            theirs_method.client_streaming, theirs_method.server_streaming)


def test_a_raw_http_request_is_one_tensor(url):
    """Header length 0: the body is the only input's bytes, shaped by the model where that is unambiguous."""
    sent = np.arange(6, dtype="<f4")
    answer = requests.post(url + "/v2/models/identity_cube/infer", data=sent.tobytes(), timeout=30,
                           headers={"Inference-Header-Content-Length": "0"})
    assert answer.status_code == 200, answer.text
    head = int(answer.headers["Inference-Header-Content-Length"])
    output = json.loads(answer.content[:head])["outputs"][0]
    assert output["parameters"]["binary_data_size"] == sent.nbytes
    assert output["shape"] == [1, 2, 3]
    assert answer.content[head:] == sent.tobytes()


def test_requested_binary_output_defaults_are_overridden_per_output(url):
    body = {"inputs": [{"name": name, "shape": [1, 16], "datatype": "INT32", "data": [1] * 16}
                       for name in ("INPUT0", "INPUT1")],
            "parameters": {"binary_data_output": True},
            "outputs": [{"name": "OUTPUT0", "parameters": {"binary_data": False}}, {"name": "OUTPUT1"}]}
    answer = requests.post(url + "/v2/models/sum_difference/infer", json=body, timeout=30)
    head = int(answer.headers["Inference-Header-Content-Length"])
    first, second = json.loads(answer.content[:head])["outputs"]
    assert first["data"] == [2] * 16
    assert second["parameters"]["binary_data_size"] == 64 and "data" not in second
    assert answer.content[head:] == b"\0" * 64


@pytest.mark.parametrize("data", [[1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5, 6]]])
def test_json_data_flat_or_nested(url, data):
    body = {"inputs": [{"name": "in", "shape": [2, 3], "datatype": "INT64", "data": data}]}
    answer = requests.post(url + "/v2/models/identity_int64/infer", json=body, timeout=30)
    assert answer.json()["outputs"][0]["data"] == [1, 2, 3, 4, 5, 6]


def test_json_nan_never_makes_invalid_json(url):
    raw = np.array([[np.nan]], dtype="<f4").tobytes()
    head = json.dumps({"inputs": [{"name": "in", "shape": [1, 1], "datatype": "FP32",
                                   "parameters": {"binary_data_size": 4}}]}).encode()
    answer = requests.post(url + "/v2/models/identity_fp32/infer", data=head + raw, timeout=30,
                           headers={"Inference-Header-Content-Length": str(len(head))})

    def no_constants(name):
        raise AssertionError(f"{name} is no JSON")

    json.loads(answer.content, parse_constant=no_constants)


def curl(*arguments):
    run = subprocess.run(["curl", "-sS", "--max-time", "30", *arguments], capture_output=True, text=True, check=True)
    return run.stdout


def test_curl(url):
    assert json.loads(curl(f"{url}/v2/health/live")) == {"live": True}
    assert json.loads(curl(f"{url}/v2/health/ready")) == {"live": True, "ready": True}
    assert json.loads(curl(f"{url}/v2/models/identity_fp32/ready")) == {"name": "identity_fp32", "ready": True}
    for path in ("/v2", "/v2/"):
        assert json.loads(curl(url + path))["name"]
    body = '{"id":"1","inputs":[{"name":"in","shape":[1,2],"datatype":"FP32","data":[1,2.5]}]}'
    answer = json.loads(curl("-d", body, f"{url}/v2/models/identity_fp32/infer"))
    assert answer["outputs"] == [{"name": "out", "shape": [1, 2], "datatype": "FP32", "data": [1.0, 2.5]}]
    assert answer["id"] == "1"
    packed = curl("--compressed", "-d", body, f"{url}/v2/models/identity_fp32/versions/1/infer")
    assert json.loads(packed)["outputs"] == answer["outputs"]
    assert "slipway" in curl(f"{url}/metrics")
    assert json.loads(curl(f"{url}/openapi.json"))["openapi"].startswith("3.1")


def test_curl_with_the_body_announced_by_expect(url, tmp_path):
    """curl sends `Expect: 100-continue` with large bodies and waits for the answer."""
    body = tmp_path / "body.json"
    values = list(range(300_000))
    body.write_text(json.dumps({"inputs": [
        {"name": "in", "shape": [1, len(values)], "datatype": "INT32", "data": values}]}))
    answer = json.loads(curl("-H", "Expect: 100-continue", "--data-binary", f"@{body}",
                             f"{url}/v2/models/identity_int32/infer"))
    assert answer["outputs"][0]["data"] == values
