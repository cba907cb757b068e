"""Outputs and final states of tf.contrib.rnn's cells in float64, by their equations: contrib-cells.json.

TensorFlow 2 has no contrib; the equations are those of the papers that each cell names, as TensorFlow 1.15 documents them. Sequences are
[2, 3, 2], the second row ends after two steps: then its outputs are zeros and its state stays. Run: python make_contrib_cells.py
"""

import json
import pathlib

import numpy as np

UNITS = 2
LENGTHS = [3, 2]
X = np.linspace(-1, 1, 12).reshape(2, 3, 2)
TIMES = np.array([[0.3, 1.9, 4.4], [0.1, 2.2, 9.0]])


def linspace(*shape):
    return np.linspace(-0.5, 0.5, int(np.prod(shape))).reshape(shape)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def relu(x):
    return np.maximum(x, 0)


def norm(x, v, scope):
    mean, var = x.mean(1, keepdims=True), x.var(1, keepdims=True)
    return (x - mean) / np.sqrt(var + 1e-12) * v[f"{scope}/gamma"] + v[f"{scope}/beta"]


def linear(v, scope, *xs):
    return np.concatenate(xs, 1) @ v[f"{scope}kernel"] + v[f"{scope}bias"]


def ugrnn(v, t, x, s):
    g, c = np.split(linear(v, "", x, s["h"]), 2, 1)
    g = sigmoid(g + 1)
    h = g * s["h"] + (1 - g) * np.tanh(c)
    return h, {"h": h}


def intersection(v, t, x, s):
    y = linear(v, "in_projection/", x)
    gh, h, gy, out = np.split(linear(v, "", y, s["h"]), 4, 1)
    gh, gy = sigmoid(gh + 1), sigmoid(gy + 1)
    return gy * y + (1 - gy) * relu(out), {"h": gh * s["h"] + (1 - gh) * np.tanh(h)}


def nas(v, t, x, s):
    m = np.split(s["h"] @ v["recurrent_kernel"] + v["bias"], 8, 1)
    a = np.split(x @ v["kernel"], 8, 1)
    l1 = [f(a[i] * m[i] if i == 3 else a[i] + m[i]) for i, f in enumerate([sigmoid, relu, sigmoid, relu, np.tanh, sigmoid, np.tanh, sigmoid])]
    c = np.tanh(np.tanh(l1[0] * l1[1]) + s["c"]) * np.tanh(l1[2] + l1[3])
    h = np.tanh(c * np.tanh(np.tanh(l1[4] * l1[5]) + sigmoid(l1[6] + l1[7]))) @ v["projection_weights"]
    return h, {"c": c, "h": h}


def layer_norm_lstm(v, t, x, s):
    i, j, f, o = np.split(np.concatenate([x, s["h"]], 1) @ v["kernel"], 4, 1)
    i, j, f, o = [norm(g, v, n) for g, n in zip([i, j, f, o], ["input", "transform", "forget", "output"])]
    c = norm(s["c"] * sigmoid(f + 1) + sigmoid(i) * np.tanh(j), v, "state")
    h = np.tanh(c) * sigmoid(o)
    return h, {"c": c, "h": h}


def coupled(v, t, x, s):
    j, f, o = np.split(np.concatenate([x, s["h"]], 1) @ v["W_0"] + v["B"], 3, 1)
    f = sigmoid(f + 1 + v["W_F_diag"] * s["c"])
    c = f * s["c"] + (1 - f) * np.tanh(j)
    h = np.clip((sigmoid(o + v["W_O_diag"] * c) * np.tanh(c)) @ v["W_P_0"], -0.02, 0.02)
    return h, {"c": c, "h": h}


def coupled_normed(v, t, x, s):
    j, f, o = np.split(np.concatenate([x, s["h"]], 1) @ v["W_0"], 3, 1)
    j, f, o = [norm(g, v, n) for g, n in zip([j, f, o], ["transform", "forget", "output"])]
    f = sigmoid(f + 1)
    c = norm(f * s["c"] + (1 - f) * np.tanh(j), v, "state")
    h = sigmoid(o) * np.tanh(c)
    return h, {"c": c, "h": h}


