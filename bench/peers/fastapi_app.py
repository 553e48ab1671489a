"""FastAPI and ONNX Runtime, as a team would write its first model server."""

import os

import numpy
import onnxruntime
from fastapi import FastAPI
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
session = onnxruntime.InferenceSession(
    os.environ["MODEL"], options, providers=["CPUExecutionProvider"]
)
input_name = session.get_inputs()[0].name
output_name = session.get_outputs()[-1].name


class Tensor(BaseModel):
    name: str
    shape: list[int]
    datatype: str
    data: list[float]


class InferRequest(BaseModel):
    inputs: list[Tensor]


app = FastAPI(default_response_class=ORJSONResponse)


@app.post("/v2/models/fraud/infer")
async def infer(request: InferRequest):
    tensor = request.inputs[0]
    rows = numpy.asarray(tensor.data, dtype=numpy.float32).reshape(tensor.shape)
    (scores,) = session.run([output_name], {input_name: rows})
    return {
        "model_name": "fraud",
        "model_version": "1",
        "outputs": [
            {
                "name": output_name,
                "shape": list(scores.shape),
                "datatype": "FP32",
                "data": scores.ravel().tolist(),
            }
        ],
    }
