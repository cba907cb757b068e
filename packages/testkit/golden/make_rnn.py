"""Makes rnn.json: TensorFlow's recurrent networks on the chapter's data, their gradients, and Adam's steps."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl

import golden_file

GRAPH_SEED = 42
INPUTS, NEURONS = 3, 5
X0 = np.array([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 0, 1]], np.float32)
X1 = np.array([[9, 8, 7], [0, 0, 0], [6, 5, 4], [3, 2, 1]], np.float32)
X = np.stack([X0, X1], axis=1)


def linspace(low, high, shape):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape).astype(np.float32)


def graph(build):
    """Runs `build` in a new graph that has the chapter's seed, and a session."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(GRAPH_SEED)
        return build(session)


def variables_of(session):
    return {variable.op.name: session.run(variable) for variable in tf.trainable_variables()}


def set_linspace(session, variables):
    for variable in variables:
        variable.load(linspace(-0.5, 0.5, variable.shape.as_list()), session)


def glorot_cell(session, seed, run):
    """What `run(cell)` fetches, for a BasicRNNCell whose kernel a glorot uniform initializer with an op seed makes."""
    fetches = run(rnn_cell_impl.BasicRNNCell(NEURONS))
    kernel, _ = tf.trainable_variables()
    session.run(tf.global_variables_initializer())
    drawn = tf.glorot_uniform_initializer(seed=seed)(kernel.shape, dtype=tf.float32)
    kernel.load(session.run(drawn), session)
    return {"seed": seed, "variables": variables_of(session), **session.run(fetches)}


def manual(session):
    Wx = tf.Variable(tf.random_normal([INPUTS, NEURONS], seed=5))
    Wy = tf.Variable(tf.random_normal([NEURONS, NEURONS], seed=14))
    b = tf.Variable(tf.zeros([1, NEURONS]))
    Y0 = tf.tanh(tf.matmul(tf.constant(X0), Wx) + b)
    Y1 = tf.tanh(tf.matmul(Y0, Wy) + tf.matmul(tf.constant(X1), Wx) + b)
    session.run(tf.global_variables_initializer())
    return {"seeds": {"Wx": 5, "Wy": 14}, **session.run({"Wx": Wx, "Wy": Wy, "b": b, "Y0": Y0, "Y1": Y1})}


def static(session):
    def run(cell):
        outputs, state = tf.nn.static_rnn(cell, [tf.constant(X0), tf.constant(X1)], dtype=tf.float32)
        return {"outputs": outputs, "state": state}

    return glorot_cell(session, 20, run)


def packing(session):
    def run(cell):
        steps = tf.unstack(tf.transpose(tf.constant(X), [1, 0, 2]))
        outputs, state = tf.nn.static_rnn(cell, steps, dtype=tf.float32)
        return {"outputs": tf.transpose(tf.stack(outputs), [1, 0, 2]), "state": state}

    return glorot_cell(session, 22, run)


def dynamic(session):
    def run(cell):
        outputs, state = tf.nn.dynamic_rnn(cell, tf.constant(X), dtype=tf.float32)
        return {"outputs": outputs, "state": state}

    return glorot_cell(session, 87, run)


def sequence_lengths(session):
    lengths = np.array([2, 1, 2, 2], np.int32)

    def run(cell):
        outputs, state = tf.nn.dynamic_rnn(cell, tf.constant(X), sequence_length=lengths, dtype=tf.float32)
        return {"outputs": outputs, "state": state}

    return {"sequenceLength": lengths, **glorot_cell(session, 106, run)}


