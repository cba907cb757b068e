import {
  NDArray,
  type Tensor,
  cast,
  constant,
  dimOf,
  listStack,
  loopOver,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  scan,
  whileLoop,
} from '@tensorloom/graph';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { lower } from '../../src/lower/lower.js';
import { asynchronous, leakFree, messageFrom, open, rejection, runProgram } from '../support.js';

beforeEach(() => resetDefaultGraph());

const array = (shape: readonly number[], ...data: number[]): NDArray =>
  new NDArray('float32', shape, Float32Array.from(data));
const run = (fetches: readonly Tensor[], feeds: readonly (readonly [Tensor, NDArray])[] = []): unknown[] =>
  runProgram(
    lower(
      fetches,
      [],
      feeds.map(([t]) => t),
    ),
    feeds.map(([, v]) => v),
  ).map((v) => v.toArray());
const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

describe('a loop', () => {
  test('turns while its condition holds, perhaps never', () => {
    const limit = placeholder('float32', []);
    const [r] = whileLoop(
      (x) => x.less(limit),
      (x) => [x.mul(2)],
      [constant(1)],
    );
    expect([0, 1, 2, 100].map((n) => run([r], [[limit, array([], n)]]))).toEqual([[1], [1], [2], [128]]);
  });

  test('stops at the maximum of iterations', () => {
    const loop = (maximumIterations: number): Tensor[] =>
      whileLoop(
        (x) => x.less(100),
        (x) => [x.mul(2)],
        [constant(1)],
        { maximumIterations },
      );
    expect([0, 3, 50].map((n) => run(loop(n)))).toEqual([[1], [8], [128]]);
  });

  test('carries several values, each from the trip before', () => {
    const [, a, b] = whileLoop(
      (i) => i.less(6),
      (i, x, y) => [i.add(1), y, x.add(y)],
      [int(0), constant(0), constant(1)],
    );
    expect(run([a, b])).toEqual([8, 13]);
  });

  test('runs over rows forwards and backwards as a fold would', () => {
    const x = placeholder('float32', [null, 2]);
    const step = (reverse: boolean): Tensor =>
      scan((sum, row) => sum.mul(2).add(row), x, { initializer: constant([1, 0]), reverse });
    const [forwards, backwards] = [step(false), step(true)];
    const backend = leakFree();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { maxLength: 6 }),
        (rows) => {
          const fold = (given: readonly (readonly number[])[]): number[][] => {
            let sum = [1, 0];
            return given.map((row) => (sum = sum.map((s, i) => 2 * s + row[i])));
          };
          const value = array([rows.length, 2], ...rows.flat());
          const results = runProgram(lower([forwards, backwards], [], [x]), [value], { backend });
          expect(results.map((r) => r.toArray())).toEqual([fold(rows), fold([...rows].reverse()).reverse()]);
        },
      ),
    );
  });

  test('ends with its length, or its sequence, whichever is first', () => {
    const n = placeholder('int32', []);
    const { carry, ys, trips } = loopOver(
      ([sum], [row]) => ({ carry: [sum.add(row)], ys: [row] }),
      [constant(0)],
      [constant([1, 2, 3])],
      { length: n },
    );
    const ran = (length: number): unknown[] =>
      run([carry[0], listStack(ys[0], trips), trips], [[n, new NDArray('int32', [], Int32Array.of(length))]]);
    expect([-1, 0, 2, 5].map(ran)).toEqual([
      [0, [], 0],
      [0, [], 0],
      [3, [1, 2], 2],
      [6, [1, 2, 3], 3],
    ]);
  });

  test('refuses sequences of different lengths, and scalars', () => {
    const [x, y] = [placeholder('float32', [null]), placeholder('float32', [null])];
    const { carry } = loopOver(([sum], [a, b]) => ({ carry: [sum.add(a).add(b)], ys: [] }), [constant(0)], [x, y]);
    expect(() =>
      run(carry, [
        [x, array([2], 1, 2)],
        [y, array([3], 1, 2, 3)],
      ]),
    ).toThrow('Loop: expected sequences of one length, got 2, 3. Slice them to the same length.');
    const z = placeholder('float32');
    const over = loopOver(([sum], [a]) => ({ carry: [sum.add(reduceSum(a))], ys: [] }), [constant(0)], [z]);
    expect(() => run(over.carry, [[z, array([], 1)]])).toThrow(
      'Loop: expected sequences with a first axis to run over, got float32[].',
    );
  });

  test('in a loop', () => {
    const [, total] = whileLoop(
      (i) => i.less(4),
      (i, sum) => [
        i.add(1),
        whileLoop(
          (j) => j.less(i),
          (j, s) => [j.add(1), s.add(cast(j, 'float32'))],
          [int(0), sum],
        )[1],
      ],
      [int(0), constant(0)],
    );
    // 0, 0 + 0, 0 + 1, 0 + 1 + 2
    expect(run([total])).toEqual([4]);
  });

  test('carries a value whose shape changes', () => {
    const [, r] = whileLoop(
      (i) => i.less(3),
      (i, x) => [i.add(1), x.slice([1], [-1])],
      [int(0), constant([1, 2, 3, 4])],
      {
        shapeInvariants: [[], [null]],
      },
    );
    expect(run([r])).toEqual([[4]]);
  });
});

