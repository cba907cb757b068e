"""Makes ops.json: what TensorFlow's ops give, and the gradients of sum(result * weights), for calls written as Tensorloom writes them."""

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


def case(name, compute, *tensors, args=(), options=None, gradients=True):
    """`name(...tensors, ...args, options)` on our side is `compute(*tensors)` on TensorFlow's."""
    with tf.Graph().as_default(), tf.Session() as session:
        inputs = [tf.constant(t) for t in tensors]
        results = compute(*inputs)
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        entry = {
            "op": name,
            "inputs": [described(t) for t in tensors],
            "args": list(args),
            "options": options or {},
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


SPECIAL = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1.5, 2.5], np.float32)

unary = {
    "neg": tf.negative, "abs": tf.abs, "sign": tf.sign, "square": tf.square, "sqrt": tf.sqrt, "rsqrt": tf.rsqrt,
    "reciprocal": tf.reciprocal, "exp": tf.exp, "expm1": tf.expm1, "log": tf.log, "log1p": tf.log1p, "sin": tf.sin,
    "cos": tf.cos, "tan": tf.tan, "asin": tf.asin, "acos": tf.acos, "atan": tf.atan, "sinh": tf.sinh, "cosh": tf.cosh,
    "tanh": tf.tanh, "sigmoid": tf.sigmoid, "erf": tf.erf, "floor": tf.floor, "ceil": tf.ceil, "round": tf.round,
    "relu": tf.nn.relu, "softplus": tf.nn.softplus, "isNan": tf.is_nan, "isInf": tf.is_inf, "isFinite": tf.is_finite,
}
positive = {"sqrt", "rsqrt", "log", "reciprocal"}
for name, f in unary.items():
    low, high = (0.1, 3) if name in positive else (-0.9, 0.9) if name in ("asin", "acos", "log1p") else (-3, 3)
    case(name, f, floats(2, 3, low=low, high=high))
    case(name, f, SPECIAL, gradients=False)
case("round", tf.round, ints(4))
case("sign", tf.sign, ints(4))
case("logicalNot", tf.logical_not, np.array([True, False]))

binary = {
    "add": tf.add, "sub": tf.subtract, "mul": tf.multiply, "div": tf.div, "floordiv": tf.floordiv, "mod": tf.mod,
    "pow": tf.pow, "maximum": tf.maximum, "minimum": tf.minimum, "squaredDifference": tf.squared_difference,
    "less": tf.less, "lessEqual": tf.less_equal, "greater": tf.greater, "greaterEqual": tf.greater_equal,
    "equal": tf.equal, "notEqual": tf.not_equal,
}
for name, f in binary.items():
    low = 0.3 if name == "pow" else -2.0
    case(name, f, floats(2, 3, low=low), floats(3, low=low))
    case(name, f, floats(2, 1, low=low), floats(1, 3, low=low))
    case(name, f, floats(0, 3), floats(3))
    case(name, f, floats(low=low), floats(2, 2, low=low))
    if name not in ("mod", "floordiv"):
        pairs = np.array([(a, b) for a in SPECIAL[:6] for b in SPECIAL[:6]], np.float32)
        case(name, f, pairs[:, 0].copy(), pairs[:, 1].copy(), gradients=False)
    divisor = np.array([2, -2, 3, -3], np.int32)
    case(name, f, ints(3, 4), np.abs(divisor) if name == "pow" else divisor)
for name, f in {"logicalAnd": tf.logical_and, "logicalOr": tf.logical_or, "logicalXor": tf.logical_xor}.items():
    case(name, f, np.array([True, True, False, False]), np.array([True, False, True, False]))

case("where", tf.where_v2, np.array([[True], [False]]), floats(2, 3), floats(3))
case("where", tf.where, np.array([True, False]), floats(2, 3), floats(2, 3))
case("clipByValue", lambda x: tf.clip_by_value(x, -1, 0.5), floats(3, 4), args=[-1, 0.5])

reductions = {
    "reduceSum": tf.reduce_sum, "reduceMean": tf.reduce_mean, "reduceMax": tf.reduce_max, "reduceMin": tf.reduce_min,
    "reduceProd": tf.reduce_prod, "reduceLogsumexp": tf.reduce_logsumexp,
}
for name, f in reductions.items():
    x = floats(2, 3, 4)
    case(name, f, x)
    case(name, lambda t: f(t, 1), x, args=[1])
    case(name, lambda t: f(t, [0, -1], keepdims=True), x, args=[[0, -1]], options={"keepdims": True})
    case(name, lambda t: f(t, 0), floats(0, 3), args=[0], gradients=False)
    case(name, f, floats())
