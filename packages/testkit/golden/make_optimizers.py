"""Makes optimizers.json: five steps of every optimizer, learning rate schedules over steps, and clipping.

Two optimizers are of tf.contrib, which TensorFlow 2 does not have. AdamW is put together here from its definition: it decays
the variables by `v -= weight_decay * v` once the gradients are known, then applies Adam. Lazy Adam is Adam for dense gradients.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()

STEPS = 5
DTYPES = ("float32", "float64")
# Options that may be tensors.
EXACT = ("learning_rate", "momentum", "decay", "rho", "beta1", "beta2", "epsilon")


def linspace(low, high, shape):
    # Few digits, so that both dtypes start from the same decimals.
    return np.linspace(low, high, int(np.prod(shape))).round(3).reshape(shape)


# Residuals and gradients far from 0: where terms cancel, float32 leaves fewer digits to compare.
X, TARGETS = linspace(-1.0, 1.5, [4, 3]), linspace(-0.5, -0.9, [4, 2])
START = {"W": linspace(-0.7, 0.9, [3, 2]), "b": np.array([0.4, 0.5])}


def camel_case(options):
    """Options under the names that Tensorloom gives them."""
    words = {key: key.split("_") for key in options}
    return {words[key][0] + "".join(w.capitalize() for w in words[key][1:]): value for key, value in options.items()}


def minimized(optimizer, loss, decay=None, decaying=None):
    """The training op; with a decay, the variables (or those named `decaying`) lose that part of themselves first."""
    if decay is None:
        return optimizer.minimize(loss)
    pairs = optimizer.compute_gradients(loss)
    with tf.control_dependencies([gradient for gradient, _ in pairs]):
        decayed = [v for _, v in pairs if decaying is None or v.op.name in decaying]
        decays = [tf.assign_sub(v, tf.constant(decay, v.dtype.base_dtype) * v) for v in decayed]
    with tf.control_dependencies(decays):
        return optimizer.apply_gradients(pairs)


def case(optimizer_of, options, dtype, decay=None, decaying=None):
    """Five steps on the loss sum((tanh(X W + b) - TARGETS)^2), and what accompanies the variables after them."""
    with tf.Graph().as_default(), tf.Session() as session:
        # Ordinary ref variables, as in TensorFlow 1.
        variables = [tf.Variable(value.astype(dtype), name=name, use_resource=False) for name, value in START.items()]
        W, b = variables
        outputs = tf.tanh(tf.matmul(tf.constant(X.astype(dtype)), W) + b)
        loss = tf.reduce_sum((outputs - TARGETS.astype(dtype)) ** 2)
        # As numbers they would be rounded to float32, whatever the variables' dtype.
        exact = {key: tf.constant(value, dtype) for key, value in options.items() if key in EXACT}
        optimizer = optimizer_of(**{**options, **exact})
        step = minimized(optimizer, loss, decay, decaying)
        session.run(tf.global_variables_initializer())
        steps = []
        for _ in range(STEPS):
            session.run(step)
            steps.append(dict(zip(START, session.run(variables))))
        slots = optimizer.get_slot_names()
        return {
            "options": camel_case(options),
            "weightDecay": decay,
            "dtype": dtype,
            "steps": steps,
            "slotNames": slots,
            "slots": {
                v.op.name: {slot: session.run(optimizer.get_slot(v, slot)) for slot in slots} for v in variables
            },
            "variables": [v.op.name for v in tf.global_variables()],
        }


def quadratic(optimizer):
    """Three steps on x0^2 + 2 x1^2 + 0.5 x2^2."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.Variable([1.0, -2.0, 3.0])
        step = optimizer().minimize(tf.reduce_sum(tf.constant([1.0, 2.0, 0.5]) * x**2))
        session.run(tf.global_variables_initializer())
        for _ in range(3):
            session.run(step)
        return session.run(x)


def schedule(function, args, options={}, steps=range(0, 40, 3), rate=0.1):
    """The rates that a schedule gives at some steps."""
    with tf.Graph().as_default(), tf.Session() as session:
        step = tf.placeholder(tf.int32, [])
        decayed = function(rate, step, *args, **options)
        return {
            "learningRate": rate,
            "args": args,
            "options": camel_case(options),
            "steps": list(steps),
            "rates": [session.run(decayed, {step: s}) for s in steps],
        }


def piecewise():
    with tf.Graph().as_default(), tf.Session() as session:
        boundaries, values, steps = [3, 7, 8], [1.0, 0.5, 0.25, 0.125], list(range(12))
        step = tf.placeholder(tf.int32, [])
        rate = tf.train.piecewise_constant(step, boundaries, values)
        return {
            "boundaries": boundaries,
            "values": values,
            "steps": steps,
            "rates": [session.run(rate, {step: s}) for s in steps],
        }


MATRIX, WEIGHTS, VECTOR = linspace(-2.0, 3.0, [3, 4]), linspace(1.0, 0.1, [4, 3]).T, np.array([0.5, -1.5, 4.0])


def clipping():
    with tf.Graph().as_default(), tf.Session() as session:
        m, v = tf.constant(MATRIX, tf.float32), tf.constant(VECTOR, tf.float32)

        by_norm = []
        for axes in (None, [0], [1], [-1], [0, 1]):
            for limit in (0.5, 2.5, 100.0):
                clipped = tf.clip_by_norm(m, limit, axes)
                values, slope = session.run([clipped, tf.gradients(clipped, m, tf.constant(WEIGHTS, tf.float32))[0]])
                by_norm.append({"axes": axes, "clipNorm": limit, "clipped": values, "gradient": slope})
        by_average = []
        for limit in (0.1, 100.0):
            by_average.append({"clipNorm": limit, "clipped": session.run(tf.clip_by_average_norm(m, limit))})
        by_global = []
        for limit, use in ((1.0, None), (100.0, None), (2.0, 8.0)):
            clipped, norm = tf.clip_by_global_norm([m, None, v], limit, use if use is None else tf.constant(use))
            a, _, c = clipped
            by_global.append(
                {"clipNorm": limit, "useNorm": use, "clipped": session.run([a, c]), "globalNorm": session.run(norm)}
            )
        return {
            "matrix": MATRIX,
            "weights": WEIGHTS,
            "vector": VECTOR,
            "clipByNorm": by_norm,
            "clipByAverageNorm": by_average,
            "clipByGlobalNorm": by_global,
            "globalNorm": session.run(tf.global_norm([m, None, v])),
        }


