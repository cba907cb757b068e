"""Makes time-series.json: how the chapter's two networks for a time series learn, by the MSE after every 100 steps."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl

import golden_file

tf.disable_eager_execution()

SEED = 42
STEPS, NEURONS, ITERATIONS, BATCH = 20, 100, 1500, 50
T_MIN, T_MAX, RESOLUTION = 0, 30, 0.1


def next_batch():
    t0 = np.random.rand(BATCH, 1) * (T_MAX - T_MIN - STEPS * RESOLUTION)
    t = t0 + np.arange(STEPS + 1) * RESOLUTION
    series = (t * np.sin(t) / 3 + 2 * np.sin(5 * t))[:, :, np.newaxis]
    return series[:, :-1], series[:, 1:]


def training(seeds):
    """The MSE on the last batch after the first step, and after every 100th from there."""
    np.random.seed(SEED)
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(SEED)
        X = tf.placeholder(tf.float32, [None, STEPS, 1])
        y = tf.placeholder(tf.float32, [None, STEPS, 1])
        with tf.variable_scope("", initializer=tf.glorot_uniform_initializer(seed=seeds["rnn"])):
            cell = rnn_cell_impl.BasicRNNCell(NEURONS, activation=tf.nn.relu)
            states, _ = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)
        # An OutputProjectionWrapper does per step what the reshape trick does at once: they differ by their seeds alone.
        kernel = tf.get_variable(
            "kernel", [NEURONS, 1], initializer=tf.glorot_uniform_initializer(seed=seeds["projection"])
        )
        bias = tf.get_variable("bias", [1], initializer=tf.zeros_initializer())
        outputs = tf.reshape(tf.matmul(tf.reshape(states, [-1, NEURONS]), kernel) + bias, [-1, STEPS, 1])
        loss = tf.reduce_mean(tf.square(outputs - y))
        training_op = tf.train.AdamOptimizer(0.001).minimize(loss)
        session.run(tf.global_variables_initializer())
        mse = []
        for iteration in range(ITERATIONS):
            inputs, targets = next_batch()
            session.run(training_op, {X: inputs, y: targets})
            if iteration % 100 == 0:
                mse.append(session.run(loss, {X: inputs, y: targets}))
    return {"seeds": seeds, "mse": mse}


if __name__ == "__main__":
    golden_file.write(
        "time-series",
        {
            "tensorflow": tf.__version__,
            "graphSeed": SEED,
            "outputProjectionWrapper": training({"rnn": 88, "projection": 109}),
            "reshapeTrick": training({"rnn": 88, "projection": 137}),
        },
        depth=2,
    )