case("reduceMax", lambda t: tf.reduce_max(t, 1), np.array([[1, 3, 3], [2, 2, 2]], np.float32), args=[1])
case("reduceProd", tf.reduce_prod, np.array([1, 0, 3], np.float32))
case("reduceLogsumexp", lambda t: tf.reduce_logsumexp(t, 1), np.array([[-np.inf, -np.inf], [np.inf, 1], [1e4, 1e4]], np.float32), args=[1], gradients=False)
for name, f in {"reduceAll": tf.reduce_all, "reduceAny": tf.reduce_any}.items():
    case(name, lambda t: f(t, 1), np.array([[True, False], [True, True], [False, False]]), args=[1])
for name, f in {"argMax": tf.argmax, "argMin": tf.argmin}.items():
    case(name, lambda t: tf.cast(f(t, 0), tf.int32), floats(3, 4))
    case(name, lambda t: tf.cast(f(t, -1), tf.int32), np.array([[1, 3, 3], [2, 2, 1]], np.int32), args=[-1])
for exclusive in (False, True):
    for reverse in (False, True):
        case("cumsum", lambda t: tf.cumsum(t, 1, exclusive=exclusive, reverse=reverse), floats(2, 4), args=[1], options={"exclusive": exclusive, "reverse": reverse})

case("matmul", tf.matmul, floats(2, 3), floats(3, 4))
case("matmul", lambda a, b: tf.matmul(a, b, transpose_a=True, transpose_b=True), floats(3, 2), floats(4, 3), options={"transposeA": True, "transposeB": True})
case("matmul", tf.matmul, floats(5, 2, 3), floats(5, 3, 2))
case("matmul", tf.matmul, floats(2, 1, 2, 3), floats(3, 3, 4))
case("matmul", lambda a, b: tf.matmul(a, b, transpose_a=True), floats(2, 3, 2), floats(3, 4), options={"transposeA": True})
case("matmul", lambda a, b: tf.matmul(a, b, transpose_b=True), floats(2, 3), floats(2, 4, 3), options={"transposeB": True})
case("matmul", lambda a, b: tf.matmul(a, b, transpose_a=True, transpose_b=True), floats(2, 3, 2), floats(2, 4, 3), options={"transposeA": True, "transposeB": True})
case("matmul", tf.matmul, floats(2, 0), floats(0, 3))
case("matmul", tf.matmul, ints(2, 3), ints(3, 2))
case("biasAdd", tf.nn.bias_add, floats(2, 3, 4), floats(4))
case("tensordot", lambda a, b: tf.tensordot(a, b, 1), floats(2, 3), floats(3, 4), args=[1])
case("tensordot", lambda a, b: tf.tensordot(a, b, 0), floats(2), floats(3), args=[0])
case("tensordot", lambda a, b: tf.tensordot(a, b, [[1, 0], [0, 2]]), floats(2, 3, 4), floats(3, 5, 2), args=[[[1, 0], [0, 2]]])
for equation, shapes in {
    "ij,jk->ik": [(2, 3), (3, 4)], "bij,bjk->bik": [(2, 3, 4), (2, 4, 5)], "ij->ji": [(2, 3)], "ij->i": [(2, 3)], "ij->": [(2, 3)],
    "i,j->ij": [(2,), (3,)], "bij,bkj->bk": [(2, 3, 4), (2, 5, 4)], "ij,ij->": [(2, 3), (2, 3)], "ij,jk,kl->il": [(2, 3), (3, 4), (4, 2)],
    "ij,jk": [(2, 3), (3, 4)], "abc,cd->abd": [(2, 3, 4), (4, 5)], "ba,ca->cb": [(2, 3), (4, 3)],
}.items():
    case(f"einsum {equation}", lambda *xs: tf.einsum(equation, *xs), *[floats(*s) for s in shapes])

x = floats(2, 3, 4)
case("transpose", tf.transpose, x)
case("transpose", lambda t: tf.transpose(t, [1, 2, 0]), x, args=[[1, 2, 0]])
case("reshape", lambda t: tf.reshape(t, [4, -1]), x, args=[[4, -1]])
case("expandDims", lambda t: tf.expand_dims(t, -2), x, args=[-2])
case("squeeze", tf.squeeze, floats(1, 3, 1))
case("reverse", lambda t: tf.reverse(t, [0, -1]), x, args=[[0, -1]])
case("pad", lambda t: tf.pad(t, [[1, 0], [0, 2]]), floats(2, 3), args=[[[1, 0], [0, 2]]])
case("slice", lambda t: tf.slice(t, [0, 1, 1], [-1, 2, 2]), x, args=[[0, 1, 1], [-1, 2, 2]])
case("tile", lambda t: tf.tile(t, [2, 1, 3]), x, args=[[2, 1, 3]])
case("tile", lambda t: tf.tile(t, [0, 2]), floats(2, 3), args=[[0, 2]])
case("broadcastTo", lambda t: tf.broadcast_to(t, [2, 3, 4]), floats(3, 1), args=[[2, 3, 4]])
case("split", lambda t: tf.split(t, [1, 2], axis=1), floats(2, 3), args=[[1, 2]], options={"axis": 1})
case("unstack", lambda t: tf.unstack(t, axis=-1), floats(2, 3), options={"axis": -1})
case("diag", tf.diag, floats(3))
case("diag", tf.diag, floats(2, 2))
case("zerosLike", tf.zeros_like, x, gradients=False)
case("onesLike", tf.ones_like, x, gradients=False)
y = floats(5, 4, 3)
for args, options in [
    (([1, 0], [4, 3], [2, 1]), {}),
    (([-1, 0], [0, -1], [-2, 1]), {}),
    (([0, 0], [0, 0], [1, 2]), {"beginMask": 3, "endMask": 3}),
    (([1, 0, 0], [2, 0, 2], [1, 1, 1]), {"ellipsisMask": 2}),
    (([2, 0, 1], [3, 0, 3], [1, 1, 1]), {"shrinkAxisMask": 1, "newAxisMask": 2}),
    (([-1], [0], [1]), {"shrinkAxisMask": 1}),
    (([0, 0, 0], [0, 0, 0], [-1, -1, -1]), {"beginMask": 7, "endMask": 7}),
    (([3, 0], [1, 2], [1, 1]), {}),
]:
    snake = {"beginMask": "begin_mask", "endMask": "end_mask", "ellipsisMask": "ellipsis_mask", "newAxisMask": "new_axis_mask", "shrinkAxisMask": "shrink_axis_mask"}
    case("stridedSlice", lambda t: tf.strided_slice(t, *args, **{snake[k]: v for k, v in options.items()}), y, args=list(args), options=options)
