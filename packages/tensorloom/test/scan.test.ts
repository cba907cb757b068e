import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';
import * as tl from 'tensorloom';
import { run, runWith } from './running.js';

beforeEach(() => tl.resetDefaultGraph());

const data = (): tl.Tensor => tl.constant([1, 2, 3, 4, 5, 6]);

// As in testScan_Simple and testScan_Reverse of TensorFlow's functional_ops_test.
test('without an initializer the first row is the first result', () => {
  expect(run(tl.scan((a, x) => a.mul(x), data()))).toEqual([[1, 2, 6, 24, 120, 720]]);
  expect(run(tl.scan((a, x) => a.mul(x), data(), { reverse: true }))).toEqual([[720, 720, 360, 120, 30, 6]]);
});

test('without an initializer, structures of rows', () => {
  const sums = tl.scan(([a, b], [x, y]) => [a.add(x), b.sub(y)], [data(), data().neg()]);
  expect(run(...sums)).toEqual([
    [1, 3, 6, 10, 15, 21],
    [-1, 1, 4, 8, 13, 19],
  ]);
});

test('without an initializer, a number of rows that only the run knows', () => {
  const x = tl.placeholder('float32', [null, 2]);
  const sums = tl.scan((a, row) => a.add(row), x);
  expect(sums.shape).toEqual([null, 2]);
  expect(runWith([[x, [[1, 2]]]], sums)).toEqual([[[1, 2]]]);
  expect(runWith([[x, [[1, 2], [3, 4]]]], sums)).toEqual([[[1, 2], [4, 6]]]); // prettier-ignore
});

test('without an initializer, no rows is an error', () => {
  expect(() => tl.scan((a) => a, tl.zeros([0, 2]))).toThrow(/^scan: expected at least one row to begin with, got none/);
});

test.each([false, true])('without an initializer it has gradients, reverse: %s', (reverse) => {
  checkGradients({
    inputs: [[[0.1, 0.5], [-0.3, 0.2], [0.7, -0.1]]], // prettier-ignore
    order: 2,
    build: ([x]) => tl.scan((a, row) => a.mul(row).add(row.sin()).tanh(), x, { reverse }),
  });
});

// Where nothing was computed, what tells the lengths that only the run knows are the initializer and the rows themselves.
test.each([undefined, 2, 'sqrt' as const])(
  'over no rows, results and gradients have their shapes',
  (checkpointEvery) => {
    const [x, h] = [tl.placeholder('float32', [null, null, 2]), tl.placeholder('float32', [null, 2])];
    const all = tl.scan((a, row) => a.mul(row).add(row.sin()).tanh(), x, { initializer: h, checkpointEvery });
    const fetches = [all, ...tl.gradients(all, [x, h])].flatMap((t) => t ?? []);
    const session = new tl.Session();
    const ones = (...shape: number[]): tl.NDArray =>
      new tl.NDArray('float32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1));
    for (const [rows, batch] of [
      [0, 3],
      [2, 3],
      [0, 0],
    ]) {
      // prettier-ignore
      const values = session.runSync(fetches, [[x, ones(rows, batch, 2)], [h, ones(batch, 2)]]); // prettier-ignore
      expect(values.map((v) => v.shape)).toEqual([[rows, batch, 2], [rows, batch, 2], [batch, 2]]); // prettier-ignore
    }
    session.close();
  },
);
