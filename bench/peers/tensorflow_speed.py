"""A workload in TensorFlow's session, with dynamic_rnn and v1 control flow."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow.compat.v1 as tf  # noqa: E402
from tensorflow.python.keras.layers.legacy_rnn import rnn_cell_impl as cells  # noqa: E402
from workload import run  # noqa: E402

tf.disable_eager_execution()
tf.disable_control_flow_v2()


def cell_of(w):
    if w.cell == "lstm":
        return cells.BasicLSTMCell(w.units)
    if w.cell == "gru":
        return cells.GRUCell(w.units)
    return cells.BasicRNNCell(w.units, activation={"tanh": tf.tanh, "relu": tf.nn.relu}[w.activation])


def dense(x, w):
    kernel = tf.get_variable("dense/kernel", [w.units, w.outputs])
    return tf.matmul(x, kernel) + tf.get_variable("dense/bias", [w.outputs])


def training(w):
    x, y = w.tensors["x"], w.tensors["y"]
    X = tf.placeholder(tf.float32, [None, w.steps, w.inputs])
    Y = tf.placeholder(tf.as_dtype(y.dtype), [None, *y.shape[1:]])
    outputs, state = tf.nn.dynamic_rnn(cell_of(w), X, dtype=tf.float32)
    if w.kind == "each":
        results = tf.reshape(dense(tf.reshape(outputs, [-1, w.units]), w), [-1, w.steps, w.outputs])
    else:
        results = dense(state.h if w.cell == "lstm" else state, w)
    if w.kind == "classes":
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Y, logits=results))
    else:
        loss = tf.reduce_mean(tf.square(results - Y))
    training_op = tf.train.AdamOptimizer(0.001).minimize(loss)
    return [training_op, loss], {X: x, Y: y}, lambda values: values[1]


def decoding(w):
    embedding = tf.get_variable("embedding", [w.outputs, w.inputs])
    cell = cell_of(w)
    kernel = None

    def body(t, token, state, tokens):
        output, state = cell(tf.nn.embedding_lookup(embedding, token), state)
        token = tf.argmax(dense(output, w), 1, output_type=tf.int32)
        return t + 1, token, state, tokens.write(t, token)

    with tf.variable_scope("", reuse=tf.AUTO_REUSE):
        tokens = tf.TensorArray(tf.int32, w.steps, element_shape=[1])
        start = [tf.constant(0), tf.constant([0]), cell.zero_state(1, tf.float32), tokens]
        *_, tokens = tf.while_loop(lambda t, *_: t < w.steps, body, start)
    return tokens.stack(), {}, lambda values: values[-1, 0]


def make(w, threads):
    fetches, feeds, value_of = (decoding if w.kind == "decode" else training)(w)
    config = tf.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
    session = tf.Session(config=config)
    session.run(tf.global_variables_initializer())
    for variable, name in zip(tf.trainable_variables(), w.weights, strict=True):
        variable.load(w.tensors[name], session)
    step = session.make_callable(fetches, list(feeds))
    return lambda: value_of(step(*feeds.values()))


run({"tensorflow": tf.__version__}, make)
