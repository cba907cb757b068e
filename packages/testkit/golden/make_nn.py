"""Makes nn.json: what TensorFlow's nn functions give, and the gradients of sum(result * weights), for calls written as Tensorloom writes them."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow.compat.v1 as tf

import golden_file

tf.disable_eager_execution()
rng = np.random.RandomState(7)
cases = []


def floats(*shape, low=-2.0, high=2.0):
    return np.round(rng.uniform(low, high, shape), 3).astype(np.float32)


def ints(*shape, low=-5, high=6):
    return rng.randint(low, high, shape).astype(np.int32)


def described(value):
    value = np.asarray(value)
    special = {np.inf: "Infinity", -np.inf: "-Infinity"}
    data = [
        "NaN" if isinstance(v, float) and np.isnan(v) else special.get(v, v) if isinstance(v, float) else v
        for v in value.ravel().tolist()
    ]
    if value.dtype == np.float32:
        data = [v if isinstance(v, str) else np.float32(v) for v in data]
    return {"dtype": str(value.dtype), "shape": list(value.shape), "data": data}


def case(name, compute, *tensors, args=(), options=None, keys=None, gradients=True):
    """`name(...tensors, ...args, options)` on our side is `compute(*tensors)` on TensorFlow's; with `keys` the tensors are options of these names."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(42)
        inputs = [tf.constant(t) for t in tensors]
        results = compute(*inputs)
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        entry = {
            "op": name,
            "inputs": [described(t) for t in tensors],
            "args": list(args),
            "options": options or {},
            "keys": keys,
            "results": [described(r) for r in session.run(results)],
        }
        first = results[0]
        wrt = [x for x in inputs if x.dtype == tf.float32]
        if gradients and first.dtype == tf.float32 and wrt:
            size = int(np.prod(session.run(tf.shape(first)), dtype=np.int64))
            weights = np.cos(np.arange(size)).astype(np.float32).reshape(session.run(tf.shape(first)))
            found = tf.gradients(first, wrt, grad_ys=[tf.constant(weights)])
            entry["gradients"] = [
                None if g is None else described(session.run(tf.convert_to_tensor(g))) for g in found
            ]
        cases.append(entry)


SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 100.0, -100.0, 0.5], np.float32)
for name, f in {
    "relu6": tf.nn.relu6, "elu": tf.nn.elu, "selu": tf.nn.selu, "leakyRelu": tf.nn.leaky_relu, "softplus": tf.nn.softplus,
    "softsign": tf.nn.softsign, "sigmoid": tf.nn.sigmoid, "tanh": tf.nn.tanh, "relu": tf.nn.relu,
}.items():
    case(name, f, floats(3, 4, low=-8, high=8))
    case(name, f, np.array([100.0, -100.0, 30.0], np.float32))
    case(name, f, SPECIAL, gradients=False)
case("leakyRelu", lambda x: tf.nn.leaky_relu(x, 0.5), floats(4), options={"alpha": 0.5})
for name, f in {"softmax": tf.nn.softmax, "logSoftmax": tf.nn.log_softmax}.items():
    case(name, f, floats(3, 4))
    case(name, f, floats(5))
    case(name, lambda x: f(x, axis=1), floats(2, 3, 2), options={"axis": 1})
    case(name, f, np.array([[1000.0, 0.0, -1000.0], [-np.inf, 0.0, 1.0]], np.float32), gradients=False)

labels = np.array([[0.2, 0.3, 0.5], [1, 0, 0], [0, 0.25, 0.75], [0, 1, 0]], np.float32)
large = np.array([[100, -100, 0], [-100, 100, 50], [0, 0, 0], [88, 89, 90]], np.float32)
for logits in (floats(4, 3), large):
    case("softmaxCrossEntropyWithLogits", lambda z, x: tf.nn.softmax_cross_entropy_with_logits(labels=tf.stop_gradient(z), logits=x), labels, logits, keys=["labels", "logits"])
    case("sparseSoftmaxCrossEntropyWithLogits", lambda z, x: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=z, logits=x), np.array([0, 2, 1, 2], np.int32), logits, keys=["labels", "logits"])
    case("sigmoidCrossEntropyWithLogits", lambda z, x: tf.nn.sigmoid_cross_entropy_with_logits(labels=z, logits=x), labels, logits, keys=["labels", "logits"])
    case("weightedCrossEntropyWithLogits", lambda z, x: tf.nn.weighted_cross_entropy_with_logits(labels=z, logits=x, pos_weight=2.5), labels, np.where(logits == 0, np.float32(0.25), logits), keys=["labels", "logits"], options={"posWeight": 2.5})  # at 0 TensorFlow's gradient is that of a kink
