import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';
import { runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

test('the result is that of the function at the index; out of range, of the default or the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.boolean(), (n, given) => {
      tl.resetDefaultGraph();
      const index = tl.placeholder('int32', []);
      const fns = Array.from({ length: n }, (_, i) => () => [tl.constant(10 * i)] as const);
      const [r] = given ? tl.switchCase(index, fns, { default: () => [-1] }) : tl.switchCase(index, fns);
      expectTypeOf(r).toEqualTypeOf<tl.Tensor>();
      for (let i = -2; i < n + 2; i++) {
        const inside = i >= 0 && i < n;
        expect(runWith([[index, i]], r)).toEqual([inside ? 10 * i : given ? -1 : 10 * (n - 1)]);
      }
    }),
    { numRuns: 15 },
  );
});

test('only the chosen function runs', () => {
  const index = tl.placeholder('int32', []);
  const r = tl.switchCase(index, [
    () => tl.constant(1),
    () => tl.checkNumerics(tl.cast(index, 'float32').mul(0).div(0), 'this ran'),
    () => tl.constant(3),
  ]);
  expect([0, 2].map((i) => runWith([[index, i]], r))).toEqual([[1], [3]]);
  expect(() => runWith([[index, 1]], r)).toThrow('this ran');
});

test('gradients against differences, orders 1 and 2', () => {
  for (const at of [0, 1, 2, 3]) {
    checkGradients({
      inputs: [Float64Array.of(0.5, -1)],
      order: 2,
      build: ([x]) =>
        tl.switchCase(at, [() => x.sin(), () => x.mul(x).mul(x), () => x.exp()], { default: () => x.tanh() }),
    });
  }
});

test('what does not fit', () => {
  expect(() => tl.switchCase(0, [])).toThrow('switchCase: expected at least one function, got none.');
  expect(() => tl.switchCase(tl.constant(1.5), [() => tl.constant(1)])).toThrow(
    'switchCase: expected the index as an int32 scalar, got float32[]. Use cast().',
  );
  expect(() => tl.switchCase(0, [() => tl.constant(1), () => tl.constant(1, { dtype: 'int32' })])).toThrow(
    'expected one dtype',
  );
});

describe("TensorFlow's known answers", () => {
  /** Five branches of an index that may be fed; 60 where there is a default. */
  const tens = (options: { default?: () => number } = {}): ((k: number) => unknown[]) => {
    const index = tl.placeholderWithDefault(tl.constant(0, { dtype: 'int32' }), []);
    const y = tl.switchCase(
      index,
      [0, 1, 2, 3, 4].map((i) => () => tl.constant(10 * i)),
      options,
    );
    return (k) => runWith([[index, k]], y);
  };

  test('IndexedCaseTest.testCase', () => {
    expect([0, 2, 3].map(tens())).toEqual([[0], [20], [30]]);
  });

  test('IndexedCaseTest.testCase_withDefault', () => {
    expect([-1, 2, 4, 5, 6].map(tens({ default: () => 60 }))).toEqual([[60], [20], [40], [60], [60]]);
  });

  test('testCase_gradient: the branch that is taken; zeros for the others', () => {
    const inputs = [0, 1, 2, 3, 4].map((i) => tl.constant(i));
    const index = tl.placeholder('int32', []);
    const y = tl.switchCase(
      index,
      inputs.map((x) => () => x.square()),
    );
    const ds = tl.gradients(y, inputs, { gradYs: [tl.constant(3)] });
    for (const k of [-1, 1, 4, 5]) {
      const used = k < 0 || k > 4 ? 4 : k;
      expect(runWith([[index, k]], ...ds)).toEqual(inputs.map((_, i) => (i === used ? 6 * used : 0)));
    }
  });

  test('testCase_gradient_diffShapedIntermediates', () => {
    const inputs = [0, 1, 2, 3, 4].map((i) => tl.fill([i + 1], i));
    const index = tl.placeholder('int32', []);
    const y = tl.switchCase(
      index,
      inputs.map((x) => () => x.square().mul(tl.expandDims(x, 1)).reduceSum()),
    );
    const ds = tl.gradients(y, inputs, { gradYs: [tl.constant(3)] });
    for (const k of [-2, 2, 5]) {
      const used = k < 0 || k > 4 ? 4 : k;
      // The sum of x_i^2 x_j has the derivative 3 n x^2 where all n entries are x.
      const each = (i: number): number => (i === used ? 3 * 3 * (i + 1) * i * i : 0);
      expect(runWith([[index, k]], ...ds)).toEqual(inputs.map((_, i) => Array.from({ length: i + 1 }, () => each(i))));
    }
  });

  test('testSwitchCaseAccessBranch1TensorInBranch4Raises', () => {
    let c = tl.constant(1);
    const other = (): tl.Tensor => tl.constant(0);
    const first = (): tl.Tensor => (c = tl.identity(c));
    expect(() => tl.switchCase(tl.constant(2, { dtype: 'int32' }), [other, first, other, other, () => c])).toThrow(
      /is inside the body of a loop or a branch, expected a tensor of the graph around/,
    );
  });
});