def bptt(cell_of):
    """Gradients through a dynamic RNN with lengths: loss = sum(outputs^2) + sum of all final states.

    The kernels are set to linspace; the biases keep what the cell's own initializer gives.
    """

    def build(session):
        x_values, lengths = linspace(-1, 1, [2, 3, 2]), np.array([3, 2], np.int32)
        x = tf.placeholder(tf.float32, [2, 3, 2])
        outputs, state = tf.nn.dynamic_rnn(cell_of(2), x, sequence_length=lengths, dtype=tf.float32)
        states = state._asdict() if isinstance(state, tuple) else {"h": state}
        loss = tf.reduce_sum(outputs**2) + tf.add_n([tf.reduce_sum(part) for part in states.values()])
        variables = tf.trainable_variables()
        gradients = tf.gradients(loss, variables + [x])
        fetches = {
            "outputs": outputs,
            "state": states,
            "loss": loss,
            "gradients": dict(zip([v.op.name for v in variables] + ["X"], gradients)),
        }
        session.run(tf.global_variables_initializer())
        set_linspace(session, [v for v in variables if v.op.name.endswith("kernel")])
        return {
            "X": x_values,
            "sequenceLength": lengths,
            "variables": variables_of(session),
            **session.run(fetches, {x: x_values}),
        }

    return graph(build)


def adam(session):
    """Adam on sum(coefficients * x^2), the x after each step."""
    start, coefficients = [1.0, -2.0, 3.0], [1.0, 2.0, 0.5]
    x = tf.Variable(start)
    step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(tf.constant(coefficients) * x**2))
    session.run(tf.global_variables_initializer())
    steps = []
    for _ in range(3):
        session.run(step)
        steps.append(session.run(x))
    return {"start": start, "coefficients": coefficients, "learningRate": 0.1, "steps": steps}


def classifier(session):
    """Three Adam steps of a small classifier of sequences: BasicRNN, dense layer on the final state, cross-entropy."""
    batch, steps, inputs, neurons, classes = 4, 3, 2, 5, 3
    x_values, labels = linspace(-1, 1, [batch, steps, inputs]), np.array([0, 2, 1, 1], np.int32)
    x, y = tf.placeholder(tf.float32, [None, steps, inputs]), tf.placeholder(tf.int32, [None])
    _, state = tf.nn.dynamic_rnn(rnn_cell_impl.BasicRNNCell(neurons), x, dtype=tf.float32)
    with tf.variable_scope("dense"):
        kernel = tf.get_variable("kernel", [neurons, classes])
        bias = tf.get_variable("bias", [classes])
    logits = tf.matmul(state, kernel) + bias
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    variables = tf.trainable_variables()
    gradients = dict(zip([v.op.name for v in variables], tf.gradients(loss, variables)))
    training_op = tf.train.AdamOptimizer(learning_rate=0.001).minimize(loss)

    session.run(tf.global_variables_initializer())
    set_linspace(session, variables)
    feeds = {x: x_values, y: labels}
    start = variables_of(session)
    first = session.run({"state": state, "logits": logits, "loss": loss, "gradients": gradients}, feeds)
    after = []
    for _ in range(3):
        session.run(training_op, feeds)
        after.append({"loss": session.run(loss, feeds), "variables": variables_of(session)})
    return {
        "X": x_values,
        "labels": labels,
        "learningRate": 0.001,
        "variables": start,
        **first,
        "steps": after,
    }


tf.disable_eager_execution()

golden_file.write(
    "rnn",
    {
        "tensorflow": tf.__version__,
        "chapter": {
            "graphSeed": GRAPH_SEED,
            "X0": X0,
            "X1": X1,
            "X": X,
            "manual": graph(manual),
            "staticRnn": graph(static),
            "packing": graph(packing),
            "dynamicRnn": graph(dynamic),
            "sequenceLengths": graph(sequence_lengths),
        },
        "bptt": {
            "basicRnn": bptt(rnn_cell_impl.BasicRNNCell),
            "basicLstm": bptt(rnn_cell_impl.BasicLSTMCell),
            "gru": bptt(rnn_cell_impl.GRUCell),
        },
        "adam": graph(adam),
        "classifier": graph(classifier),
    },
    depth=3,
)
