"""TensorFlow's session running a counter plus a scalar add; arguments: trips, 'v1' or 'v2' control flow."""

import os
import sys

os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3'

import tensorflow.compat.v1 as tf  # noqa: E402
from serve import serve  # noqa: E402

trips, control_flow = int(sys.argv[1]), sys.argv[2]
tf.disable_eager_execution()
(tf.enable_control_flow_v2 if control_flow == 'v2' else tf.disable_control_flow_v2)()
config = tf.ConfigProto(intra_op_parallelism_threads=2, inter_op_parallelism_threads=2)
session = tf.Session(config=config)
_, x = tf.while_loop(lambda i, x: i < trips, lambda i, x: (i + 1, x + 1.0), [tf.constant(0), tf.constant(0.0)])
assert session.run(x) == trips
serve({'tensorflow': tf.__version__}, lambda: session.run(x))
