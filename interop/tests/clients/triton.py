"""The four clients of tritonclient behind one method, so that every test runs through each."""

import asyncio

import numpy as np
import tritonclient.grpc as triton_grpc
import tritonclient.grpc.aio as triton_grpc_aio
import tritonclient.http as triton_http
import tritonclient.http.aio as triton_http_aio
from tritonclient.utils import InferenceServerException, np_to_triton_dtype

NOT_FOUND = {"404", "StatusCode.NOT_FOUND"}
INVALID = {"400", "StatusCode.INVALID_ARGUMENT"}


def datatype_of(array):
    return np_to_triton_dtype(array.dtype)


def status_of(error):
    """The status as the client reports it: '404' or 'StatusCode.NOT_FOUND'."""
    assert isinstance(error, InferenceServerException)
    assert error.message(), "an error without a message"
    return str(error.status())


class Http:
    is_http = True
    module = triton_http

    def __init__(self, address):
        self.address = address

    def call(self, method, *arguments, **options):
        with triton_http.InferenceServerClient(self.address, network_timeout=60) as client:
            return getattr(client, method)(*arguments, **options)

    def input(self, name, array, binary=True, datatype=None):
        tensor = self.module.InferInput(name, list(array.shape), datatype or datatype_of(array))
        tensor.set_data_from_numpy(array, binary_data=binary)
        return tensor

    def output(self, name, binary=True, class_count=0):
        return self.module.InferRequestedOutput(name, binary_data=binary, class_count=class_count)

    def infer(self, model, arrays, outputs=None, binary=True, **options):
        inputs = [self.input(name, array, binary) for name, array in arrays.items()]
        return self.call("infer", model, inputs, outputs=outputs, **options)

    def json(self, answer):
        return answer


class HttpAio(Http):
    module = triton_http_aio

    def call(self, method, *arguments, **options):
        async def run():
            async with triton_http_aio.InferenceServerClient(self.address) as client:
                return await getattr(client, method)(*arguments, **options)

        return asyncio.run(run())


class Grpc(Http):
    is_http = False
    module = triton_grpc

    def call(self, method, *arguments, **options):
        with triton_grpc.InferenceServerClient(self.address) as client:
            return getattr(client, method)(*arguments, **options)

    def input(self, name, array, binary=True, datatype=None):
        tensor = self.module.InferInput(name, list(array.shape), datatype or datatype_of(array))
        tensor.set_data_from_numpy(array)
        return tensor

    def output(self, name, binary=True, class_count=0):
        return self.module.InferRequestedOutput(name, class_count=class_count)


class GrpcAio(Grpc):
    module = triton_grpc_aio

    def call(self, method, *arguments, **options):
        async def run():
            async with triton_grpc_aio.InferenceServerClient(self.address) as client:
                return await getattr(client, method)(*arguments, **options)

        return asyncio.run(run())


CLIENTS = {"http": Http, "http.aio": HttpAio, "grpc": Grpc, "grpc.aio": GrpcAio}
