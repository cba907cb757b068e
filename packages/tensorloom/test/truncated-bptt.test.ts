import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** A network that learns from `steps` steps at a time, from the state that it is fed. */
function overWindows(steps: number) {
  const X = tl.placeholder('float32', [1, steps, 1], { name: 'X' });
  const y = tl.placeholder('float32', [1, steps, 1], { name: 'y' });
  const start = tl.placeholder('float32', [1, 20], { name: 'start' });
  const cell = new tl.rnn.OutputProjectionWrapper(new tl.rnn.BasicRNNCell(20), 1);
  const [outputs, state] = tl.rnn.dynamicRnn(cell, X, { initialState: start });
  const loss = tl.reduceMean(tl.square(outputs.sub(y)));
  const trainingOp = new tl.train.AdamOptimizer({ learningRate: 0.01 }).minimize(loss);
  return { X, y, start, outputs, state, loss, trainingOp };
}

/** One pass over a long series: each window starts from the state in which the last one ended. */
async function pass(sess: tl.Session, model: ReturnType<typeof overWindows>, series: Float32Array, steps: number) {
  const window = (from: number) => ({ shape: [1, steps, 1], data: series.subarray(from, from + steps) });
  let state: tl.HostValue = { shape: [1, 20], data: new Float32Array(20) };
  let total = 0;
  let windows = 0;
  for (let t = 0; t + steps < series.length; t += steps) {
    const { X, y, start } = model;
    const feeds: [tl.Tensor, tl.HostValue][] = [
      [X, window(t)],
      [y, window(t + 1)],
      [start, state],
    ];
    const { next, loss } = await sess.run({ next: model.state, loss: model.loss, train: model.trainingOp }, feeds);
    state = next;
    total += loss.item();
    windows++;
  }
  return total / windows;
}

/** The same with the state in a variable: nothing but the window is fed, and `keep` is run beside the training op. */
function withState(cell: tl.rnn.Cell<tl.Tensor>, X: tl.Tensor, units: number) {
  const carried = tl.variable(tl.zeros([1, units]), { trainable: false, name: 'carried' });
  const [outputs, state] = tl.rnn.dynamicRnn(cell, X, { initialState: carried.value() });
  return { outputs, keep: carried.assign(state), restart: carried.assign(tl.zeros([1, units])) };
}

/** All windows in one graph: the state goes on from window to window, its gradient does not. */
function windowsOf(cell: tl.rnn.Cell<tl.Tensor>, X: tl.Tensor, windows: number) {
  let state: tl.Tensor = cell.zeroState(1, 'float32');
  const outputs = tl.split(X, windows, { axis: 1 }).map((window) => {
    const [output, last] = tl.rnn.dynamicRnn(cell, window, { initialState: tl.stopGradient(state) });
    state = last;
    return output;
  });
  return tl.concat(outputs, 1);
}

const series = Float32Array.from({ length: 61 }, (_, t) => Math.sin(t / 3));

test('the code in the docs is the code that is tested', () => {
  const code = read('truncated-bptt.test.ts');
  const blocks = [...read('../../../docs/truncated-bptt.md').matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block);
  expect(blocks).toHaveLength(4);
  for (const block of blocks) expect(code).toContain(block);
});

test('windows that pass their state on learn a series', async () => {
  tl.setRandomSeed(1);
  const model = overWindows(10);
  const sess = new tl.Session();
  await sess.run(tl.globalVariablesInitializer());
  const first = await pass(sess, model, series, 10);
  let last = first;
  for (let epoch = 0; epoch < 60; epoch++) last = await pass(sess, model, series, 10);
  expect(last).toBeLessThan(first / 10);
  sess.close();
});

test('windows give the outputs of the whole, whichever way the state goes', async () => {
  const cell = new tl.rnn.BasicRNNCell(5);
  const X = tl.placeholder('float32', [1, 60, 1]);
  const [whole] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' });
  const together = windowsOf(cell, X, 6);
  const W = tl.placeholder('float32', [1, 10, 1]);
  const { outputs, keep, restart } = withState(cell, W, 5);
  const sess = new tl.Session();
  await sess.run(tl.globalVariablesInitializer());
  await sess.run(restart);
  const all = { shape: [1, 60, 1], data: series.subarray(0, 60) };
  const [want, inOneGraph] = await sess.run([whole, together], [[X, all]]);
  const kept: number[] = [];
  for (let t = 0; t < 60; t += 10) {
    const [out] = await sess.run([outputs, keep], [[W, { shape: [1, 10, 1], data: series.subarray(t, t + 10) }]]);
    kept.push(...out.data);
  }
  Array.from(want.data).forEach((v, i) => {
    expect(inOneGraph.data[i]).toBeCloseTo(v, 6);
    expect(kept[i]).toBeCloseTo(v, 6);
  });
  sess.close();
});

test('gradients stay within their window: their sum is that of windows run one by one, and not that of the whole', async () => {
  const cell = new tl.rnn.BasicRNNCell(5);
  const X = tl.placeholder('float32', [1, 60, 1]);
  const gradientOf = (outputs: tl.Tensor): tl.Tensor => {
    const [d] = tl.gradients(tl.reduceSum(tl.square(outputs)), tl.trainableVariables()[0]);
    if (d === null) throw new Error('no gradient');
    return d;
  };
  const together = gradientOf(windowsOf(cell, X, 6));
  const whole = gradientOf(tl.rnn.dynamicRnn(cell, X, { dtype: 'float32' })[0]);
  const W = tl.placeholder('float32', [1, 10, 1]);
  const { outputs, keep, restart } = withState(cell, W, 5);
  const one = gradientOf(outputs);
  const sess = new tl.Session();
  await sess.run(tl.globalVariablesInitializer());
  await sess.run(restart);
  const sums = new Array<number>(30).fill(0);
  for (let t = 0; t < 60; t += 10) {
    const [d] = await sess.run([one, keep], [[W, { shape: [1, 10, 1], data: series.subarray(t, t + 10) }]]);
    d.data.forEach((v, i) => (sums[i] += v));
  }
  const [d, full] = await sess.run([together, whole], [[X, { shape: [1, 60, 1], data: series.subarray(0, 60) }]]);
  sums.forEach((v, i) => expect(d.data[i]).toBeCloseTo(v, 4));
  expect(Math.max(...Array.from(full.data, (v, i) => Math.abs(v - d.data[i])))).toBeGreaterThan(1e-2);
  sess.close();
});
