"""Many requests at once: gevent, asyncio, callbacks, streams; deadlines and cancellation."""

import asyncio
import queue
import threading
import time

import numpy as np
import pytest
import tritonclient.grpc as triton_grpc
import tritonclient.grpc.aio as triton_grpc_aio
import tritonclient.http as triton_http
import tritonclient.http.aio as triton_http_aio
from tritonclient.utils import InferenceServerException

REQUESTS = 100
LONG_ROUNDS = 100_000  # minutes of work: whoever waits for it has failed


def numbered(module, i):
    tensor = module.InferInput("in", [1, 3], "FP32")
    tensor.set_data_from_numpy(np.array([[i, i + 1, i + 2]], dtype=np.float32))
    return [tensor]


def rounds(module, count):
    tensor = module.InferInput("rounds", [1], "INT64")
    tensor.set_data_from_numpy(np.array([count], dtype=np.int64))
    return [tensor]


def assert_numbered(answer, i):
    assert answer.as_numpy("out").tolist() == [[i, i + 1, i + 2]]


def test_gevent_requests_at_once(address):
    with triton_http.InferenceServerClient(address, concurrency=16) as client:
        pending = [client.async_infer("identity_fp32", numbered(triton_http, i)) for i in range(REQUESTS)]
        for i, request in enumerate(pending):
            assert_numbered(request.get_result(), i)


@pytest.mark.parametrize("module", [triton_http_aio, triton_grpc_aio], ids=["http.aio", "grpc.aio"])
def test_asyncio_requests_at_once(address, module):
    async def run():
        async with module.InferenceServerClient(address) as client:
            answers = await asyncio.gather(
                *(client.infer("identity_fp32", numbered(module, i)) for i in range(REQUESTS)))
        for i, answer in enumerate(answers):
            assert_numbered(answer, i)

    asyncio.run(run())


def test_grpc_callbacks(address):
    answers = queue.Queue()
    with triton_grpc.InferenceServerClient(address) as client:
        for i in range(REQUESTS):
            client.async_infer("identity_fp32", numbered(triton_grpc, i),
                               lambda result, error, i=i: answers.put((i, result, error)))
        seen = set()
        for _ in range(REQUESTS):
            i, result, error = answers.get(timeout=30)
            assert error is None
            assert_numbered(result, i)
            seen.add(i)
    assert seen == set(range(REQUESTS))


def test_grpc_stream_answers_each_request(address):
    answers = queue.Queue()
    with triton_grpc.InferenceServerClient(address) as client:
        client.start_stream(lambda result, error: answers.put((result, error)))
        for i in range(REQUESTS):
            client.async_stream_infer("identity_fp32", numbered(triton_grpc, i), request_id=str(i))
        seen = set()
        for _ in range(REQUESTS):
            result, error = answers.get(timeout=30)
            assert error is None
            i = int(result.get_response().id)
            assert_numbered(result, i)
            seen.add(i)
        client.stop_stream()
    assert seen == set(range(REQUESTS))


def test_an_error_in_a_stream_does_not_end_it(address):
    answers = queue.Queue()
    with triton_grpc.InferenceServerClient(address) as client:
        client.start_stream(lambda result, error: answers.put((result, error)))
        client.async_stream_infer("nobody", numbered(triton_grpc, 1))
        result, error = answers.get(timeout=30)
        assert result is None and "nobody" in error.message()
        client.async_stream_infer("identity_fp32", numbered(triton_grpc, 2))
        result, error = answers.get(timeout=30)
        assert error is None
        assert_numbered(result, 2)
        client.stop_stream()


def test_asyncio_stream(address):
    async def run():
        async def requests():
            for i in range(20):
                yield {"model_name": "identity_fp32", "inputs": numbered(triton_grpc_aio, i), "request_id": str(i)}

        async with triton_grpc_aio.InferenceServerClient(address) as client:
            seen = []
            async for result, error in client.stream_infer(requests()):
                assert error is None
                assert_numbered(result, int(result.get_response().id))
                seen.append(int(result.get_response().id))
        assert sorted(seen) == list(range(20))

    asyncio.run(run())