case("gather", tf.gather, floats(5, 2), np.array([[4, 0], [0, 2]], np.int32))
case("gather", lambda t, i: tf.gather(t, i, axis=1), floats(2, 4, 3), np.array([3, 0, 0], np.int32), options={"axis": 1})
case("gather", lambda t, i: tf.gather(t, i, axis=-1), floats(2, 4), np.array(2, np.int32), options={"axis": -1})
case("gatherNd", tf.gather_nd, floats(3, 4, 2), np.array([[2, 1], [0, 0], [2, 1]], np.int32))
case("gatherNd", tf.gather_nd, floats(3, 4), np.array([[[1]], [[2]]], np.int32))
case("scatterNd", lambda i, u: tf.scatter_nd(i, u, [4, 2]), np.array([[1], [3], [1]], np.int32), floats(3, 2), args=[[4, 2]])
case("unsortedSegmentSum", lambda t, i: tf.unsorted_segment_sum(t, i, 4), floats(5, 2), np.array([0, 3, -1, 0, 1], np.int32), args=[4])
case("unsortedSegmentSum", lambda t, i: tf.unsorted_segment_sum(t, i, 3), floats(2, 2, 3), np.array([[0, 2], [2, 2]], np.int32), args=[3])
case("topK", lambda t: tf.nn.top_k(t, 2), floats(3, 5), args=[2])
case("topK", lambda t: tf.nn.top_k(t, 3), np.array([1, 5, 5, 2, 5], np.int32), args=[3])
case("reverseSequence", lambda t, n: tf.reverse_sequence(t, n, seq_axis=1, batch_axis=0), floats(3, 4, 2), np.array([2, 0, 4], np.int32), options={"seqAxis": 1})
case("reverseSequence", lambda t, n: tf.reverse_sequence(t, n, seq_axis=0, batch_axis=2), floats(3, 2, 2), np.array([3, 2], np.int32), options={"seqAxis": 0, "batchAxis": 2})
case("oneHot", lambda i: tf.one_hot(i, 4), np.array([0, 3, -1, 4], np.int32), args=[4])
case("oneHot", lambda i: tf.one_hot(i, 3, on_value=5.0, off_value=-1.0, axis=0), np.array([[0, 2]], np.int32), args=[3], options={"onValue": 5, "offValue": -1, "axis": 0})
case("sequenceMask", tf.sequence_mask, np.array([1, 3, 2], np.int32))
case("sequenceMask", lambda n: tf.sequence_mask(n, 4, tf.float32), np.array([[0, 5]], np.int32), args=[4], options={"dtype": "float32"})
case("cast", lambda t: tf.cast(t, tf.int32), np.array([1.9, -1.9, 0.5], np.float32), args=["int32"])
case("cast", lambda t: tf.cast(t, tf.bool), np.array([0.0, -1.9, np.nan], np.float32), args=["bool"])
case("eye", lambda: tf.eye(3, 2), args=[3], options={"numColumns": 2})
case("linspace", lambda: tf.linspace(1.0, 2.5, 4), args=[1, 2.5, 4])
case("linspace", lambda: tf.linspace(3.0, 7.0, 1), args=[3, 7, 1])
case("range", lambda: tf.range(1, 10, 3), args=[1, 10, 3])
case("range", lambda: tf.range(0.0, 1.0, 0.25), args=[0, 1, 0.25])
case("fill", lambda: tf.fill([2, 2], 3.0), args=[[2, 2], 3])

golden_file.write("ops", {"tensorflow": tf.__version__, "cases": cases}, 2)
