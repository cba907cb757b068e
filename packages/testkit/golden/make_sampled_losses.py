"""Makes sampled-losses.json: candidate samplers with seeds, two executions each, and losses on sampled classes with their gradients."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()

SAMPLERS = {
    "logUniform": tf.random.log_uniform_candidate_sampler,
    "uniform": tf.random.uniform_candidate_sampler,
}
TRUE = np.array([[3], [0], [7]])


def linspace(low, high, shape):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape).astype(np.float32)


def samples(name, unique, count, below, seed):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        drawn = SAMPLERS[name](tf.constant(TRUE % below, tf.int64), 1, count, unique, below, seed=seed)
        return {
            "sampler": name,
            "unique": unique,
            "numSampled": count,
            "rangeMax": below,
            "seed": seed,
            "trueClasses": TRUE % below,
            "executions": [list(session.run(drawn)) for _ in range(2)],
        }


CLASSES, DIM = 9, 3
WEIGHTS, BIASES = linspace(-1, 1.5, [CLASSES, DIM]), linspace(0.5, -0.3, [CLASSES])
INPUTS = linspace(-0.7, 0.9, [2, DIM])


def loss(function, labels, seed=None, **options):
    """With candidates that are given, one of them a true class (TensorFlow finds only one hit of equal candidates); or, with a seed, drawn."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        sampled = ([5, 2, 7, 4], linspace(0.3, 0.9, np.shape(labels)), linspace(0.2, 0.8, [4]))
        weights, biases, inputs = map(tf.constant, (WEIGHTS, BIASES, INPUTS))
        given = {"sampled_values": (tf.constant(sampled[0], tf.int64), *map(tf.constant, sampled[1:]))} if seed is None else {}
        if seed is not None:
            # nce_loss takes no seed: it draws like this.
            given["sampled_values"] = tf.random.log_uniform_candidate_sampler(
                tf.constant(labels, tf.int64), np.shape(labels)[1], 4, True, CLASSES, seed=seed
            )
        losses = function(
            weights, biases, tf.constant(labels, tf.int64), inputs, 4, CLASSES, num_true=np.shape(labels)[1], **given, **options
        )
        found = [tf.convert_to_tensor(g) for g in tf.gradients(losses, [weights, biases, inputs])]
        results = session.run({"losses": losses, "gradients": found})
        return {
            "labels": labels,
            "seed": seed,
            "sampledValues": sampled if seed is None else None,
            "removeAccidentalHits": options.get("remove_accidental_hits"),
            **results,
        }


one, two = [[2], [8]], [[2, 5], [8, 0]]
golden_file.write(
    "sampled-losses",
    {
        "tensorflow": tf.__version__,
        "samples": [
            samples("logUniform", True, 5, 10, 7),
            samples("logUniform", False, 6, 10, 7),
            samples("logUniform", True, 40, 50, 3),
            samples("uniform", True, 5, 10, 7),
            samples("uniform", False, 5, 8, 7),
            samples("uniform", True, 12, 12, 1),
        ],
        "weights": WEIGHTS,
        "biases": BIASES,
        "inputs": INPUTS,
        "nceLoss": [
            loss(tf.nn.nce_loss, one),
            loss(tf.nn.nce_loss, two),
            loss(tf.nn.nce_loss, one, remove_accidental_hits=True),
            loss(tf.nn.nce_loss, two, seed=5),
        ],
        "sampledSoftmaxLoss": [
            loss(tf.nn.sampled_softmax_loss, one),
            loss(tf.nn.sampled_softmax_loss, two),
            loss(tf.nn.sampled_softmax_loss, one, remove_accidental_hits=False),
        ],
    },
    depth=2,
)
