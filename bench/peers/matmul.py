"""Products of float32 matrices in numpy; arguments: rows, inner size, columns, whether the left one is transposed, products a step."""

import sys

import numpy as np
from serve import serve

m, k, n, transposed, products = (int(a) for a in sys.argv[1:])
rng = np.random.default_rng(1)
a = rng.uniform(-1, 1, [k, m] if transposed else [m, k]).astype(np.float32)
b = rng.uniform(-1, 1, [k, n]).astype(np.float32)
left = a.T if transposed else a
out = np.empty([m, n], np.float32)


def step():
    for _ in range(products):
        np.matmul(left, b, out=out)


blas = np.__config__.CONFIG["Build Dependencies"]["blas"]
serve({"numpy": np.__version__, "blas": f"{blas['name']} {blas['version']}"}, step)
