"""The other side of safetensors-python.test.ts: the safetensors package of Python, with NumPy.

    python safetensors-peer.py describe FILE   prints what the file holds, as JSON
    python safetensors-peer.py write FILE      writes arrays whose numbers the test knows
"""

import json
import sys

import numpy as np
import safetensors
from safetensors import safe_open
from safetensors.numpy import load_file, save_file


def describe(path: str) -> None:
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
    arrays = {
        name: {"dtype": str(array.dtype), "shape": list(array.shape), "bits": array.view(np.uint32).ravel().tolist()}
        for name, array in load_file(path).items()
    }
    print(json.dumps({"version": safetensors.__version__, "metadata": metadata, "arrays": arrays}))


def write(path: str) -> None:
    arrays = {
        f"{kind}.größe 量": (np.arange(24).reshape(2, 3, 4) - 3).astype(kind)
        for kind in ["float64", "float32", "float16", "int64", "int32", "int16", "int8"]
    }
    arrays |= {kind: np.array([0, 7, 255], dtype=kind) for kind in ["uint64", "uint32", "uint16", "uint8"]}
    arrays["scalar"] = np.array(2.5, dtype=np.float16)
    arrays["empty"] = np.zeros((0, 3), dtype=np.float64)
    arrays["halves"] = np.arange(65536, dtype=np.uint16).view(np.float16)
    arrays["halves as float32"] = arrays["halves"].astype(np.float32)
    save_file(arrays, path, metadata={"made by": "NumPy"})


{"describe": describe, "write": write}[sys.argv[1]](sys.argv[2])