describe('a loop that fails', () => {
  const message = (fetches: readonly Tensor[], x: Tensor, value: NDArray): string =>
    messageFrom(() => run(fetches, [[x, value]]));

  test('in its body, after some trips, holds nothing', () => {
    const x = placeholder('float32', [null, 3]);
    const { carry, ys } = loopOver(
      ([sum, i], [row]) => ({ carry: [sum.add(row.slice(i.reshape([1]), [2])), i.add(1)], ys: [row.exp(), sum] }),
      [constant([0, 0]), int(0)],
      [x],
    );
    const text = message(
      [carry[0], listStack(ys[0], dimOf(x, 0)), listStack(ys[1], dimOf(x, 0))],
      x,
      array([4, 3], ...new Float32Array(12)),
    );
    expect(text).toMatch(/^Slice: .*\n {2}node: {4}'scan\/Slice' = Slice\(scan\/row_0:0 float32\[3\], /);
  });

  test('in its condition holds nothing', () => {
    const x = placeholder('float32', [null]);
    const [r] = whileLoop(
      (y) => reduceSum(y.add(x)).less(100),
      (y) => [y.mul(2)],
      [constant([1, 2])],
    );
    expect(message([r], x, array([3], 1, 2, 3))).toMatch(
      /^Add: .*\n {2}node: {4}'while\/Add' = Add\(.* float32\[2\], .* float32\[3\]\)/,
    );
  });
});

describe('a loop on a backend that makes it wait', () => {
  const x = (): Tensor => placeholder('float32', [null, 2], { name: 'x' });
  const walk = (rows: Tensor): Tensor[] => {
    const { carry, ys } = loopOver(
      ([sum, i], [row]) => ({ carry: [sum.add(row).tanh(), i.add(1)], ys: [sum.mul(row)] }),
      [constant([0, 0]), int(0)],
      [rows],
    );
    const [big] = whileLoop(
      (v) => reduceSum(v).less(50),
      (v) => [v.mul(2)],
      [carry[0].exp()],
    );
    return [...carry, listStack(ys[0], dimOf(rows, 0)), big];
  };

  test('gives what it gives on one that does not', async () => {
    const rows = x();
    const fetches = walk(rows);
    const fed = [[rows, array([3, 2], 0.5, -1, 2, 0, 1, 1)]] as const;
    const [now, later] = await Promise.all(
      [leakFree(), asynchronous(leakFree())].map((backend) => open(backend).run(fetches, fed)),
    );
    expect(later).toEqual(now);
  });

  test('holds nothing when a trip fails', async () => {
    const rows = placeholder('float32', [null, null]);
    const { carry } = loopOver(
      ([sum], [row]) => ({ carry: [sum.add(row.exp().slice([1], [2]))], ys: [row] }),
      [constant([0, 0])],
      [rows],
    );
    const session = open(asynchronous(leakFree()));
    const failing = session.run(carry, [[rows, array([2, 2], 1, 2, 3, 4)]]);
    expect(await rejection(failing)).toMatch(/^Slice: /);
    await expect(session.run(constant(1).exp())).resolves.toMatchObject({ shape: [] });
  });
});