case("sparseSoftmaxCrossEntropyWithLogits", lambda z, x: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=z, logits=x), np.array([[0, 2], [1, 1]], np.int32), floats(2, 2, 3), keys=["labels", "logits"])
case("softmaxCrossEntropyWithLogits", lambda z, x: tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.stop_gradient(z), logits=x, axis=0), labels.T.copy(), floats(3, 4), keys=["labels", "logits"], options={"axis": 0})
case("l2Loss", tf.nn.l2_loss, floats(2, 3))
case("l2Normalize", lambda x: tf.nn.l2_normalize(x, 1), floats(2, 3), args=[1])
case("l2Normalize", lambda x: tf.nn.l2_normalize(x, [0, 1], epsilon=100.0), floats(2, 3), args=[[0, 1]], options={"epsilon": 100})
case("l2Normalize", lambda x: tf.nn.l2_normalize(x, 0), np.zeros(3, np.float32), args=[0])
case("moments", lambda x: tf.nn.moments(x, [0, 2]), floats(3, 2, 4), args=[[0, 2]])
case("moments", lambda x: tf.nn.moments(x, [1], keep_dims=True), floats(3, 2), args=[[1]], options={"keepDims": True})
case("batchNormalization", lambda x, m, v, o, s: tf.nn.batch_normalization(x, m, v, o, s, 0.001), floats(4, 3), floats(3), floats(3, low=0.1), floats(3), floats(3), args=[0.001])
case("embeddingLookup", tf.nn.embedding_lookup, floats(5, 3), np.array([[4, 0], [1, 4]], np.int32))
case("embeddingLookup", lambda t, i: tf.nn.embedding_lookup(t, i, max_norm=1.0), floats(5, 3), np.array([4, 0, 1], np.int32), options={"maxNorm": 1})
for padding in ("SAME", "VALID"):
    for size, stride, channels, outputs in [(1, 1, 2, 3), (2, 1, 1, 2), (3, 2, 2, 2), (3, 1, 1, 1)]:
        case("conv2d", lambda x, k: tf.nn.conv2d(x, k, [1, stride, stride, 1], padding), floats(2, 5, 4, channels), floats(size, size, channels, outputs), args=[[1, stride, stride, 1], padding])
        case("conv1d", lambda x, k: tf.nn.conv1d(x, k, stride, padding), floats(2, 6, channels), floats(size, channels, outputs), args=[stride, padding])
    case("conv2d", lambda x, k: tf.nn.conv2d(x, k, [1, 1, 1, 1], padding, dilations=[1, 2, 1, 1]), floats(1, 6, 4, 1), floats(2, 2, 1, 1), args=[1, padding], options={"dilations": [2, 1]}, gradients=False)
    for size, stride in [(2, 2), (3, 1), (2, 1), (3, 2)]:
        case("maxPool", lambda x: tf.nn.max_pool(x, [1, size, size, 1], [1, stride, stride, 1], padding), floats(2, 5, 4, 2), args=[[1, size, size, 1], [1, stride, stride, 1], padding])
        case("avgPool", lambda x: tf.nn.avg_pool(x, [1, size, size, 1], [1, stride, stride, 1], padding), floats(2, 5, 4, 2), args=[size, stride, padding])
case("maxPool", lambda x: tf.nn.max_pool(x, 2, 1, "VALID"), np.ones((1, 3, 3, 1), np.float32), args=[2, 1, "VALID"])
case("inTopK", lambda p, t: tf.nn.in_top_k(p, t, 2), np.array([[1, 2, 3, 4], [4, 4, 4, 1], [np.inf, 0, 1, 2]], np.float32), np.array([2, 2, 1], np.int32), args=[2])

for shape in [(3,), (2, 2, 3)]:
    whole = np.eye(3, dtype=np.int32)[rng.randint(0, 3, shape[:-1])].reshape(shape)
    logits = floats(*shape, low=-9, high=9)
    case("softmaxCrossEntropyWithLogits", lambda z, x: tf.nn.softmax_cross_entropy_with_logits(labels=z, logits=x), whole, logits, keys=["labels", "logits"])
    case("sparseSoftmaxCrossEntropyWithLogits", lambda z, x: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=z, logits=x), whole.argmax(-1).astype(np.int32), logits, keys=["labels", "logits"])
