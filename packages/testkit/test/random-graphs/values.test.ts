import { reference } from '@tensorloom/backend-reference';
import {
  type DType,
  Graph,
  NDArray,
  type Tensor,
  alongAxis,
  constant,
  elementwise,
  mixed,
  placeholder,
  reduce,
  shape as moving,
  sizeOf,
  withGraph,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndarrays, shapes } from '../../src/arbitraries.js';
import { samplers } from '../../src/samples/index.js';
import {
  type Value,
  decides,
  elementwiseBound,
  fitted,
  isExact,
  pinned,
  prepared,
  settled,
} from '../../src/random-graphs/values.js';

const valueOf = (tensor: Tensor, shape: readonly number[], bound = 3, exact = true): Value => ({
  tensor,
  shape,
  exact,
  bound,
});

/** What `build` makes of an array, in a graph of its own. */
function run(x: NDArray, build: (v: Value, one: Tensor) => Tensor): NDArray {
  const graph = new Graph();
  return withGraph(graph, () => {
    const one = placeholder('int32', []);
    const y = build(valueOf(constant(x), x.shape), one);
    const session = new Session({ graph, backend: reference() });
    try {
      return session.runSync(y, [[one, 1]]);
    } finally {
      session.close();
    }
  });
}

const pair = fc.tuple(shapes({ minLength: 1, maxRank: 3 }), shapes({ maxRank: 3 }));

describe('fitted', () => {
  it('gives the elements in turn, in the shape asked for', () => {
    const arrays = pair.chain(([from, to]) => fc.tuple(ndarrays('float32', from), fc.constant(to)));
    fc.assert(
      fc.property(arrays, fc.subarray([0, 1, 2]), ([x, to], open) => {
        const y = run(x, (v, one) => fitted(v, to, new Set(open), one).tensor);
        expect(y.shape).toEqual(to);
        expect(Array.from(y.data)).toEqual(Array.from({ length: sizeOf(to) }, (_, i) => x.data[i % x.data.length]));
      }),
      { numRuns: 30 },
    );
  });

  it('hides lengths from inference, or pins them', () => {
    withGraph(new Graph(), () => {
      const one = placeholder('int32', []);
      const v = valueOf(placeholder('float32', [null, 2]), [3, 2]);
      expect(fitted(v, [2, 3], new Set([0]), one).tensor.shape).toEqual([null, 3]);
      expect(fitted(v, [3, 2], new Set([0]), one)).toBe(v);
      expect(pinned(v, [3, 2]).shape).toEqual([3, 2]);
    });
  });
});

describe('settled', () => {
  it('keeps what is tame, and draws back what is not', () => {
    for (const [dtype, within] of [
      ['float32', 1],
      ['int32', 64],
    ] as const) {
      const x = new NDArray(dtype, [3], dtype === 'int32' ? Int32Array.of(-900, 70, 5) : Float32Array.of(-900, 70, 5));
      const y = run(x, (v) => settled({ ...v, bound: 900 }).tensor);
      expect(Math.max(...Array.from(y.data, Math.abs))).toBeLessThanOrEqual(within);
      expect(run(x, (v) => settled(v).tensor)).toEqual(x);
    }
  });
});

describe('prepared', () => {
  it('keeps every elementwise op finite and within its bound, of floats and of integers', () => {
    const dtypes: readonly DType[] = ['float32', 'int32'];
    for (const [key, op] of Object.entries(elementwise)) {
      for (const dtype of dtypes.filter((d) => samplers.get(op)?.dtypes.includes(d))) {
        const graph = new Graph();
        withGraph(graph, () => {
          const data = [-3, -2, -1, 0, 1, 2, 3];
          const x = constant(
            new NDArray(dtype, [7], dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data)),
          );
          const operands = Array.from({ length: op.scalar.length }, (_, i) =>
            prepared(op, valueOf(i === 0 ? x.reshape([7, 1]) : x, i === 0 ? [7, 1] : [7]), i),
          );
          const y = graph
            .apply(
              op,
              operands.map((v) => v.tensor),
              {},
            )
            .output();
          const session = new Session({ graph, backend: reference() });
          const result = session.runSync(y);
          session.close();
          const largest = Math.max(...Array.from(result.data, Math.abs));
          expect(largest, `${key} ${dtype}`).toBeLessThanOrEqual(elementwiseBound(op, operands) * 1.0001);
        });
      }
    }
  });

  it('holds constant what an op has a kink for, unless it is exact', () => {
    withGraph(new Graph(), () => {
      const x = placeholder('float32', [2]);
      const operand = (exact: boolean): string =>
        prepared(elementwise.relu, valueOf(x, [2], 3, exact), 0).tensor.op.op.name;
      expect([operand(true), operand(false)]).toEqual(['Placeholder', 'StopGradient']);
    });
  });
});

describe('what decides', () => {
  it('are comparisons, roundings, positions, and what leaves the floats', () => {
    expect([elementwise.less, elementwise.floor, alongAxis.topK].map((op) => decides(op, 'float32'))).toEqual([
      true,
      true,
      true,
    ]);
    expect([
      decides(mixed.cast, 'int32'),
      decides(mixed.cast, 'float64'),
      decides(elementwise.tanh, 'float32'),
    ]).toEqual([true, false, false]);
  });

  it('is exact after ops that every backend rounds alike, of exact operands', () => {
    withGraph(new Graph(), () => {
      const x = placeholder('float32', [2]);
      const [known, rounded] = [true, false].map((exact) => valueOf(x, [2], 3, exact));
      const all = [elementwise.add, moving.reverse, elementwise.tanh, reduce.sum].map((op) => [
        isExact(op, [known], 'float32'),
        isExact(op, [rounded], 'float32'),
      ]);
      expect(all).toEqual([
        [true, false],
        [true, false],
        [false, false],
        [false, false],
      ]);
    });
  });
});
