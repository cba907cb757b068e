import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';
import { runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const constants = [17, 23, -1].map((v) => (): tl.Tensor => tl.constant(v, { dtype: 'int32' }));

test('testCase: the first predicate that holds chooses, else the default', () => {
  const [x, y] = [tl.placeholder('int32', []), tl.placeholder('int32', [])];
  const [f1, f2, f3] = constants;
  const pairs = [
    [x.less(y), f1],
    [x.greater(y), f2],
  ] as const;
  const r = tl.caseOf(pairs, { default: f3, exclusive: true });
  const at = (a: number, b: number): unknown[] =>
    runWith(
      [
        [x, a],
        [y, b],
      ],
      r,
    );
  expect([at(1, 2), at(2, 1), at(1, 1)]).toEqual([[17], [23], [-1]]);
});

const cases = (x: tl.Tensor, ...on: number[]): (readonly [tl.Tensor, () => tl.Tensor])[] =>
  on.map((v, i) => [tl.equal(x, v), () => tl.constant(2 * (i + 1))] as const);

test('testCase_withDefault, testCase_multiple_matches_exclusive, testCase_multiple_matches_non_exclusive', () => {
  const x = tl.placeholder('int32', []);
  const otherwise = (): tl.Tensor => tl.constant(8);
  const at = (r: tl.Tensor, v: number): unknown => runWith([[x, v]], r)[0];
  const one = tl.caseOf(cases(x, 1, 2), { default: otherwise, exclusive: true });
  expect([1, 2, 3].map((v) => at(one, v))).toEqual([2, 4, 8]);
  const first = tl.caseOf(cases(x, 1, 2, 2), { default: otherwise });
  expect([1, 2, 3].map((v) => at(first, v))).toEqual([2, 4, 8]);
  const exclusive = tl.caseOf(cases(x, 1, 2, 2), { default: otherwise, exclusive: true });
  expect([1, 3].map((v) => at(exclusive, v))).toEqual([2, 8]);
  expect(() => at(exclusive, 2)).toThrow('caseOf: more than one predicate holds, expected one at most.');
});

test('testCase_withoutDefault, testCase_withoutDefault_oneCondition', () => {
  const x = tl.placeholder('int32', []);
  const at = (r: tl.Tensor, v: number): unknown => runWith([[x, v]], r)[0];
  const three = tl.caseOf(cases(x, 1, 2, 3), { exclusive: true });
  expect([1, 2, 3].map((v) => at(three, v))).toEqual([2, 4, 6]);
  expect(() => at(three, 4)).toThrow('caseOf: no predicate holds. Give a default.');
  const single = tl.caseOf(cases(x, 1), { exclusive: true });
  expect(at(single, 1)).toBe(2);
  expect(() => at(single, 4)).toThrow('caseOf: no predicate holds. Give a default.');
});

test('the result is that of the first predicate that holds', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), (holds) => {
      tl.resetDefaultGraph();
      const preds = holds.map(() => tl.placeholder('bool', []));
      const { value } = tl.caseOf(
        preds.map((p, i) => [p, () => ({ value: tl.constant(i) })] as const),
        { default: () => ({ value: -1 }) },
      );
      expectTypeOf(value).toEqualTypeOf<tl.Tensor>();
      expect(
        runWith(
          preds.map((p, i) => [p, holds[i]] as const),
          value,
        ),
      ).toEqual([holds.indexOf(true)]);
    }),
    { numRuns: 20 },
  );
});

test('only the chosen function runs', () => {
  const x = tl.placeholder('float32', []);
  const failing = (): tl.Tensor => tl.checkNumerics(x.mul(0).div(0), 'this ran');
  const r = tl.caseOf(
    [
      [x.greater(1), () => x],
      [x.greater(0), failing],
    ],
    { default: () => x.neg() },
  );
  expect([2, -1].map((v) => runWith([[x, v]], r))).toEqual([[2], [1]]);
  expect(() => runWith([[x, 0.5]], r)).toThrow('this ran');
});

test('without a default one predicate must hold; exclusive allows one only', () => {
  const [p, q] = [tl.placeholder('bool', []), tl.placeholder('bool', [])];
  const pairs = [
    [p, () => tl.constant(1)],
    [q, () => tl.constant(2)],
  ] as const;
  const at = (r: tl.Tensor, a: boolean, b: boolean): unknown[] =>
    runWith(
      [
        [p, a],
        [q, b],
      ],
      r,
    );
  const total = tl.caseOf(pairs);
  expect([at(total, true, true), at(total, false, true)]).toEqual([[1], [2]]);
  expect(() => at(total, false, false)).toThrow('caseOf: no predicate holds. Give a default.');
  const exclusive = tl.caseOf(pairs, { exclusive: true, default: () => tl.constant(3) });
  expect(at(exclusive, false, false)).toEqual([3]);
  expect(() => at(exclusive, true, true)).toThrow('caseOf: more than one predicate holds, expected one at most.');
});

test('gradients against differences, orders 1 and 2', () => {
  for (const at of [-1.5, 0.5, 2.5]) {
    checkGradients({
      inputs: [at],
      order: 2,
      build: ([x]) =>
        tl.caseOf(
          [
            [x.less(0), () => x.sin()],
            [x.less(1), () => x.mul(x).mul(x)],
          ],
          { default: () => x.exp() },
        ),
    });
  }
});

test('what does not fit', () => {
  expect(() => tl.caseOf([])).toThrow('caseOf: expected at least one pair of predicate and function, got none.');
  expect(() => tl.caseOf([[tl.constant(1), () => tl.constant(1)]])).toThrow(
    'caseOf: expected bool scalars as predicates. Compare, and reduce with reduceAll() or reduceAny().',
  );
  expect(() =>
    tl.caseOf([[true, () => tl.constant(1)]], { default: () => tl.constant(1, { dtype: 'int32' }) }),
  ).toThrow('expected one dtype');
});
