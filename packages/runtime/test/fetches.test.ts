import {
  type Fetch,
  type Fetchable,
  type Fetched,
  NDArray,
  type Node,
  type Result,
  type Tensor,
  type Variable,
  asFetch,
  constant,
  noOp,
  resetDefaultGraph,
  variable,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { readFetches } from '../src/fetches.js';

beforeEach(() => resetDefaultGraph());

const one = (n: number): NDArray => new NDArray('float32', [], Float32Array.of(n));

describe('readFetches', () => {
  test('takes a structure apart and puts results in its place', () => {
    const [x, y] = [constant(1), constant(2)];
    const { edges, targets, pack } = readFetches({ b: [x, { c: y }], a: y });
    // Keys in a fixed order: fetches that differ only in theirs are one program.
    expect(edges).toEqual([y, x, y]);
    expect(targets).toEqual([]);
    expect(pack([one(2), one(1), one(3)])).toEqual({ b: [one(1), { c: one(3) }], a: one(2) });
  });

  test('takes a tensor, a variable by its value, an op for its effect', () => {
    const [x, v, op] = [constant(1), variable(2), noOp()];
    const { edges, targets, pack } = readFetches([x, op, v, x]);
    expect(edges).toEqual([x, v.value(), x]);
    expect(targets).toEqual([op]);
    expect(pack([one(1), one(2), one(3)])).toEqual([one(1), null, one(2), one(3)]);
    expect(readFetches(op).pack([])).toBeNull();
    expect(readFetches(x).pack([one(1)])).toEqual(one(1));
    expect(readFetches([]).pack([])).toEqual([]);
  });

  test('asks a fetchable for its tensors, and gives it their values', () => {
    const [x, y] = [constant(1), constant(2)];
    const sum: Fetchable<{ readonly sum: number }> = {
      [asFetch]: { tensors: [y, x], result: (values) => ({ sum: values.reduce((s, v) => s * 10 + v.item(), 0) }) },
    };
    const none: Fetchable<string[]> = { [asFetch]: { tensors: [], result: (values) => [`${values.length} values`] } };
    const { edges, targets, pack } = readFetches({ a: x, b: [sum, none], c: sum, d: y });
    expect(edges).toEqual([x, y, x, y, x, y]);
    expect(targets).toEqual([]);
    expect(pack([1, 2, 3, 4, 5, 6].map(one))).toEqual({
      a: one(1),
      b: [{ sum: 23 }, ['0 values']],
      c: { sum: 45 },
      d: one(6),
    });
    expect(readFetches(sum).pack([one(7), one(8)])).toEqual({ sum: 78 });
  });

  test('names what cannot be fetched', () => {
    const x = constant(1);
    const message = (path: string, got: string): string =>
      `run: fetches${path}: expected tensors in arrays or plain objects, got ${got}.`;
    expect(() => readFetches([x, { loss: 5 }])).toThrow(new TypeError(message('[1].loss', 'number')));
    expect(() => readFetches(null)).toThrow(new TypeError(message('', 'null')));
    expect(() => readFetches({ a: undefined })).toThrow(new TypeError(message('.a', 'undefined')));
    expect(() => readFetches(new Map([[x, 1]]))).toThrow(new TypeError(message('', 'object')));
  });
});

test('the results of a fetch have its type', () => {
  expectTypeOf<Fetched<Tensor>>().toEqualTypeOf<NDArray>();
  expectTypeOf<Fetched<Variable>>().toEqualTypeOf<NDArray>();
  expectTypeOf<Fetched<Node>>().toEqualTypeOf<null>();
  expectTypeOf<Fetched<Tensor['op']>>().toEqualTypeOf<null>();
  expectTypeOf<Fetched<readonly [Tensor, Node]>>().toEqualTypeOf<[NDArray, null]>();
  expectTypeOf<Fetched<readonly Tensor[]>>().toEqualTypeOf<NDArray[]>();
  expectTypeOf<Fetched<{ readonly loss: Tensor; step: Node; states: { c: Tensor; h: Variable }[] }>>().toEqualTypeOf<{
    loss: NDArray;
    step: null;
    states: { c: NDArray; h: NDArray }[];
  }>();
  expectTypeOf<Fetched<Tensor | Node>>().toEqualTypeOf<NDArray | null>();
  expectTypeOf<Fetched<Fetchable<Uint8Array>>>().toEqualTypeOf<Uint8Array>();
  expectTypeOf<Fetched<{ s: Fetchable<{ a: string }>; x: readonly [Tensor, Fetchable<null>] }>>().toEqualTypeOf<{
    s: { a: string };
    x: [NDArray, null];
  }>();
  expectTypeOf<Fetched<Fetch>>().toEqualTypeOf<Result>();
  expectTypeOf<Fetched<readonly Fetch[]>>().toEqualTypeOf<Result[]>();
  expectTypeOf<Fetched<readonly []>>().toEqualTypeOf<[]>();
  expectTypeOf<Fetched<{ readonly a: Record<never, never> }>>().toEqualTypeOf<{ a: Record<never, never> }>();
});