train = tf.train
ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}
OPTIMIZERS = {
    "gradientDescent": (train.GradientDescentOptimizer, {"learning_rate": 0.05}),
    "momentum": (train.MomentumOptimizer, {"learning_rate": 0.05, "momentum": 0.9}),
    "nesterov": (train.MomentumOptimizer, {"learning_rate": 0.05, "momentum": 0.9, "use_nesterov": True}),
    "adagrad": (train.AdagradOptimizer, {"learning_rate": 0.3}),
    "adagradFromOne": (train.AdagradOptimizer, {"learning_rate": 0.3, "initial_accumulator_value": 1.0}),
    "rmsProp": (train.RMSPropOptimizer, {"learning_rate": 0.05, "decay": 0.9, "momentum": 0.0, "epsilon": 1e-10}),
    "rmsPropMomentum": (
        train.RMSPropOptimizer,
        {"learning_rate": 0.05, "decay": 0.8, "momentum": 0.7, "epsilon": 1e-3},
    ),
    "rmsPropCentered": (
        train.RMSPropOptimizer,
        {"learning_rate": 0.05, "decay": 0.9, "momentum": 0.5, "epsilon": 1e-10, "centered": True},
    ),
    "adadelta": (train.AdadeltaOptimizer, {"learning_rate": 0.001, "rho": 0.95, "epsilon": 1e-8}),
    "adadeltaOfPaper": (train.AdadeltaOptimizer, {"learning_rate": 1.0, "rho": 0.9, "epsilon": 1e-6}),
    "ftrl": (train.FtrlOptimizer, {"learning_rate": 0.2}),
    "ftrlRegularized": (
        train.FtrlOptimizer,
        {
            "learning_rate": 0.2,
            "learning_rate_power": -0.7,
            "initial_accumulator_value": 0.3,
            "l1_regularization_strength": 0.4,
            "l2_regularization_strength": 0.05,
            "l2_shrinkage_regularization_strength": 0.02,
        },
    ),
    "adam": (train.AdamOptimizer, {**ADAM, "learning_rate": 0.001}),
    "adamOptions": (train.AdamOptimizer, {"learning_rate": 0.1, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}),
    "adamW": (train.AdamOptimizer, {**ADAM, "learning_rate": 0.1, "name": "AdamW"}, 0.02),
    "adamWOfKernel": (train.AdamOptimizer, {**ADAM, "learning_rate": 0.1, "name": "AdamW"}, 0.02, ["W"]),
}

SCHEDULES = {
    "exponentialDecay": [
        schedule(train.exponential_decay, [10, 0.7]),
        schedule(train.exponential_decay, [10, 0.7], {"staircase": True}),
    ],
    "naturalExpDecay": [
        schedule(train.natural_exp_decay, [10, 0.7]),
        schedule(train.natural_exp_decay, [10, 0.7], {"staircase": True}),
    ],
    "inverseTimeDecay": [
        schedule(train.inverse_time_decay, [10, 0.7]),
        schedule(train.inverse_time_decay, [10, 0.7], {"staircase": True}),
    ],
    "polynomialDecay": [
        schedule(train.polynomial_decay, [10]),
        schedule(train.polynomial_decay, [10], {"end_learning_rate": 0.02, "power": 0.5}),
        schedule(train.polynomial_decay, [10], {"end_learning_rate": 0.02, "power": 2.0, "cycle": True}, range(25)),
    ],
    "cosineDecay": [
        schedule(train.cosine_decay, [25]),
        schedule(train.cosine_decay, [25], {"alpha": 0.1}),
    ],
    "cosineDecayRestarts": [
        schedule(train.cosine_decay_restarts, [5], {}, range(40)),
        schedule(train.cosine_decay_restarts, [5], {"t_mul": 1.0, "m_mul": 0.8, "alpha": 0.1}, range(20)),
        schedule(train.cosine_decay_restarts, [5], {"t_mul": 1.5, "m_mul": 0.9}, range(40)),
    ],
    "linearCosineDecay": [
        schedule(train.linear_cosine_decay, [25]),
        schedule(train.linear_cosine_decay, [25], {"num_periods": 2.0, "alpha": 0.1, "beta": 0.01}),
    ],
}

golden_file.write(
    "optimizers",
    {
        "tensorflow": tf.__version__,
        "X": X,
        "targets": TARGETS,
        "start": START,
        "cases": {
            key: {dtype: case(*arguments[:2], dtype, *arguments[2:]) for dtype in DTYPES}
            for key, arguments in OPTIMIZERS.items()
        },
        "quadratic": {
            "adam": quadratic(lambda: train.AdamOptimizer(0.1)),
            "momentum": quadratic(lambda: train.MomentumOptimizer(0.02, 0.95)),
            "nesterov": quadratic(lambda: train.MomentumOptimizer(0.02, 0.95, use_nesterov=True)),
        },
        "schedules": SCHEDULES,
        "piecewiseConstant": piecewise(),
        "clipping": clipping(),
    },
    depth=4,
)
