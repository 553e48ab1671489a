"""The model in LitServe with its batching."""

import os

import litserve
import numpy
import onnxruntime


class Fraud(litserve.LitAPI):
    def setup(self, device):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name
        self.output = self.session.get_outputs()[-1].name

    def decode_request(self, request):
        tensor = request["inputs"][0]
        return numpy.asarray(tensor["data"], dtype=numpy.float32)

    def predict(self, rows):
        (scores,) = self.session.run([self.output], {self.input: numpy.atleast_2d(rows)})
        return scores

    def encode_response(self, output):
        return {"model_name": "fraud", "outputs": [{"data": output.tolist()}]}


if __name__ == "__main__":
    api = Fraud(max_batch_size=64, batch_timeout=0.001, api_path="/v2/models/fraud/infer")
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        generate_client_file=False,
        log_level="warning",
    )
