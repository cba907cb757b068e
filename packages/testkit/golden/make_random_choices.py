"""Makes random-choices.json: consecutive runs of TensorFlow's random_shuffle and multinomial."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()
GRAPH_SEED = 42
LOGITS = [[0.0, 1.0, 2.0, -1.0], [3.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]]


def runs(fetch):
    with tf.Session() as session:
        return [session.run(fetch).tolist() for _ in range(3)]


tf.set_random_seed(GRAPH_SEED)
permutations = [
    {"size": n, "opSeed": s, "runs": runs(tf.random_shuffle(tf.range(n), seed=s))} for n, s in [(10, 7), (5, 3), (2, 1)]
]
multinomials = [
    {"logits": LOGITS[:rows], "samples": n, "opSeed": s, "runs": runs(tf.multinomial(LOGITS[:rows], n, seed=s))}
    for rows, n, s in [(3, 6, 11), (1, 3, 12)]
]
golden_file.write(
    "random-choices", {"graphSeed": GRAPH_SEED, "permutations": permutations, "multinomials": multinomials}, 2
)
