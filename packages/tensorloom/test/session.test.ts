import { reference } from '@tensorloom/backend-reference';
import type { Backend } from '@tensorloom/runtime';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from '../src/index.js';

beforeEach(() => tl.resetDefaultGraph());

/** A backend of little use: it can only negate. */
function negating(): Backend {
  const backend = reference();
  const neg = [...backend.kernels].filter(([op]) => op.name === 'Neg');
  return { ...backend, name: 'negating', dtypes: new Set(['float32']), kernels: new Map(neg) };
}

test('without a backend it runs on the CPU', async () => {
  await using sess = new tl.Session();
  expect(sess.backend.name).toBe('cpu');
  expect((await sess.run(tl.constant(2).neg())).item()).toBe(-2);
});

describe('with soft placement what a backend lacks runs on the CPU', () => {
  const y = () => tl.constant([1, 2]).neg().exp();

  test('beside one backend', async () => {
    await using sess = new tl.Session({ backend: negating(), allowSoftPlacement: true });
    expect((await sess.run(y())).data).toEqual(Float32Array.of(Math.exp(-1), Math.exp(-2)));
    expect(sess.describe(y())).toMatch(/^negating: Neg\ncpu: Exp\n/);
  });

  test('beside several, unless one is called cpu', async () => {
    await using sess = new tl.Session({ backends: { gpu: negating() }, allowSoftPlacement: true });
    expect(sess.describe(y())).toMatch(/^gpu: Neg\ncpu: Exp\n/);
    const own = reference();
    await using other = new tl.Session({ backends: { gpu: negating(), cpu: own }, allowSoftPlacement: true });
    expect(other.describe(tl.constant(1, { dtype: 'float64' }).exp())).toMatch(/^gpu: nothing\ncpu: Exp\n/);
    const v = tl.variable(tl.constant(1, { dtype: 'float64' }));
    await other.run(v.initializer);
    expect(own.stats().handles).toBeGreaterThan(0);
  });

  test('and otherwise is refused by name', async () => {
    await using sess = new tl.Session({ backend: negating() });
    await expect(sess.run(y())).rejects.toThrow(
      "Exp: backend 'negating' has no kernel for this op. Use another backend, add the kernel to its table, or make the session with { allowSoftPlacement: true }.",
    );
  });
});

test('a network with its layers on different devices trains as it does on one', async () => {
  tl.setRandomSeed(7);
  const X = tl.randomUniform([4, 5, 3], { seed: 1 });
  const y = tl.randomUniform([4, 5, 2], { seed: 2 });
  const cells = ['/cpu:0', '/gpu:0', '/gpu:1'].map((d) => new tl.rnn.DeviceWrapper(new tl.rnn.BasicLSTMCell(4), d));
  const [outputs] = tl.rnn.dynamicRnn(new tl.rnn.MultiRNNCell(cells), X, { dtype: 'float32' });
  const loss = tl.reduceMean(tl.layers.dense(outputs, 2).sub(y).square());
  const step = new tl.train.AdamOptimizer({ learningRate: 0.1 }).minimize(loss);
  const init = tl.globalVariablesInitializer();
  const losses = async (options: tl.SessionOptions): Promise<number[]> => {
    await using sess = new tl.Session(options);
    await sess.run(init);
    const seen: number[] = [];
    for (let i = 0; i < 5; i++) seen.push((await sess.run([loss, step]))[0].item());
    return seen;
  };
  const alone = await losses({ backend: reference() });
  const [cpu, gpu, second] = [reference(), reference(), reference()];
  const apart = await losses({ backends: { cpu, gpu, 'gpu:1': second } });
  expect(apart).toEqual(alone);
  expect(alone[4]).toBeLessThan(alone[0]);
  for (const backend of [cpu, gpu, second]) expect(backend.stats().handles).toBe(0);
  const placed = new tl.Session({ backends: { cpu, gpu, 'gpu:1': second } }).describe(step);
  expect(placed).toMatch(/\ngpu: .*Tanh.*\ngpu:1: .*Tanh/);
});
