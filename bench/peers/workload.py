"""A workload as bench/src/speed/workload.ts wrote it, and how a peer serves it."""

import json
import os
import sys
import time

import numpy as np
from serve import serve


class Workload:
    """Sizes as attributes, tensors in `tensors`, and the names of the weights in `weights`."""

    def __init__(self, folder):
        with open(os.path.join(folder, "workload.json")) as f:
            description = json.load(f)
        shapes = description.pop("tensors")
        self.__dict__.update(description)
        self.tensors = {
            name: np.fromfile(os.path.join(folder, f"{name}.bin"), t["dtype"]).reshape(t["shape"])
            for name, t in shapes.items()
        }


def run(versions, make):
    """Serves `make(workload, threads)`, a function that computes one step; arguments of the script: a folder, and a number of threads."""
    workload, threads = Workload(sys.argv[1]), int(sys.argv[2])
    start = time.perf_counter()
    step = make(workload, threads)
    losses = [float(step())]
    first = (time.perf_counter() - start) * 1000
    losses += [float(step()) for _ in range(2)]
    serve(versions, step, first=first, losses=losses)
