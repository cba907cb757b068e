"""Writes a small file with the Python package safetensors: every dtype that is read here, scalars and empty tensors."""

import base64

import numpy as np
from safetensors.numpy import save

import golden_file

random = np.random.default_rng(7)
tensors = {
    "rnn/basic_rnn_cell/kernel": random.standard_normal((3, 2)).astype(np.float32),
    "scalar": np.array(np.pi),
    "global_step": np.array(-12, np.int32),
    "flags": np.array([[True, False, True]]),
    "empty": np.zeros((0, 4), np.float32),
    "half": np.array([1.5, -0.0, 65504, 6e-8, np.inf, -np.inf], np.float16),
    "long": np.array([2**31 - 1, -(2**31), 5], np.int64),
    "special \N{SNOWMAN} \"name\"": np.array([np.inf, -np.inf, -0.0, 1e-45, 3.4e38], np.float32),
}
encoded = base64.b64encode(save(tensors, metadata={"format": "np", "note": "\N{SNOWMAN} \n"})).decode()


def entry(value):
    items = [str(item) for item in value.astype(np.float64).ravel()]
    return {"shape": list(value.shape), "items": items}


document = {"bytes": encoded, "tensors": {name: entry(value) for name, value in tensors.items()}}
golden_file.write("safetensors", document, 2)
