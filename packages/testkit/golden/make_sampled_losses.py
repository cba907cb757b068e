"""Makes sampled-losses.json: candidate samplers with seeds, several executions each, accidental hits, and losses on sampled classes with their gradients."""

import os
import re

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


def camel_case(options):
    """Python's option names as Tensorloom's."""
    return {re.sub("_(.)", lambda m: m[1].upper(), key): value for key, value in options.items()}


def fixed_unigram(unigrams, count, unique, seed, true=TRUE, **options):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        mine = len(range(options.get("shard", 0), options.get("num_reserved_ids", 0), options.get("num_shards", 1)))
        below = mine + sum((mine + i) % options.get("num_shards", 1) == options.get("shard", 0) for i in range(len(unigrams)))
        classes = np.array(true) % below
        drawn = tf.random.fixed_unigram_candidate_sampler(
            tf.constant(classes, tf.int64), np.shape(classes)[1], count, unique, below, unigrams=unigrams, seed=seed, **options
        )
        return {
            "unigrams": unigrams,
            "options": camel_case(options),
            "unique": unique,
            "numSampled": count,
            "rangeMax": below,
            "seed": seed,
            "trueClasses": classes,
            "executions": [list(session.run(drawn)) for _ in range(2)],
        }


def learned_unigram(unique, count, below, seed, batches):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        classes = tf.placeholder(tf.int64, [None, np.shape(batches[0])[1]])
        drawn = tf.random.learned_unigram_candidate_sampler(classes, np.shape(batches[0])[1], count, unique, below, seed=seed)
        return {
            "unique": unique,
            "numSampled": count,
            "rangeMax": below,
            "seed": seed,
            "batches": batches,
            "executions": [list(session.run(drawn, {classes: batch})) for batch in batches],
        }


def accidental_hits(true, sampled):
    with tf.Graph().as_default(), tf.Session() as session:
        hits = tf.nn.compute_accidental_hits(tf.constant(true, tf.int64), tf.constant(sampled, tf.int64), len(true[0]))
        return {"trueClasses": true, "sampled": sampled, "hits": list(session.run(hits))}


CLASSES, DIM = 9, 3
WEIGHTS, BIASES = linspace(-1, 1.5, [CLASSES, DIM]), linspace(0.5, -0.3, [CLASSES])
INPUTS = linspace(-0.7, 0.9, [2, DIM])


UNIGRAMS = [5.0, 1.0, 0.5, 3.0, 2.0, 2.0, 0.25, 4.0, 1.5]


def unigram_loss(function, labels):
    """With candidates by their frequencies."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        classes = tf.constant(labels, tf.int64)
        num_true = np.shape(labels)[1]
        sampled = tf.random.fixed_unigram_candidate_sampler(
            classes, num_true, 4, True, CLASSES, unigrams=UNIGRAMS, distortion=0.75, seed=7
        )
        weights, biases, inputs = map(tf.constant, (WEIGHTS, BIASES, INPUTS))
        losses = function(weights, biases, classes, inputs, 4, CLASSES, num_true=num_true, sampled_values=sampled)
        return {"labels": labels, "unigrams": UNIGRAMS, "distortion": 0.75, "seed": 7, "losses": session.run(losses)}


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
        "fixedUnigram": [
            fixed_unigram([1.0, 2.0, 3.0, 4.0], 6, False, 7),
            fixed_unigram([1.0, 2.0, 3.0, 4.0], 3, True, 7),
            fixed_unigram([5.0, 1.0, 0.5, 3.0, 2.0, 2.0, 0.25], 7, True, 3),
            fixed_unigram([0.1, 0.0, 0.7, 0.2], 8, False, 3, distortion=0.75),
            fixed_unigram([9.0, 1.0, 4.0], 8, False, 5, distortion=0.0),
            fixed_unigram([9.0, 1.0, 4.0], 3, True, 5, num_reserved_ids=2),
            fixed_unigram([1.0, 2.0, 3.0, 4.0, 5.0], 5, False, 5, num_shards=2),
            fixed_unigram([1.0, 2.0, 3.0, 4.0, 5.0], 5, False, 5, num_shards=2, shard=1),
            fixed_unigram([1.0, 2.0, 3.0, 4.0], 5, False, 5, num_reserved_ids=1, num_shards=2),
            fixed_unigram([1.0, 2.0, 3.0, 4.0], 5, False, 5, num_reserved_ids=1, num_shards=2, shard=1),
            fixed_unigram([float(1 + i % 17) for i in range(100)], 20, True, 11, [[3, 50], [0, 99]]),
        ],
        "learnedUnigram": [
            learned_unigram(False, 5, 7, 7, [[[3], [0], [3]], [[3], [6], [3]], [[3], [0], [1]], [[2], [2], [2]]]),
            learned_unigram(True, 5, 8, 3, [[[3, 1], [0, 3]], [[7, 7], [7, 7]], [[7, 1], [7, 2]], [[0, 1], [2, 3]]]),
            learned_unigram(False, 4, 1, 3, [[[0]], [[0]]]),
        ],
        "accidentalHits": [
            accidental_hits([[1, 2], [3, 4], [5, 5]], [5, 2, 9, 1]),
            accidental_hits([[1], [2], [3]], [7, 8]),
            accidental_hits([[1, 2], [2, 0]], [2, 1, 2]),
        ],
        "unigramLosses": {
            "nceLoss": unigram_loss(tf.nn.nce_loss, two),
            "sampledSoftmaxLoss": unigram_loss(tf.nn.sampled_softmax_loss, one),
        },
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
