"""Outputs of the legacy attention decoder in float64, by its equations: attention-decoder.json.

TensorFlow 2 has no legacy_seq2seq; the equations are those of Vinyals et al., "Grammar as a Foreign Language", 2014, as
TensorFlow 1.15 documents them. Every variable is linspace(-.5, .5, n) in its shape. Run: python make_attention_decoder.py
"""

import json
import pathlib

import numpy as np


def variable(*shape):
    return np.linspace(-0.5, 0.5, int(np.prod(shape))).reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gru(x, h, depth, units):
    gates = sigmoid(np.concatenate([x, h], 1) @ variable(depth + units, 2 * units) + variable(2 * units))
    r, u = np.split(gates, 2, 1)
    c = np.tanh(np.concatenate([x, r * h], 1) @ variable(depth + units, units) + variable(units))
    return u * h + (1 - u) * c


def decode(inputs, state, memory, heads, output_size, initial_state_attention):
    batch, _, size = memory.shape
    depth, units = inputs[0].shape[1], state.shape[1]

    def attend(query):
        seen = []
        for _ in range(heads):
            features = memory @ variable(size, size)
            q = query @ variable(units, size) + variable(size)
            scores = (variable(size) * np.tanh(features + q[:, None, :])).sum(2)
            weights = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
            seen.append((weights[:, :, None] * memory).sum(1))
        return seen

    seen = attend(state) if initial_state_attention else [np.zeros((batch, size))] * heads
    outputs = []
    for x in inputs:
        joined = np.concatenate([x, *seen], 1)
        read = joined @ variable(joined.shape[1], depth) + variable(depth)
        state = gru(read, state, depth, units)
        seen = attend(state)
        joined = np.concatenate([state, *seen], 1)
        outputs.append(joined @ variable(joined.shape[1], output_size) + variable(output_size))
    return outputs, state


inputs = np.sin(np.arange(3 * 2 * 2)).reshape(3, 2, 2)
state = np.cos(np.arange(2 * 3)).reshape(2, 3)
memory = np.sin(1 + np.arange(2 * 4 * 2)).reshape(2, 4, 2)
cases = []
for heads, initial in [(1, False), (2, False), (1, True), (2, True)]:
    outputs, last = decode(list(inputs), state, memory, heads, 5, initial)
    cases.append(
        {
            "numHeads": heads,
            "initialStateAttention": initial,
            "outputs": [o.tolist() for o in outputs],
            "state": last.tolist(),
        }
    )
path = pathlib.Path(__file__).with_name("attention-decoder.json")
data = {"inputs": inputs.tolist(), "state": state.tolist(), "memory": memory.tolist(), "outputSize": 5, "cases": cases}
path.write_text(json.dumps(data, indent=1) + "\n")
