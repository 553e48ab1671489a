"""What every test knows: the address of the server that `interop/run` started."""

import os
import pathlib

import numpy as np
import pytest

MODELS = pathlib.Path(os.environ.get("SLIPWAY_INTEROP_MODELS", "."))


@pytest.fixture(scope="session")
def address():
    """host:port, where REST and gRPC both answer."""
    given = os.environ.get("SLIPWAY_INTEROP_ADDRESS")
    if not given:
        pytest.exit("SLIPWAY_INTEROP_ADDRESS: unset (expected: host:port, as interop/run sets it)", returncode=2)
    return given


@pytest.fixture(scope="session")
def url(address):
    return f"http://{address}"


@pytest.fixture(scope="session")
def fraud_rows():
    """Real rows of the fraud example, FP32 [200, 15]."""
    return np.load(MODELS / "fraud-rows.npy")


@pytest.fixture(scope="session")
def fraud_scores():
    """What ONNX Runtime's and XGBoost's own libraries say about these rows: name to FP32 [200]."""
    return np.load(MODELS / "fraud-scores.npz")
