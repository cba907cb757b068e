"""Makes sparse-optimizers.json: four steps of every optimizer on a table of which two lookups read some rows, one of them twice."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()

STEPS = 4
TABLE = np.linspace(-0.9, 1.1, 18).round(3).reshape(6, 3)
FIRST, SECOND = [1, 4, 1], [4, 0]

CASES = {
    "gradientDescent": (tf.train.GradientDescentOptimizer, {"learning_rate": 0.1}),
    "momentum": (tf.train.MomentumOptimizer, {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": (tf.train.MomentumOptimizer, {"learning_rate": 0.05, "momentum": 0.9, "use_nesterov": True}),
    "adagrad": (tf.train.AdagradOptimizer, {"learning_rate": 0.1}),
    "rmsProp": (tf.train.RMSPropOptimizer, {"learning_rate": 0.01, "momentum": 0.5}),
    "centeredRmsProp": (tf.train.RMSPropOptimizer, {"learning_rate": 0.01, "centered": True}),
    "adadelta": (tf.train.AdadeltaOptimizer, {"learning_rate": 0.5}),
    "ftrl": (tf.train.FtrlOptimizer, {"learning_rate": 0.1, "l1_regularization_strength": 0.01}),
    "adam": (tf.train.AdamOptimizer, {"learning_rate": 0.1}),
}


def case(optimizer_of, options):
    with tf.Graph().as_default(), tf.Session() as session:
        # float64 needs options in float64: as numbers they would be rounded to float32.
        exact = {k: tf.constant(v, tf.float64) if k in ("learning_rate", "momentum") else v for k, v in options.items()}
        # A ref variable, as in TensorFlow 1.
        table = tf.Variable(TABLE, name="table", use_resource=False)
        first, second = tf.gather(table, FIRST), tf.gather(table, SECOND)
        loss = tf.reduce_sum(tf.square(tf.tanh(first) - 0.25)) + tf.reduce_sum(tf.sin(second) * [1.0, -2.0, 3.0])
        optimizer = optimizer_of(**exact)
        step = optimizer.minimize(loss)
        session.run(tf.global_variables_initializer())
        steps = []
        for _ in range(STEPS):
            session.run(step)
            steps.append(session.run(table))
        slots = {name: session.run(optimizer.get_slot(table, name)) for name in optimizer.get_slot_names()}
        return {"steps": steps, "slots": slots}


golden_file.write(
    "sparse-optimizers",
    {
        "tensorflow": tf.__version__,
        "table": TABLE,
        "first": FIRST,
        "second": SECOND,
        "cases": {name: case(optimizer_of, options) for name, (optimizer_of, options) in CASES.items()},
    },
    depth=3,
)
