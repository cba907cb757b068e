"""Makes attention.json: decoders that attend, stepped in float64 by NumPy, and the inputs of TensorFlow v1.15's own tests of attention."""

import numpy as np

import golden_file

BATCH, STEPS, DEPTH, UNITS = 3, 4, 2, 3
PLACES, MEMORY_DEPTH, ATTENTION = 5, 4, 2
LENGTHS = np.array([5, 2, 3])


def linspace(low, high, shape):
    return np.linspace(low, high, int(np.prod(shape))).reshape(shape)


X = linspace(1, -1, [BATCH, STEPS, DEPTH])
MEMORY = 3 * np.sin(np.arange(BATCH * PLACES * MEMORY_DEPTH)).reshape(BATCH, PLACES, MEMORY_DEPTH)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class Variables(dict):
    """Variables by their names, in the order in which they are first asked for: linspace from -0.5 to 0.5, scalars 0.5."""

    def made(self, name, *shape):
        return self.setdefault(name, linspace(-0.5, 0.5, shape) if shape else np.float64(0.5))


def gru(variables, scope, x, h):
    """r, u = sigmoid([x, h] K + b), c = tanh([x, r h] Kc + bc), h' = u h + (1 - u) c."""
    n, depth = h.shape[1], x.shape[1] + h.shape[1]
    kernel, bias = variables.made(f"{scope}/gates/kernel", depth, 2 * n), variables.made(f"{scope}/gates/bias", 2 * n)
    r, u = np.split(sigmoid(np.concatenate([x, h], 1) @ kernel + bias), 2, 1)
    kernel, bias = variables.made(f"{scope}/candidate/kernel", depth, n), variables.made(f"{scope}/candidate/bias", n)
    return u * h + (1 - u) * np.tanh(np.concatenate([x, r * h], 1) @ kernel + bias)


def luong_score(variables, scope, query, keys, scale=False):
    score = np.einsum("bu,btu->bt", query, keys)
    return variables.made(f"{scope}/attention_g") * score if scale else score


def bahdanau_score(variables, scope, query, keys, normalize=False):
    units = keys.shape[2]
    q = query @ variables.made(f"{scope}/query_layer/kernel", query.shape[1], units)
    v, b = variables.made(f"{scope}/attention_v", units), 0
    if normalize:
        g, b = variables.made(f"{scope}/attention_g"), variables.made(f"{scope}/attention_b", units)
        v = g * v / np.sqrt((v**2).sum())
    return (np.tanh(keys + q[:, None] + b) * v).sum(2)


def monotonic(p, previous):
    """The distribution over places by its definition: walk on from where one was before, and stop at place j with probability p[j]."""
    out, reached = np.zeros_like(p), np.zeros(len(p))
    for j in range(p.shape[1]):
        reached = reached + previous[:, j]
        out[:, j] = p[:, j] * reached
        reached = reached * (1 - p[:, j])
    return out


def hard_step(x):
    return (x > 0).astype(np.float64)


# Per mechanism: its scope, its score and the function from scores to probabilities; monotonic ones choose by the latter.
mechanisms = {
    "LuongAttention": ("luong_attention", luong_score, softmax, False),
    "LuongAttention scale": ("luong_attention", lambda *a: luong_score(*a, scale=True), softmax, False),
    "BahdanauAttention": ("bahdanau_attention", bahdanau_score, softmax, False),
    "BahdanauAttention normalize": ("bahdanau_attention", lambda *a: bahdanau_score(*a, normalize=True), softmax, False),
    "LuongMonotonicAttention": ("luong_monotonic_attention", luong_score, sigmoid, True),
    "LuongMonotonicAttention scale": ("luong_monotonic_attention", lambda *a: luong_score(*a, scale=True), sigmoid, True),
    "LuongMonotonicAttention hard": ("luong_monotonic_attention", luong_score, hard_step, True),
    "BahdanauMonotonicAttention": ("bahdanau_monotonic_attention", bahdanau_score, sigmoid, True),
    "BahdanauMonotonicAttention normalize": (
        "bahdanau_monotonic_attention",
        lambda *a: bahdanau_score(*a, normalize=True),
        sigmoid,
        True,
    ),
}


def case(name, with_lengths=True, with_layer=True):
    """The steps of a GRU whose input is joined with the last attention and whose output is the query."""
    scope, score_of, probability, is_monotonic = mechanisms[name]
    variables = Variables()
    lengths = LENGTHS if with_lengths else np.full(BATCH, PLACES)
    mask = np.arange(PLACES) < lengths[:, None]
    values = MEMORY * mask[:, :, None]
    keys = values @ variables.made("memory_layer/kernel", MEMORY_DEPTH, UNITS)
    h = np.zeros([BATCH, UNITS])
    attention = np.zeros([BATCH, ATTENTION if with_layer else MEMORY_DEPTH])
    alignments = np.tile(np.eye(PLACES)[0], [BATCH, 1])
    top = "rnn/attention_wrapper"
    outputs, history = [], []
    for t in range(STEPS):
        h = gru(variables, f"{top}/gru_cell", np.concatenate([X[:, t], attention], 1), h)
        score = score_of(variables, f"{top}/{scope}", h, keys)
        if is_monotonic:
            score = score + variables.made(f"{top}/{scope}/attention_score_bias")
        p = probability(np.where(mask, score, -np.inf))
        alignments = monotonic(p, alignments) if is_monotonic else p
        attention = np.einsum("bt,btd->bd", alignments, values)
        if with_layer:
            kernel = variables.made(f"{top}/attention_layer/kernel", UNITS + MEMORY_DEPTH, ATTENTION)
            attention = np.concatenate([h, attention], 1) @ kernel
        outputs.append(attention)
        history.append(alignments)
    return {
        "variables": {name: list(v.shape) for name, v in variables.items()},
        "outputs": np.stack(outputs, 1),
        "state": h,
        "alignments": np.stack(history),
    }


np.random.seed(87654321)  # as TensorFlow's TestCase does before each test
document = {
    "X": X,
    "memory": MEMORY,
    "memorySequenceLength": LENGTHS,
    "decoders": {name: case(name) for name in mechanisms},
    "withoutLengths": case("BahdanauAttention", with_lengths=False),
    "withoutLayer": case("LuongAttention", with_layer=False),
    "tensorflow": {
        "decoderInputs": np.random.randn(5, 4, 7).astype(np.float32),
        "encoderOutputs": np.random.randn(5, 8, 10).astype(np.float32),
    },
}
golden_file.write("attention", document, 3)
