"""Makes random.json: what TensorFlow's random ops draw in the first, second and third run of a session."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow.compat.v1 as tf
from tensorflow.python.framework import random_seed

import golden_file

RUNS = 3
SIZES = [1, 7, 10, 1000]
# Of a long run, only every STRIDE-th value is kept (the first one, then the one STRIDE later, and so on).
STRIDE = 37

UNIFORM = {
    "op": "uniform",
    "draw": lambda shape, args, dtype, seed: tf.random_uniform(shape, args[0], args[1], dtype, seed),
}
NORMAL = {
    "op": "normal",
    "draw": lambda shape, args, dtype, seed: tf.random_normal(shape, args[0], args[1], dtype, seed),
}
TRUNCATED_NORMAL = {
    "op": "truncatedNormal",
    "draw": lambda shape, args, dtype, seed: tf.truncated_normal(shape, args[0], args[1], dtype, seed),
}

# Each: distribution, dtype, its two arguments (minval and maxval, or mean and stddev), graph seed, op seed.
SERIES = [
    (UNIFORM, "float32", [0.0, 1.0], 42, 20),
    (UNIFORM, "float32", [-0.1, 2.3], 0, 0),
    (UNIFORM, "float64", [0.0, 1.0], 42, 20),
    (UNIFORM, "float64", [-0.7, 2.3], None, 7),
    (UNIFORM, "int32", [0, 100], 42, 7),
    (UNIFORM, "int32", [-(2**31), 2**31 - 1], 3, 2**31),
    (NORMAL, "float32", [0.0, 1.0], 42, 5),
    (NORMAL, "float32", [0.3, 0.1], None, 11),
    (NORMAL, "float64", [0.0, 1.0], 42, 5),
    (NORMAL, "float64", [0.3, 0.1], -3, 2**40 + 1),
    (TRUNCATED_NORMAL, "float32", [0.0, 1.0], 42, 7),
    (TRUNCATED_NORMAL, "float32", [0.3, 0.1], 0, 0),
    (TRUNCATED_NORMAL, "float64", [0.0, 1.0], 42, 7),
    (TRUNCATED_NORMAL, "float64", [0.3, 0.1], 123456789, -1),
]

# Pairs of a graph seed and an op seed, for the seeds TensorFlow makes of them.
SEED_PAIRS = [
    (42, 20),
    (42, 0),
    (0, 0),
    (0, 5),
    (None, 7),
    (None, 0),
    (-1, 3),
    (3, -1),
    (2**31 - 1, 2**31 - 1),
    (2**31, 2**32 + 5),
    (2**53 - 1, -(2**53) + 1),
]


def case(distribution, dtype, args, graph_seed, op_seed, size):
    stride = STRIDE if size > 100 else 1
    with tf.Graph().as_default(), tf.Session() as session:
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        values = distribution["draw"]([size], args, tf.as_dtype(dtype), op_seed)
        runs = [session.run(values)[::stride] for _ in range(RUNS)]
    return {
        "op": distribution["op"],
        "dtype": dtype,
        "args": args,
        "graphSeed": graph_seed,
        "opSeed": op_seed,
        "size": size,
        "stride": stride,
        "runs": runs,
    }


def resolved(graph_seed, op_seed):
    with tf.Graph().as_default():
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        return random_seed.get_seed(op_seed)


tf.disable_eager_execution()

golden_file.write(
    "random",
    {
        "tensorflow": tf.__version__,
        "seeds": [
            {"graphSeed": graph, "opSeed": op, "resolved": resolved(graph, op)} for graph, op in SEED_PAIRS
        ],
        "cases": [case(*series, size) for series in SERIES for size in SIZES],
    },
    depth=2,
)
