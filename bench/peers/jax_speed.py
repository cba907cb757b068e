"""A workload in JAX: one compiled step, with a scan over time."""

import os
import sys

if sys.argv[2] == "1":
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from workload import run  # noqa: E402


def cell_of(w):
    activation = {"tanh": jnp.tanh, "relu": jax.nn.relu}[w.activation]

    def rnn(p, h, x):
        h = activation(jnp.concatenate([x, h], 1) @ p["kernel"] + p["bias"])
        return h, h

    def lstm(p, state, x):
        c, h = state
        i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ p["kernel"] + p["bias"], 4, 1)
        c = c * jax.nn.sigmoid(f + 1) + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jnp.tanh(c) * jax.nn.sigmoid(o)
        return (c, h), h

    def gru(p, h, x):
        r, u = jnp.split(jax.nn.sigmoid(jnp.concatenate([x, h], 1) @ p["kernel"] + p["bias"]), 2, 1)
        c = jnp.tanh(jnp.concatenate([x, r * h], 1) @ p["candidateKernel"] + p["candidateBias"])
        h = u * h + (1 - u) * c
        return h, h

    return {"rnn": rnn, "lstm": lstm, "gru": gru}[w.cell]


def make(w, threads):
    cell = cell_of(w)
    zeros = jnp.zeros([w.batch, w.units])
    state = (zeros, zeros) if w.cell == "lstm" else zeros

    def loss_of(p, x, y):
        last, outputs = jax.lax.scan(lambda s, row: cell(p, s, row), state, jnp.swapaxes(x, 0, 1))
        last = last[1] if w.cell == "lstm" else last
        results = (jnp.swapaxes(outputs, 0, 1) if w.kind == "each" else last) @ p["denseKernel"] + p["denseBias"]
        if w.kind == "classes":
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(results), y[:, None], 1))
        return jnp.mean((results - y) ** 2)

    @jax.jit
    def train(p, m, v, t, x, y):
        loss, g = jax.value_and_grad(loss_of)(p, x, y)
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        m = jax.tree.map(lambda a, b: 0.9 * a + 0.1 * b, m, g)
        v = jax.tree.map(lambda a, b: 0.999 * a + 0.001 * b * b, v, g)
        p = jax.tree.map(lambda a, b, c: a - rate * b / (jnp.sqrt(c) + 1e-8), p, m, v)
        return p, m, v, t + 1, loss

    p = {name: jnp.array(w.tensors[name]) for name in w.weights}
    moments = jax.tree.map(jnp.zeros_like, p)
    state_of_training = [p, moments, moments, 1.0]
    x, y = jnp.array(w.tensors["x"]), jnp.array(w.tensors["y"])

    def step():
        *state_of_training[:], loss = train(*state_of_training, x, y)
        return loss.item()

    return step


run({"jax": jax.__version__}, make)
