import { setTimeout } from 'node:timers/promises';
import { createCpu } from '@tensorloom/backend-cpu';
import { flatten, isTensor } from '@tensorloom/graph';
import { type Pass, loopRewrites, passes, passesWithout, rewrites } from '@tensorloom/runtime';
import * as tl from 'tensorloom';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';

afterEach(() => {
  tl.resetDefaultGraph();
});

const ofLoops = Object.keys(loopRewrites) as (keyof typeof loopRewrites)[];
const all = Object.keys(rewrites) as (keyof typeof rewrites)[];

const scattered = (shape: readonly number[], seed: number): tl.NDArray =>
  new tl.NDArray(
    'float32',
    shape,
    Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(12.9898 * i + seed)),
  );

const [batch, steps, inputs, units] = [41, 5, 17, 67];

/** Two layers, of which the outputs are decoded by a product at every step, with lengths and dropout, trained with Adam. */
function network(cellOf: () => tl.rnn.Cell): {
  fetches: tl.Tensor[];
  train: tl.Node;
  feeds: [tl.Tensor, tl.NDArray][];
} {
  tl.setRandomSeed(5);
  const X = tl.placeholder('float32', [null, steps, inputs]);
  const lengths = tl.placeholder('int32', [null]);
  const y = tl.placeholder('float32', [null, steps]);
  const cells = [cellOf(), new tl.rnn.DropoutWrapper(cellOf(), { inputKeepProb: 0.8 })];
  const [outputs, state] = tl.rnn.dynamicRnn(new tl.rnn.MultiRNNCell(cells), X, {
    dtype: 'float32',
    sequenceLength: lengths,
  });
  const read = tl.squeeze(tl.layers.dense(outputs, 1), [2]);
  const loss = tl.reduceMean(tl.square(read.sub(y)));
  const train = new tl.train.AdamOptimizer({ learningRate: 0.01 }).minimize(loss);
  return {
    fetches: [loss, outputs, ...flatten(state, isTensor, 'state')],
    train,
    feeds: [
      [X, scattered([batch, steps, inputs], 1)],
      [
        lengths,
        new tl.NDArray(
          'int32',
          [batch],
          Int32Array.from({ length: batch }, (_, i) => 1 + (i % steps)),
        ),
      ],
      [y, scattered([batch, steps], 2)],
    ],
  };
}

const cells: Readonly<Record<string, () => tl.rnn.Cell>> = {
  BasicRNNCell: () => new tl.rnn.BasicRNNCell(units),
  GRUCell: () => new tl.rnn.GRUCell(units),
};

interface Switches {
  readonly threads?: number;
  readonly passes?: readonly Pass[];
  /** Whether loops are compiled. */
  readonly compiles?: boolean;
}

/** What two steps of training give, and the weights after them. */
async function trained(cellOf: () => tl.rnn.Cell, switches: Switches): Promise<tl.NDArray[]> {
  tl.resetDefaultGraph();
  const { fetches, train, feeds } = network(cellOf);
  const backend = createCpu({ threads: switches.threads ?? 1 });
  if (switches.compiles === false) Object.assign(backend, { compileLoop: undefined });
  const session = new tl.Session({ backend, passes: switches.passes ?? passes });
  await session.run(tl.globalVariablesInitializer());
  const results: tl.NDArray[] = [];
  for (let i = 0; i < 2; i++) {
    results.push(...session.runSync({ fetches, train }, feeds).fetches);
    // Threads join when they are ready.
    if ((switches.threads ?? 1) > 1) await setTimeout(40);
  }
  results.push(...session.runSync(tl.trainableVariables()));
  session.close();
  return results;
}

const bits = (xs: readonly tl.NDArray[]): unknown => xs.map(({ shape, data }) => [shape, data]);

describe.each(Object.keys(cells))('a step of training with %s', (name) => {
  let alone: Promise<tl.NDArray[]>;
  beforeAll(async () => {
    alone = trained(cells[name], {});
    await alone;
  });

  test('gives the same bits on one thread, two and three', async () => {
    for (const threads of [2, 3]) expect(bits(await trained(cells[name], { threads }))).toEqual(bits(await alone));
  });

  test.each<[string, Switches]>([
    ...(name === 'GRUCell' ? all : []).map((r): [string, Switches] => [`without ${r}`, { passes: passesWithout(r) }]),
    ['without any rewrite of loops', { passes: passesWithout(...ofLoops) }],
    ['without any pass', { passes: [] }],
    ['with loops run step by step', { compiles: false }],
    ['with loops run step by step, by three threads', { compiles: false, threads: 3 }],
  ])('gives the same numbers %s', async (_, switches) => {
    const without = await trained(cells[name], switches);
    (await alone).forEach(({ shape, data }, i) => {
      expect(without[i].shape).toEqual(shape);
      data.forEach((x, k) => {
        expect(Math.abs(without[i].data[k] - x)).toBeLessThanOrEqual(2e-4);
      });
    });
  });
});
