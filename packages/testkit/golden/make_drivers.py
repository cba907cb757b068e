"""Makes drivers.json: bidirectional networks, raw_rnn and state saving over mixed lengths, and wrappers, with gradients.

Wrappers that TensorFlow 2 no longer has are put together from TensorFlow 1's definition of them, with its names.
"""

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


def linspace(low, high, shape):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape).astype(np.float32)


def linear(inputs, units):
    joined = tf.concat(inputs, 1)
    kernel = tf.get_variable("kernel", [joined.shape[1], units])
    return tf.matmul(joined, kernel) + tf.get_variable("bias", [units], initializer=tf.zeros_initializer())


class Wrapper(rnn.RNNCell):
    def __init__(self, cell, scope):
        super().__init__(name=scope)
        self._cell = cell

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        return self._cell.zero_state(batch_size, dtype)


class InputProjectionWrapper(Wrapper):
    def __init__(self, cell, num_proj):
        super().__init__(cell, "input_projection_wrapper")
        self._num_proj = num_proj

    def call(self, inputs, state):
        return self._cell(linear([inputs], self._num_proj), state)


class HighwayWrapper(Wrapper):
    """Without a scope of its own: its variables stand beside those of the cell."""

    def __init__(self, cell, coupled, bias):
        super().__init__(cell, None)
        self._coupled, self._bias = coupled, bias

    def gate(self, name, bias, x):
        size = x.shape[1]
        w = tf.get_variable(name + "_w", [size, size])
        return tf.sigmoid(tf.matmul(x, w) + tf.get_variable(name + "_b", [size], initializer=tf.constant_initializer(bias)))

    def __call__(self, inputs, state, scope=None):
        outputs, new_state = self._cell(inputs, state)
        carry = self.gate("carry", self._bias, inputs)
        transform = 1 - carry if self._coupled else self.gate("transform", -self._bias, inputs)
        return inputs * carry + outputs * transform, new_state


class AttentionCellWrapper(Wrapper):
    def __init__(self, cell, length, size, vec_size):
        super().__init__(cell, "attention_cell_wrapper")
        self._length, self._size, self._vec_size = length, size, vec_size

    @property
    def state_size(self):
        return (self._cell.state_size, self._size, self._size * self._length)

    @property
    def output_size(self):
        return self._size

    def zero_state(self, batch_size, dtype):
        sizes = [self._size, self._size * self._length]
        return (self._cell.zero_state(batch_size, dtype), *[tf.zeros([batch_size, n], dtype) for n in sizes])

    def call(self, inputs, state):
        inner, attention, past = state
        past = tf.reshape(past, [-1, self._length, self._size])
        output, inner = self._cell(linear([inputs, attention], inputs.shape[1]), inner)
        query = tf.concat(tf.nest.flatten(inner), 1)
        with tf.variable_scope("attention"):
            w = tf.get_variable("attn_w", [1, 1, self._size, self._vec_size])
            v = tf.get_variable("attn_v", [self._vec_size])
            hidden = tf.reshape(past, [-1, self._length, 1, self._size])
            features = tf.nn.conv2d(hidden, w, [1, 1, 1, 1], "SAME")
            y = tf.reshape(linear([query], self._vec_size), [-1, 1, 1, self._vec_size])
            weights = tf.nn.softmax(tf.reduce_sum(v * tf.tanh(features + y), [2, 3]))
            attention = tf.reduce_sum(tf.reshape(weights, [-1, self._length, 1, 1]) * hidden, [1, 2])
            attention = tf.reshape(attention, [-1, self._size])
        with tf.variable_scope("attn_output_projection"):
            output = linear([output, attention], self._size)
        past = tf.concat([past[:, 1:], tf.expand_dims(output, 1)], 1)
        return output, (inner, attention, tf.reshape(past, [-1, self._length * self._size]))


def leaves(x):
    """The tensors of a structure, an LSTM's c before its h."""
    return tf.nest.flatten(x)


