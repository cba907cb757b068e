import { beforeEach, describe, expect, test } from 'vitest';
import {
  Graph,
  add,
  apply,
  apply1,
  cond,
  constant,
  defaultGraph,
  resetDefaultGraph,
  setRandomSeed,
  withGraph,
} from '../src/index.js';
import { elementwise } from '../src/ops/elementwise.js';
import { messageFrom } from './support.js';

beforeEach(() => resetDefaultGraph());

test('there is a default graph, which can be made anew', () => {
  const before = defaultGraph();
  expect(defaultGraph()).toBe(before);
  const old = constant(1);
  expect(old.graph).toBe(before);
  resetDefaultGraph();
  expect(defaultGraph()).not.toBe(before);
  expect(messageFrom(() => add(old, 1))).toBe(
    "Add: 'Const:0' belongs to another graph, expected a tensor of the current one. Build both ends of an op inside the same withGraph(), and anew after resetDefaultGraph().\n" +
      "  node:    'Add' = Add(Const:0 float32[], Const:0 float32[])\n" +
      '  made at: context.test.ts:LINE',
  );
});

describe('withGraph', () => {
  test('adds to its graph, nests, and returns the result', () => {
    const [outer, inner, before] = [new Graph(), new Graph(), defaultGraph()];
    const [a, b, c] = withGraph(outer, () => [constant(1), withGraph(inner, () => constant(2)), constant(3)]);
    expect([a.graph, b.graph, c.graph]).toEqual([outer, inner, outer]);
    expect([outer.nodes.length, inner.nodes.length, before.nodes.length]).toEqual([2, 1, 0]);
    expect(defaultGraph()).toBe(before);
  });

  test('ends when its function throws', () => {
    const before = defaultGraph();
    expect(() =>
      withGraph(new Graph(), () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(defaultGraph()).toBe(before);
  });

  test('refuses an async function', () => {
    const before = defaultGraph();
    expect(() => withGraph(new Graph(), async () => 1)).toThrow(/^withGraph: the callback returned a promise/);
    expect(defaultGraph()).toBe(before);
  });
});

test('the default graph cannot be made anew inside another or a body', () => {
  const message =
    'resetDefaultGraph: called inside withGraph() or a loop body, expected the top level. Call it outside.';
  expect(() => withGraph(new Graph(), resetDefaultGraph)).toThrow(new Error(message));
  const body = (): number => {
    resetDefaultGraph();
    return 1;
  };
  expect(() => cond(true, body, body)).toThrow(message);
});

test('apply and apply1 add nodes to the current graph', () => {
  const c = constant(1);
  const node = apply(elementwise.add, [c, c], {}, 'sum');
  expect([node.name, node.graph === defaultGraph(), node.inputs]).toEqual(['sum', true, [c, c]]);
  expect(apply1(elementwise.neg, [c], {}).name).toBe('Neg:0');
});

test('the seed is that of the outermost graph', () => {
  const seeds: (number | undefined)[] = [];
  cond(
    true,
    () => {
      setRandomSeed(42);
      seeds.push(defaultGraph().seed, defaultGraph().root.seed);
      return 1;
    },
    () => 2,
  );
  expect([...seeds, defaultGraph().seed]).toEqual([undefined, 42, 42]);
});
