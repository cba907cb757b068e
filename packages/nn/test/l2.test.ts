import { gradients } from '@tensorloom/autodiff';
import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { nn } from '@tensorloom/nn';
import { ndarrays, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { checkSmooth, run } from './support.js';

beforeEach(() => resetDefaultGraph());

test('gradients, orders 1 and 2', () => {
  checkSmooth([[2, 3]], ([x]) => nn.l2Loss(x));
  checkSmooth([[2, 3]], ([x]) => nn.l2Normalize(x, 1));
});

test('l2Loss is half the sum of squares, in one number', () => {
  expect(
    run([
      nn.l2Loss([
        [1, 2],
        [3, 4],
      ]),
      nn.l2Loss(-3),
    ]),
  ).toEqual([[15], [4.5]]);
  expect(nn.l2Loss([[1, 2]]).shape).toEqual([]);
});

test('of integers is an error', () => {
  const x = constant([1], { dtype: 'int32' });
  expect(() => nn.l2Loss(x)).toThrow('l2Loss: expected floating elements, got int32[1]. Use cast().');
  expect(() => nn.l2Normalize(x)).toThrow('l2Normalize: expected floating elements');
});

test('rows become of norm 1', () => {
  const rows = shapes({ minRank: 2, maxRank: 2, minLength: 1 }).chain((shape) =>
    ndarrays('float64', shape, { awayFrom: [0] }),
  );
  fc.assert(
    fc.property(rows, (x) => {
      resetDefaultGraph();
      const [y] = run([nn.l2Normalize(constant(x), 1)]);
      const width = x.shape[1];
      for (let i = 0; i < y.length; i += width) {
        expect(Math.hypot(...y.slice(i, i + width))).toBeCloseTo(1, 9);
      }
    }),
    { numRuns: 20 },
  );
});

test('zeros stay zeros, and their gradient is no NaN', () => {
  const x = constant([0, 0, 0]);
  const y = nn.l2Normalize(x, 0);
  const [dx] = gradients(y, [x]);
  if (dx === null) throw new Error('no gradient');
  const [values, slopes] = run([y, dx]);
  expect(values).toEqual([0, 0, 0]);
  slopes.forEach((v) => expect(v).toBeCloseTo(1e6, -1));
});
