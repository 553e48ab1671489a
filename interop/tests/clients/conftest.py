import pytest
from triton import CLIENTS, Grpc, Http


@pytest.fixture(params=sorted(CLIENTS))
def client(request, address):
    return CLIENTS[request.param](address)


@pytest.fixture(params=["http", "http.aio"])
def http_client(request, address):
    return CLIENTS[request.param](address)


@pytest.fixture(params=["grpc", "grpc.aio"])
def grpc_client(request, address):
    return CLIENTS[request.param](address)


@pytest.fixture
def http(address):
    return Http(address)


@pytest.fixture
def grpc(address):
    return Grpc(address)
