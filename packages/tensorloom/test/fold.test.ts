import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const data = (): tl.Tensor => tl.constant([1, 2, 3, 4, 5, 6]);
const integers = (): tl.Tensor => tl.constant([1, 2, 3, 4, 5, 6], { dtype: 'int32' });
const twice = (a: tl.Tensor, x: tl.Tensor): tl.Tensor => a.add(x).mul(2);

/** As `twice`, with the two as a variable of a scope. */
const scoped = (a: tl.Tensor, x: tl.Tensor): tl.Tensor =>
  tl.variableScope('body', () =>
    a.add(x).mul(tl.getVariable('two', [], { dtype: 'int32', initializer: tl.constantInitializer(2) })),
  );

describe("TensorFlow's known answers", () => {
  test('testFoldl_Simple', () => {
    expect(run(tl.foldl(twice, integers()), tl.foldl(twice, integers(), { initializer: 10 }))).toEqual([208, 880]);
  });

  test('testFoldr_Simple', () => {
    expect(run(tl.foldr(twice, integers()), tl.foldr(twice, integers(), { initializer: 10 }))).toEqual([450, 1282]);
  });

  test('testFoldl_SingleInputMultiOutput, testFoldr_SingleInputMultiOutput', () => {
    const initializer = tl.constant([1, -1]);
    const sums = [tl.foldl, tl.foldr].map((fold) => fold((a, x) => a.add(x), data(), { initializer }));
    expect(run(...sums)).toEqual([
      [22, 20],
      [22, 20],
    ]);
  });

  test('testFoldl_MultiInputDifferentDimsSingleOutput', () => {
    const rows = tl.constant([
      [1, 1, 1],
      [2, 3, 4],
    ]);
    const r = tl.foldl((a, [x, y]) => a.add(x.mul(y)), [rows, tl.constant([-1, 1])], { initializer: tl.zeros([3]) });
    expect(run(r)).toEqual([[1, 2, 3]]);
  });

  test('testFoldl_MultiInputSingleOutput, testFoldr_MultiInputSingleOutput', () => {
    const sums = [tl.foldl, tl.foldr].map((fold) =>
      fold((a, [x, y]) => a.add(x).add(y), [data(), data().neg()], { initializer: 1 }),
    );
    expect(run(...sums)).toEqual([1, 1]);
  });

  test.each([
    ['testFoldl_Scoped', tl.foldl, 208, 880],
    ['testFoldr_Scoped', tl.foldr, 450, 1282],
  ] as const)('%s: a variable of a body is shared', (_, fold, first, second) => {
    const folded = (reuse: boolean, options: { initializer?: number }): tl.Tensor =>
      tl.variableScope('root', { reuse }, () => {
        const { initializer } = options;
        return initializer === undefined
          ? fold(scoped, integers())
          : fold(scoped, integers(), { initializer: tl.constant(initializer, { dtype: 'int32' }) });
      });
    const results = [folded(false, {}), folded(true, { initializer: 10 })];
    expect(tl.trainableVariables().map((v) => v.name)).toEqual(['root/body/two:0']);
    expect(run(...results)).toEqual([first, second]);
  });

  test('testFold_Grad', () => {
    const v = tl.constant(2);
    const ds = [tl.foldl, tl.foldr].flatMap((fold) =>
      tl.gradients(
        fold((a, x) => a.mul(x), data(), { initializer: v }),
        v,
      ),
    );
    expect(run(...ds)).toEqual([720, 720]);
  });

  test('testFoldShape', () => {
    const x = tl.constant(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { dtype: 'int32' },
    );
    const y = tl.foldl((_, row) => row, x, { initializer: tl.constant([0, 0, 0], { dtype: 'int32' }) });
    expect([y.shape, ...run(y)]).toEqual([[3], [4, 5, 6]]);
  });
});

const rows = fc.array(
  fc.array(
    fc.integer({ min: -1024, max: 1024 }).map((k) => k / 1024),
    { minLength: 2, maxLength: 2 },
  ),
  { minLength: 1, maxLength: 5 },
);

test('a fold is a loop over the rows, from either end, with an initializer or the first row', () => {
  fc.assert(
    fc.property(rows, fc.boolean(), fc.boolean(), (x, reverse, given) => {
      tl.resetDefaultGraph();
      const fold = reverse ? tl.foldr : tl.foldl;
      const t = tl.placeholder('float32', [null, 2]);
      const step = (a: number, v: number): number => Math.fround(a / 2) - v;
      const result = given
        ? fold((a, row) => a.mul(0.5).sub(row), t, { initializer: tl.constant([1, 3]) })
        : fold((a, row) => a.mul(0.5).sub(row), t);
      const order = reverse ? [...x].reverse() : x;
      const [begin, rest] = given ? [[1, 3], order] : [order[0], order.slice(1)];
      const expected = rest.reduce((a, row) => a.map((v, k) => step(v, row[k])), begin);
      const [got] = runWith([[t, x]], result) as number[][];
      got.forEach((v, k) => expect(v).toBeCloseTo(expected[k], 5));
    }),
    { numRuns: 20 },
  );
});

test('accumulator and rows are structures', () => {
  const elems = { x: data(), y: data().neg() };
  const result = tl.foldl((a, { x, y }) => ({ sum: a.sum.add(x), least: tl.minimum(a.least, y) }), elems, {
    initializer: { sum: 0, least: 0 },
  });
  expectTypeOf(result.sum).toEqualTypeOf<tl.Tensor>();
  expect(run(result.sum, result.least)).toEqual([21, -6]);
});

test('gradients against differences, orders 1 and 2', () => {
  fc.assert(
    fc.property(rows, fc.boolean(), (x, reverse) => {
      checkGradients({
        inputs: [{ shape: [x.length, 2], data: Float64Array.from(x.flat()) }],
        shapes: [[null, 2]],
        order: 2,
        build: ([t]) => {
          const fold = reverse ? tl.foldr : tl.foldl;
          return [
            fold((a, row) => a.sin().mul(row), t),
            fold((a, row) => a.mul(row.exp()), t, { initializer: t.mul(2) }),
          ];
        },
      });
    }),
    { numRuns: 10 },
  );
});

test('what does not fit', () => {
  expect(() => tl.foldl((a, x) => a.add(x), 3)).toThrow(
    'foldl: expected elems with a first axis to run over, got float32[]. Use expandDims().',
  );
  expect(() => tl.foldr((a) => a, [])).toThrow(
    'foldr: expected at least one tensor to run over, got none. Pass elems.',
  );
  expect(() => tl.foldl((a) => a, tl.zeros([0, 2]))).toThrow(
    'foldl: expected at least one row to begin with, got none. Pass an initializer.',
  );
  expect(() => tl.foldl((a) => [a, a], data(), { initializer: 0 })).toThrow(
    'foldl: the function returned [*, *], expected the structure of the accumulator, *. Return a new value for each.',
  );
  expect(() => tl.foldl((a, x) => tl.stack([a, x]), data())).toThrow('leaves it as float32[2]');
});
