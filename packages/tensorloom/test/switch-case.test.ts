import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
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
