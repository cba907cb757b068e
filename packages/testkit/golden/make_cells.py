"""Makes cells.json: cells and wrappers, run by dynamic_rnn over sequences of mixed lengths, with gradients."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl as rnn

import golden_file

tf.disable_eager_execution()
tf.experimental.output_all_intermediates(True)
BATCH, STEPS, DEPTH = 3, 4, 2
LENGTHS = np.array([4, 2, 3], np.int32)


class OutputProjectionWrapper(rnn.RNNCell):
    """TensorFlow 2 no longer has it; this is what its documentation states, with TensorFlow 1's names."""

    def __init__(self, cell, output_size, activation=None):
        super().__init__()
        self._cell, self._output_size, self._activation = cell, output_size, activation

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._output_size

    def zero_state(self, batch_size, dtype):
        return self._cell.zero_state(batch_size, dtype)

    def call(self, inputs, state):
        output, new_state = self._cell(inputs, state)
        kernel = tf.get_variable("kernel", [self._cell.output_size, self._output_size])
        bias = tf.get_variable("bias", [self._output_size], initializer=tf.zeros_initializer())
        projected = tf.matmul(output, kernel) + bias
        return (self._activation(projected) if self._activation else projected), new_state


def linspace(low, high, shape):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape).astype(np.float32)


def structure(state):
    """A state as arrays and objects: an LSTM's has c and h."""
    if isinstance(state, rnn.LSTMStateTuple):
        return {"c": state.c, "h": state.h}
    if isinstance(state, (tuple, list)):
        return [structure(part) for part in state]
    return state


def leaves(state):
    if isinstance(state, dict):
        return [leaf for key in sorted(state) for leaf in leaves(state[key])]
    if isinstance(state, list):
        return [leaf for part in state for leaf in leaves(part)]
    return [state]


def case(cell_of):
    """All variables are set to linspace from -.5 to .5, then loss = sum(outputs^2) + the sums of the final states."""
    with tf.Graph().as_default(), tf.Session() as session:
        values = linspace(-1, 1, [BATCH, STEPS, DEPTH])
        x = tf.placeholder(tf.float32, [BATCH, STEPS, DEPTH])
        outputs, state = tf.nn.dynamic_rnn(cell_of(), x, sequence_length=LENGTHS, dtype=tf.float32)
        states = structure(state)
        loss = tf.reduce_sum(outputs**2) + tf.add_n([tf.reduce_sum(leaf) for leaf in leaves(states)])
        variables = tf.trainable_variables()
        session.run(tf.global_variables_initializer())
        for v in variables:
            v.load(linspace(-0.5, 0.5, v.shape.as_list()), session)
        found = session.run(tf.gradients(loss, [x] + variables), {x: values})
        results = session.run({"outputs": outputs, "state": states, "loss": loss}, {x: values})
        return {
            **results,
            "variables": {v.op.name: v.shape.as_list() for v in variables},
            "gradients": dict(zip(["X"] + [v.op.name for v in variables], found)),
        }


relu = tf.nn.relu
cells = {
    "BasicRNNCell": lambda: rnn.BasicRNNCell(3),
    "BasicRNNCell relu": lambda: rnn.BasicRNNCell(3, activation=relu),
    "BasicLSTMCell": lambda: rnn.BasicLSTMCell(3),
    "BasicLSTMCell forget bias": lambda: rnn.BasicLSTMCell(3, forget_bias=0.3, activation=relu),
    "LSTMCell": lambda: rnn.LSTMCell(3),
    "LSTMCell peepholes": lambda: rnn.LSTMCell(3, use_peepholes=True),
    "LSTMCell clip": lambda: rnn.LSTMCell(3, use_peepholes=True, cell_clip=0.2),
    "LSTMCell projection": lambda: rnn.LSTMCell(3, num_proj=2),
    "LSTMCell projection clip": lambda: rnn.LSTMCell(3, use_peepholes=True, num_proj=2, proj_clip=0.05, forget_bias=0.5),
    "GRUCell": lambda: rnn.GRUCell(3),
    "GRUCell relu": lambda: rnn.GRUCell(3, activation=relu),
    "MultiRNNCell": lambda: rnn.MultiRNNCell([rnn.BasicLSTMCell(3), rnn.GRUCell(2)]),
    "MultiRNNCell nested": lambda: rnn.MultiRNNCell([rnn.MultiRNNCell([rnn.GRUCell(2), rnn.BasicRNNCell(3)]), rnn.LSTMCell(2, num_proj=1)]),
    "OutputProjectionWrapper": lambda: OutputProjectionWrapper(rnn.BasicRNNCell(3), 2),
    "OutputProjectionWrapper sigmoid": lambda: rnn.MultiRNNCell(
        [OutputProjectionWrapper(rnn.BasicLSTMCell(2), 3, tf.sigmoid), rnn.GRUCell(2)]
    ),
    "DropoutWrapper keeping all": lambda: rnn.DropoutWrapper(rnn.LSTMCell(3), input_keep_prob=0.9999999, seed=5),
}


def dropout(**options):
    """What one step of a wrapped cell gives with seeded masks: they are TensorFlow's bits."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        x = tf.constant(linspace(-1, 1, [4, 3]))
        cell = rnn.DropoutWrapper(rnn.BasicLSTMCell(3), **options)
        state = rnn.LSTMStateTuple(tf.constant(linspace(0.1, 1, [4, 3])), tf.constant(linspace(-1, -0.1, [4, 3])))
        output, new = cell(x, state)
        session.run(tf.global_variables_initializer())
        for v in tf.trainable_variables():
            v.load(linspace(-0.5, 0.5, v.shape.as_list()), session)
        results = session.run([{"output": output, "c": new.c, "h": new.h}])
        return results[0]


document = {
    "X": linspace(-1, 1, [BATCH, STEPS, DEPTH]),
    "sequenceLength": LENGTHS,
    "cells": {name: case(cell_of) for name, cell_of in cells.items()},
    "dropout": {
        "all": dropout(input_keep_prob=0.5, output_keep_prob=0.6, state_keep_prob=0.7, seed=9),
        "variational": dropout(
            input_keep_prob=0.5, output_keep_prob=0.6, state_keep_prob=0.7, seed=9, variational_recurrent=True, input_size=3, dtype=tf.float32
        ),
    },
}
golden_file.write("cells", document, 3)