for shape in [(), (4,), (2, 1, 3)]:
    inputs = [floats(*shape, low=0, high=1), floats(*shape, low=-30, high=30)]
    case("sigmoidCrossEntropyWithLogits", lambda z, x: tf.nn.sigmoid_cross_entropy_with_logits(labels=z, logits=x), *inputs, keys=["labels", "logits"])
    case("weightedCrossEntropyWithLogits", lambda z, x: tf.nn.weighted_cross_entropy_with_logits(labels=z, logits=x, pos_weight=0.3), *inputs, keys=["targets", "logits"], options={"posWeight": 0.3})
case("weightedCrossEntropyWithLogits", lambda z, x, w: tf.nn.weighted_cross_entropy_with_logits(labels=z, logits=x, pos_weight=w), labels, floats(4, 3, low=-5, high=5), floats(3, low=0.5, high=3), keys=["labels", "logits", "posWeight"])


def layer_norm(x, axes):
    """tf.contrib.layers.layer_norm as it starts: beta 0, gamma 1."""
    mean, variance = tf.nn.moments(x, axes, keep_dims=True)
    return tf.nn.batch_normalization(x, mean, variance, tf.zeros(x.shape[-1:]), tf.ones(x.shape[-1:]), 1e-12)


case("layerNorm", lambda x: layer_norm(x, [1]), floats(3, 4))
case("layerNorm", lambda x: layer_norm(x, [1, 2]), floats(2, 3, 4))
case("layerNorm", lambda x: layer_norm(x, [2]), floats(2, 3, 4), options={"beginNormAxis": 2})
case("batchNormalization", lambda x, m, v: tf.nn.batch_normalization(x, m, v, None, None, 0.5), floats(4, 3), floats(4, 1), floats(4, 1, low=0.1), args=[None, None, 0.5])
for keep in (0.1, 0.34, 0.6, 0.9):
    case("dropout", lambda x: tf.nn.dropout(x, keep_prob=keep, seed=20), floats(5, 4), options={"keepProb": keep, "seed": 20})
case("dropout", lambda x: tf.nn.dropout(x, rate=0.4, noise_shape=[None, 1], seed=20), floats(9, 3), options={"rate": 0.4, "noiseShape": [None, 1], "seed": 20})
for padding in ("SAME", "VALID"):
    case("conv1d", lambda x, k: tf.nn.conv1d(x, k, 1, padding, dilations=2), floats(1, 7, 2), floats(3, 2, 2), args=[1, padding], options={"dilations": 2}, gradients=False)
    case("conv2d", lambda x, k: tf.nn.conv2d(x, k, [1, 3, 2, 1], padding), floats(1, 7, 5, 2), floats(2, 3, 2, 1), args=[[3, 2], padding])
    case("maxPool", lambda x: tf.nn.max_pool(x, [1, 2, 3, 1], [1, 3, 2, 1], padding), floats(1, 7, 5, 2), args=[[2, 3], [3, 2], padding])
    case("avgPool", lambda x: tf.nn.avg_pool(x, [1, 2, 3, 1], [1, 3, 2, 1], padding), floats(1, 7, 5, 2), args=[[2, 3], [3, 2], padding])
    case("avgPool", lambda x: tf.nn.avg_pool1d(x, 3, 2, padding), floats(2, 6, 2), args=[3, 2, padding])
    case("maxPool", lambda x: tf.nn.max_pool3d(x, 2, 2, padding), floats(1, 3, 2, 3, 1), args=[2, 2, padding])
for padding in ("SAME", "VALID"):
    case("conv3d", lambda x, k: tf.nn.conv3d(x, k, [1, 2, 1, 2, 1], padding), floats(2, 3, 4, 3, 2), floats(2, 3, 2, 2, 2), args=[[1, 2, 1, 2, 1], padding])
    case("conv3d", lambda x, k: tf.nn.conv3d(x, k, [1, 1, 1, 1, 1], padding), floats(1, 3, 3, 2, 1), floats(2, 2, 2, 1, 1), args=[1, padding])

golden_file.write("nn", {"tensorflow": tf.__version__, "cases": cases}, 2)