def case(build):
    """All variables are linspace from -.5 to .5; loss = sum(outputs^2) + the sums of the final states."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [BATCH, STEPS, DEPTH])
        outputs, states = map(leaves, build(x))
        loss = tf.add_n([tf.reduce_sum(y**2) for y in outputs] + [tf.reduce_sum(s) for s in states])
        variables = tf.trainable_variables()
        session.run(tf.global_variables_initializer())
        for v in variables:
            v.load(linspace(-0.5, 0.5, v.shape.as_list()), session)
        feeds = {x: linspace(-1, 1, [BATCH, STEPS, DEPTH])}
        found = session.run(tf.gradients(loss, [x] + variables), feeds)
        return {
            **session.run({"outputs": outputs, "states": states, "loss": loss}, feeds),
            "variables": {v.op.name: v.shape.as_list() for v in variables},
            "gradients": dict(zip(["X"] + [v.op.name for v in variables], found)),
        }


def dynamic(cell_of):
    return lambda x: tf.nn.dynamic_rnn(cell_of(), x, sequence_length=LENGTHS, dtype=tf.float32)


def bidirectional(lengths, time_major=False):
    def build(x):
        x = tf.transpose(x, [1, 0, 2]) if time_major else x
        return tf.nn.bidirectional_dynamic_rnn(
            rnn.GRUCell(2), rnn.BasicLSTMCell(3), x, sequence_length=lengths, dtype=tf.float32, time_major=time_major
        )

    return build


def static_bidirectional(lengths):
    def build(x):
        outputs, fw, bw = tf.nn.static_bidirectional_rnn(
            rnn.GRUCell(2), rnn.BasicLSTMCell(3), tf.unstack(x, axis=1), sequence_length=lengths, dtype=tf.float32
        )
        return outputs, (fw, bw)

    return build


def stacked(x):
    with tf.variable_scope("stack_bidirectional_rnn"):
        fws, bws = [], []
        for i, units in enumerate([2, 3]):
            with tf.variable_scope(f"cell_{i}"):
                ys, (fw, bw) = tf.nn.bidirectional_dynamic_rnn(
                    rnn.BasicRNNCell(units), rnn.GRUCell(units), x, sequence_length=LENGTHS, dtype=tf.float32
                )
                x = tf.concat(ys, 2)
                fws.append(fw)
                bws.append(bw)
    return x, (fws, bws)


def raw(x):
    """Feeds the cell its own output besides the input, counts steps in the loop state, and collects twice the output."""
    cell = rnn.GRUCell(DEPTH)
    rows = tf.transpose(x, [1, 0, 2])

    def loop_fn(time, output, state, loop_state):
        finished = time >= LENGTHS
        inputs = tf.cond(tf.reduce_all(finished), lambda: tf.zeros([BATCH, DEPTH]), lambda: rows[tf.minimum(time, STEPS - 1)])
        if output is None:
            return finished, inputs, cell.zero_state(BATCH, tf.float32), tf.zeros([DEPTH]), tf.constant(0.0)
        return finished, inputs + 0.5 * output, state, 2 * output, loop_state + tf.reduce_sum(output)

    emitted, state, loop_state = tf.nn.raw_rnn(cell, loop_fn)
    return emitted.stack(), (state, loop_state)


golden_file.write(
    "drivers",
    {
        "tensorflow": tf.__version__,
        "X": linspace(-1, 1, [BATCH, STEPS, DEPTH]),
        "sequenceLength": LENGTHS,
        "drivers": {
            "bidirectionalDynamicRnn": case(bidirectional(None)),
            "bidirectionalDynamicRnn with lengths": case(bidirectional(LENGTHS)),
            "bidirectionalDynamicRnn time major": case(bidirectional(LENGTHS, True)),
            "staticBidirectionalRnn": case(static_bidirectional(None)),
            "staticBidirectionalRnn with lengths": case(static_bidirectional(LENGTHS)),
            "stackBidirectionalDynamicRnn": case(stacked),
            "rawRnn": case(raw),
        },
        "wrappers": {
            "ResidualWrapper": case(dynamic(lambda: rnn.ResidualWrapper(rnn.GRUCell(2)))),
            "ResidualWrapper residualFn": case(
                dynamic(lambda: rnn.ResidualWrapper(rnn.BasicLSTMCell(2), residual_fn=lambda i, o: i * o + 0.5 * i))
            ),
            "DeviceWrapper": case(dynamic(lambda: rnn.DeviceWrapper(rnn.BasicLSTMCell(2), "/cpu:0"))),
            "InputProjectionWrapper": case(dynamic(lambda: InputProjectionWrapper(rnn.GRUCell(2), 3))),
            "HighwayWrapper": case(dynamic(lambda: HighwayWrapper(rnn.GRUCell(2), True, 1.0))),
            "HighwayWrapper not coupled": case(dynamic(lambda: HighwayWrapper(rnn.GRUCell(2), False, 0.5))),
            "AttentionCellWrapper": case(dynamic(lambda: AttentionCellWrapper(rnn.BasicLSTMCell(3), 2, 3, 3))),
            "AttentionCellWrapper sizes": case(dynamic(lambda: AttentionCellWrapper(rnn.GRUCell(2), 3, 4, 5))),
        },
    },
    depth=3,
)
