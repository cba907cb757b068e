import { type Array, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { readFile } from 'node:fs/promises';
import type { Contender } from '../contender.js';
import { type Given, type Workload, givenOf } from '../workload.js';

// Functions of jax-js take over the references that they are given: `.ref` keeps one more.

interface Cell {
  /** The next state, of one tensor or two, and the output. */
  (x: Array, state: Array[]): Array[];
}

/** Kernels apart for inputs and states: what is joined would be joined again for every element of the product. */
function cellOf(w: Workload, kernels: readonly Array[], bias: Array): Cell {
  const [ofInputs, ofStates] = kernels;
  const product = (x: Array, h: Array): Array =>
    np.matmul(x, ofInputs.ref).add(np.matmul(h, ofStates.ref)).add(bias.ref);
  if (w.cell === 'rnn') {
    const activation = w.activation === 'tanh' ? np.tanh : nn.relu;
    return (x, [h]) => [activation(product(x, h))];
  }
  return (x, [h, c]) => {
    const [i, j, f, o] = np.split(product(x, h), 4, 1);
    const next = c.mul(nn.sigmoid(f.add(1))).add(nn.sigmoid(i).mul(np.tanh(j)));
    return [np.tanh(next.ref).mul(nn.sigmoid(o)), next];
  };
}

/** The workload in jax-js: one compiled step of Adam, the loop over time unrolled, as it has no scan. */
export async function jaxJs(w: Workload): Promise<Contender> {
  const { data, weights } = givenOf(w);
  const toArray = ({ shape, data: d }: Given): Array => np.array(Float32Array.from(d)).reshape([...shape]);
  const y =
    w.kind === 'classes'
      ? nn.oneHot(np.array(Int32Array.from(data.y.data), { dtype: np.int32 }), w.outputs)
      : toArray(data.y);
  const x = toArray(data.x);
  const lossOf = (p: Array[], inputs: Array, targets: Array): Array => {
    const [kernel, bias, denseKernel, denseBias] = p;
    const kernels = np.split(kernel, [w.inputs], 0);
    const cell = cellOf(w, kernels, bias);
    const rows = np.split(inputs, w.steps, 1).map((row) => row.reshape([w.batch, w.inputs]));
    let state =
      w.cell === 'lstm' ? [np.zeros([w.batch, w.units]), np.zeros([w.batch, w.units])] : [np.zeros([w.batch, w.units])];
    const outputs = rows.map((row) => {
      state = cell(row, state);
      return w.kind === 'each' ? state[0].ref.reshape([w.batch, 1, w.units]) : undefined;
    });
    [...kernels, bias].forEach((a) => a.dispose());
    const [h, ...rest] = state;
    rest.forEach((s) => s.dispose());
    if (w.kind === 'classes') {
      const logits = np.matmul(h, denseKernel).add(denseBias);
      return nn
        .logSoftmax(logits, -1)
        .mul(targets)
        .sum()
        .mul(-1 / w.batch);
    }
    h.dispose();
    const all = np
      .concatenate(
        outputs.filter((o) => o !== undefined),
        1,
      )
      .reshape([w.batch * w.steps, w.units]);
    const results = np.matmul(all, denseKernel).add(denseBias).reshape([w.batch, w.steps, w.outputs]);
    return np.square(results.sub(targets)).mean();
  };
  const differentiated = valueAndGrad(lossOf);
  const train = jit((p: Array[], m: Array[], v: Array[], rate: Array, inputs: Array, targets: Array) => {
    const [loss, gradients] = differentiated(
      p.map((a) => a.ref),
      inputs,
      targets,
    );
    const next = gradients.map((g, i) => {
      const first = m[i].mul(0.9).add(g.ref.mul(0.1));
      const second = v[i].mul(0.999).add(np.square(g).mul(0.001));
      const step = rate.ref.mul(first.ref).div(np.sqrt(second.ref).add(1e-8));
      return { p: p[i].sub(step), m: first, v: second };
    });
    rate.dispose();
    return { loss, p: next.map((a) => a.p), m: next.map((a) => a.m), v: next.map((a) => a.v) };
  });
  let p = Object.values(weights).map(toArray);
  let m = p.map((a) => np.zeros(a.shape));
  let v = p.map((a) => np.zeros(a.shape));
  let t = 0;
  return {
    versions: { 'jax-js': await version() },
    async step() {
      t++;
      const rate = np.array((0.001 * Math.sqrt(1 - 0.999 ** t)) / (1 - 0.9 ** t));
      const next = train(p, m, v, rate, x.ref, y.ref);
      ({ p, m, v } = next);
      return Number(await next.loss.jsAsync());
    },
  };
}

/** The package does not export its version: it stands beside the folder with its code. */
async function version(): Promise<string> {
  const file = new URL('../package.json', import.meta.resolve('@jax-js/jax'));
  return (JSON.parse(await readFile(file, 'utf8')) as { version: string }).version;
}