def phased(v, t, x, s):
    i, f = np.split(sigmoid(linear(v, "mask_gates/", x, s["h"], s["c"])), 2, 1)
    c = s["c"] * f + i * np.tanh(linear(v, "new_input/", x, s["h"]))
    h = np.tanh(c) * sigmoid(linear(v, "output_gate/", x, s["h"], c))
    cycle = np.mod(t[:, None] - v["phase"], v["period"]) / v["period"]
    up = 2 * cycle / v["ratio_on"]
    k = np.where(cycle < v["ratio_on"], 2 - up, 0.001 * cycle)
    k = np.where(cycle < 0.5 * v["ratio_on"], up, k)
    c, h = k * c + (1 - k) * s["c"], k * h + (1 - k) * s["h"]
    return h, {"c": c, "h": h}


def layer(scope, depth, units):
    return {f"{scope}kernel": linspace(depth, units), f"{scope}bias": linspace(units)}


def norms(*scopes):
    return {f"{s}/{n}": a for s in scopes for n, a in [("gamma", np.array([0.8, 1.3])), ("beta", np.array([0.1, -0.2]))]}


CELLS = {
    "UGRNNCell": (ugrnn, layer("", 4, 4), ["h"], 2),
    "IntersectionRNNCell": (intersection, {**layer("in_projection/", 2, 3), **layer("", 6, 12)}, ["h"], 3),
    "NASCell": (
        nas,
        {"recurrent_kernel": linspace(3, 16), "kernel": linspace(2, 16), "bias": linspace(16), "projection_weights": linspace(2, 3)},
        ["c", "h"],
        3,
    ),
    "LayerNormBasicLSTMCell": (
        layer_norm_lstm,
        {"kernel": linspace(4, 8), **norms("input", "transform", "forget", "output", "state")},
        ["c", "h"],
        2,
    ),
    "CoupledInputForgetGateLSTMCell": (
        coupled,
        {"W_0": linspace(5, 6), "B": linspace(6), "W_F_diag": linspace(2), "W_O_diag": linspace(2), "W_P_0": linspace(2, 3)},
        ["c", "h"],
        3,
    ),
    "CoupledInputForgetGateLSTMCell with layer norm": (
        coupled_normed,
        {"W_0": linspace(4, 6), "B": linspace(6), **norms("transform", "forget", "output", "state")},
        ["c", "h"],
        2,
    ),
    "PhasedLSTMCell": (
        phased,
        {
            **layer("mask_gates/", 6, 4),
            **layer("new_input/", 4, 2),
            **layer("output_gate/", 6, 2),
            "period": np.array([2.5, 7.0]),
            "phase": np.array([0.2, 1.5]),
            "ratio_on": np.array([0.4, 0.9]),
        },
        ["c", "h"],
        2,
    ),
}

cells = {}
for name, (step, variables, parts, out) in CELLS.items():
    hidden = 3 if name == "IntersectionRNNCell" else out
    state = {p: np.zeros((2, UNITS if p == "c" else hidden)) for p in parts}
    outputs = []
    for time in range(3):
        output, after = step(variables, TIMES[:, time], X[:, time], state)
        alive = np.array([[time < n] for n in LENGTHS])
        outputs.append(np.where(alive, output, 0))
        state = {p: np.where(alive, after[p], state[p]) for p in parts}
    cells[name] = {
        "variables": {n: v.tolist() for n, v in variables.items()},
        "outputs": np.stack(outputs, 1).tolist(),
        "state": {p: v.tolist() for p, v in state.items()},
    }
data = {"inputs": X.tolist(), "times": TIMES[:, :, None].tolist(), "lengths": LENGTHS, "cells": cells}
pathlib.Path(__file__).with_name("contrib-cells.json").write_text(json.dumps(data, indent=1) + "\n")
