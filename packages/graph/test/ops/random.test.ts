import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Tensor,
  cond,
  constant,
  defaultGraph,
  dimOf,
  learnedCandidates,
  placeholder,
  randomNormal,
  randomUniform,
  resetDefaultGraph,
  setRandomSeed,
  truncatedNormal,
  weightedCandidates,
} from '../../src/index.js';
import { type RandomAttrs, random } from '../../src/ops/random.js';
import { int, messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

/** The streams of the random ops of the current graph. */
const streams = (nodes = defaultGraph().nodes): RandomAttrs['stream'][] =>
  nodes.filter((n) => n.op.effect === 'random').map((n) => (n.attrs as RandomAttrs).stream);

test('have the shape and dtype asked for', () => {
  const batch = dimOf(x([null]), 0);
  expect(
    specs(
      randomUniform([2, 3]),
      randomNormal([batch, 2], { dtype: 'float64' }),
      truncatedNormal([]),
      randomUniform([4], { maxval: 9, dtype: 'int32' }),
    ),
  ).toEqual(['float32[2,3]', 'float64[?,2]', 'float32[]', 'int32[4]']);
});

test('are computed in a scope, from unit ones', () => {
  const ops = (t: Tensor): string[] => t.graph.nodes.map((n) => n.op.name).filter((name) => name !== 'Const');
  expect([randomUniform([2]).name, ops(randomUniform([2], { name: 'u' }))]).toEqual([
    'random_uniform/RandomUniform:0',
    ['RandomUniform', 'RandomUniform'],
  ]);
  resetDefaultGraph();
  expect(ops(randomUniform([2], { minval: -1, maxval: 1 }))).toEqual(['RandomUniform', 'Sub', 'Mul', 'Add']);
  resetDefaultGraph();
  const n = truncatedNormal([2], { mean: x([]), stddev: 2 });
  expect([n.name, ops(n)]).toEqual(['truncated_normal/Add:0', ['Placeholder', 'TruncatedNormal', 'Mul', 'Add']]);
});

test('integers come as drawn', () => {
  const t = randomUniform([2], { minval: -3, maxval: 5, dtype: 'int32' });
  expect([t.op.op, ...t.op.inputs.map((i) => (i as Tensor).value)]).toEqual([random.uniformInt, [2], [-3], [5]]);
});

describe('seeds', () => {
  test('are those of the graph when the op was made, and of the op', () => {
    randomNormal([1]);
    setRandomSeed(42);
    randomNormal([1], { seed: 7 });
    setRandomSeed(43);
    expect(streams().map((s) => [s.graphSeed, s.opSeed])).toEqual([
      [undefined, undefined],
      [42, 7],
    ]);
  });

  test('by index differ between all ops of a graph and its bodies', () => {
    const inBodies: RandomAttrs['stream'][] = [];
    const branch = (): Tensor => {
      const t = randomUniform([1]);
      inBodies.push(...streams());
      return t;
    };
    randomUniform([1]);
    cond(true, branch, branch);
    randomUniform([1]);
    const indices = [...streams(), ...inBodies].map((s) => s.index);
    expect(new Set(indices).size).toBe(4);
  });

  test('the index is the number of nodes before', () => {
    constant(1);
    constant(2);
    randomUniform([1]);
    expect(streams().map((s) => s.index)).toEqual([3]);
  });
});

test('what does not fit', () => {
  expect(messageFrom(() => randomUniform([2], { dtype: 'int32' }))).toBe(
    'randomUniform: expected maxval for int32, got none. Pass { maxval }.\n' +
      '  node:    randomUniform()\n' +
      '  made at: random.test.ts:LINE',
  );
  for (const [fn, name] of [
    [randomNormal, 'randomNormal'],
    [truncatedNormal, 'truncatedNormal'],
  ] as const) {
    expect(() => fn([2], { dtype: 'int32' })).toThrow(
      `${name}: dtype is int32, expected float32 or float64. Draw floats and cast() them.`,
    );
  }
  expect(() => randomUniform([2], { dtype: 'bool' })).toThrow('randomUniform: dtype is bool');
  expect(() => randomUniform([2], { minval: 5, maxval: 5, dtype: 'int32' })).toThrow(
    'RandomUniformInt: there are no integers from 5 up to 5, expected minval below maxval. Swap or widen them.',
  );
  expect(() => randomUniform([-1])).toThrow('RandomUniform: expected a shape of integers from 0, got [-1].');
  expect(() => randomNormal(int(2))).toThrow(
    'RandomStandardNormal: expected the shape as a vector of integers, got int32[].',
  );
});

describe('candidates', () => {
  test('by weights, or by what was seen, have the shapes asked for', () => {
    const { drawn, tries } = weightedCandidates(3, [1, 2, 3, 0], true);
    expect(specs(drawn, tries)).toEqual(['int32[3]', 'int32[]']);
    for (const [n, shape] of [
      [2, '[2]'],
      [null, '[?]'],
    ] as const) {
      const learned = learnedCandidates(3, 9, false, placeholder('int32', [n]));
      expect(specs(learned.drawn, learned.drawnSeen, learned.classesSeen, learned.tries, learned.allSeen)).toEqual([
        'int32[3]',
        'int32[3]',
        `int32${shape}`,
        'int32[]',
        'int32[]',
      ]);
    }
  });

  test('errors', () => {
    expect(messageFrom(() => weightedCandidates(3, x([2, 2]), true))).toMatch(
      /^WeightedCandidates: expected floating weights \[range\], got float32\[2,2\]/,
    );
    expect(messageFrom(() => weightedCandidates(3, placeholder('int32', [2]), true))).toMatch(/got int32\[2\]/);
    expect(messageFrom(() => learnedCandidates(3, 9, false, placeholder('int32', [2, 1])))).toMatch(
      /^LearnedCandidates: expected classes int32 \[n\], got int32\[2,1\]/,
    );
    expect(messageFrom(() => learnedCandidates(3, 2, true, placeholder('int32', [2])))).toMatch(
      /^LearnedCandidates: there are no 3 different numbers below 2/,
    );
  });
});