class Busy:
    """Keeps the one instance of `spin` at work, with seconds of work queued, until the block ends."""

    callers = 4
    seconds_each = 0.7

    def __init__(self, address):
        self.address = address
        self.released = threading.Event()
        self.failures = []
        with triton_grpc.InferenceServerClient(address) as client:
            begin = time.perf_counter()
            client.infer("spin", rounds(triton_grpc, 300))
            self.rounds = int(300 * self.seconds_each / (time.perf_counter() - begin))

    def __enter__(self):
        self.threads = [threading.Thread(target=self.work) for _ in range(self.callers)]
        for thread in self.threads:
            thread.start()
        time.sleep(0.5)  # all are on their way to the only instance; nothing tells when they are there
        return self

    def work(self):
        try:
            with triton_grpc.InferenceServerClient(self.address) as client:
                while not self.released.is_set():
                    client.infer("spin", rounds(triton_grpc, self.rounds))
        except InferenceServerException as failure:
            self.failures.append(failure)

    def __exit__(self, *details):
        self.released.set()
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive()
        assert [str(failure) for failure in self.failures] == []


def assert_free_again(address):
    """Nothing long is left to run: a short request is answered soon."""
    with triton_grpc.InferenceServerClient(address) as client:
        begin = time.perf_counter()
        client.infer("spin", rounds(triton_grpc, 1), client_timeout=30)
        assert time.perf_counter() - begin < 15


def test_a_deadline_that_passes_in_the_queue_is_answered_and_never_run(address):
    with Busy(address), triton_grpc.InferenceServerClient(address) as client:
        begin = time.perf_counter()
        with pytest.raises(InferenceServerException) as error:
            client.infer("spin", rounds(triton_grpc, LONG_ROUNDS), client_timeout=0.3)
        assert time.perf_counter() - begin < 1.5
        assert str(error.value.status()) == "StatusCode.DEADLINE_EXCEEDED"
    assert_free_again(address)


def test_a_request_timeout_that_passes_in_the_queue_is_answered_and_never_run(address):
    """The request's own `timeout` parameter, in microseconds, over both protocols."""
    with Busy(address):
        with triton_http.InferenceServerClient(address, network_timeout=60) as client:
            with pytest.raises(InferenceServerException) as error:
                client.infer("spin", rounds(triton_http, LONG_ROUNDS), timeout=200_000)
            assert error.value.status() == "503"
        with triton_grpc.InferenceServerClient(address) as client:
            with pytest.raises(InferenceServerException) as error:
                client.infer("spin", rounds(triton_grpc, LONG_ROUNDS), timeout=200_000)
            assert str(error.value.status()) == "StatusCode.DEADLINE_EXCEEDED"
    assert_free_again(address)


def test_a_cancelled_request_is_never_run(address):
    with Busy(address), triton_grpc.InferenceServerClient(address) as client:
        answers = queue.Queue()
        call = client.async_infer("spin", rounds(triton_grpc, LONG_ROUNDS),
                                  lambda result, error: answers.put((result, error)))
        time.sleep(0.2)  # long enough to be sent and queued behind the others
        call.cancel()
        result, error = answers.get(timeout=10)
        assert result is None and "CANCELLED" in str(error.status())
    assert_free_again(address)


def test_a_connection_closed_by_the_client_stops_its_queued_request(address):
    with Busy(address):
        client = triton_http.InferenceServerClient(address, network_timeout=0.3)
        with pytest.raises(Exception):
            client.infer("spin", rounds(triton_http, LONG_ROUNDS))
        client.close()
    assert_free_again(address)


def test_a_slow_model_does_not_hold_up_a_fast_one(address):
    with Busy(address), triton_grpc.InferenceServerClient(address) as client:
        begin = time.perf_counter()
        for i in range(20):
            assert_numbered(client.infer("identity_fp32", numbered(triton_grpc, i)), i)
        # Held up, each of the twenty would wait for a slow run of 0.7 s.
        assert time.perf_counter() - begin < 5
