"""The model as a BentoML service with its adaptive batching."""

import os

import bentoml
import numpy
import onnxruntime


@bentoml.service(workers=1)
class Fraud:
    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name
        self.output = self.session.get_outputs()[-1].name

    @bentoml.api(batchable=True, max_batch_size=64, max_latency_ms=1000, route="/v2/models/fraud/infer")
    def infer(self, rows: numpy.ndarray) -> numpy.ndarray:
        (scores,) = self.session.run(
            [self.output], {self.input: rows.astype(numpy.float32)}
        )
        return scores
