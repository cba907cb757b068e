import { reference } from '@tensorloom/backend-reference';
import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const run = (fetches: readonly (tl.Tensor | null)[], dtype: tl.DType = 'float32'): unknown[] => {
  const session = new tl.Session(dtype === 'float64' ? { backend: reference() } : {});
  try {
    const live = fetches.map((t) => t ?? expect.fail('a gradient is missing'));
    return session.runSync(live).map((v) => v.toArray());
  } finally {
    session.close();
  }
};
const c = (value: tl.HostValue, dtype: tl.DType = 'float32'): tl.Tensor => tl.constant(value, { dtype });
const matrix = [
  [1, -1],
  [10, -10],
];

describe("TensorFlow's known answers", () => {
  test.each(['float32', 'float64'] as const)('testSkipEagerTensorArrayGradientWriteRead, %s', (dtype) => {
    const [v0, v1] = [c([[4, 5]], dtype), c(3, dtype)];
    const w = new tl.TensorArray(dtype, 3, { inferShape: false }).write(0, v0).write(1, v1);
    const [r0, r1, again] = [w.read(0), w.read(1), w.read(0)];
    expect(run(tl.gradients(r0, v0, { gradYs: [c([[2, 3]], dtype)] }), dtype)).toEqual([[[2, 3]]]);
    const two = [c([[2, 3]], dtype), c([[1, -1]], dtype)];
    expect(run(tl.gradients([r0, again], v0, { gradYs: two }), dtype)).toEqual([[[3, 2]]]);
    expect(run(tl.gradients(r1, v1, { gradYs: [c(-2, dtype)] }), dtype)).toEqual([-2]);
    const all = tl.gradients([r0, again, r1], [v0, v1], { gradYs: [...two, c(-2, dtype)] });
    expect(run(all, dtype)).toEqual([[[3, 2]], -2]);
  });

  test('testSkipEagerTensorArrayGradientWritePackConcatAndRead: stack, read and concat add up', () => {
    const [v0, v1] = [c([-1, 1]), c([-10, 10])];
    const w = new tl.TensorArray('float32', 2, { clearAfterRead: false }).write(0, v0).write(1, v1);
    const gradYs = [
      c([
        [2, 3],
        [4, 5],
      ]),
      c([-0.5, 1.5]),
      c([20, 30, 40, 50]),
    ];
    expect(run(tl.gradients([w.stack(), w.read(0), w.concat()], [v0, v1], { gradYs }))).toEqual([
      [21.5, 34.5],
      [44, 55],
    ]);
  });

  test('testSkipEagerTensorArrayGradientUnpackRead', () => {
    const value = c(matrix);
    const w = new tl.TensorArray('float32', 2, { clearAfterRead: false }).unstack(value);
    const ys = [w.read(0), w.read(0), w.read(1)];
    expect(run(tl.gradients(ys, value, { gradYs: [c([2, 3]), c([-1.5, 1.5]), c([4, 5])] }))).toEqual([
      [
        [0.5, 4.5],
        [4, 5],
      ],
    ]);
  });

  test('testSkipEagerTensorArrayGradientSplitConcat', () => {
    const value = c([...matrix, [100, -100]]);
    const r = new tl.TensorArray('float32', 2).split(value, [2, 1]).concat();
    const seed = [
      [2, -2],
      [20, -20],
      [200, -200],
    ];
    expect(run(tl.gradients(r, value, { gradYs: [c(seed)] }))).toEqual([seed]);
  });

  test('testSkipEagerTensorArrayGradientDynamicUnpackRead', () => {
    const value = c(matrix);
    const w = new tl.TensorArray('float32', 0, { dynamicSize: true }).unstack(value);
    const d = tl.gradients([w.read(0), w.read(1)], value, { gradYs: [c([2, 3]), c([4, 5])] });
    expect(run(d)).toEqual([
      [
        [2, 3],
        [4, 5],
      ],
    ]);
  });

  test('testSkipEagerSumOfTwoReadVariablesWithoutRepeatGrad: each by itself, and both in one run', () => {
    const [a, b] = [0, 15].map((from) =>
      tl.identity(
        tl
          .range(from + 1, from + 16)
          .cast('float32')
          .reshape([3, 5]),
      ),
    );
    const ta = new tl.TensorArray('float32', 2).write(0, a).write(1, b);
    const sum = ta.read(0).add(ta.read(1));
    const g0 = [0, 1, 2].map((r) => [1, 2, 3, 4, 5].map((k) => -(5 * r + k)));
    const [da, db] = [a, b].map((x) => tl.gradients(sum, x, { gradYs: [c(g0)] })[0]);
    expect([...run([da]), ...run([db]), ...run([da, db])]).toEqual([g0, g0, g0, g0]);
  });

  test('testSkipEagerGradientWhenNotAllComponentsRead', () => {
    const x = c([2, 3]);
    const r0 = new tl.TensorArray('float32', 2).unstack(x).read(0);
    expect(run(tl.gradients(r0, x, { gradYs: [1] }))).toEqual([[1, 0]]);
  });

  test('testSkipEagerTensorArrayScatterReadAndGradients', () => {
    const value = c(matrix);
    const w = new tl.TensorArray('float32', 0, { dynamicSize: true }).scatter([1, 8], value);
    const [r0, r1] = [w.read(1), w.read(8)];
    const d = tl.gradients([r0, r1], value, { gradYs: [c([2, 3]), c([4, 5])] });
    expect(run([r0, r1, ...d, w.size()])).toEqual([
      ...matrix,
      [
        [2, 3],
        [4, 5],
      ],
      9,
    ]);
  });

  test('testSkipEagerWriteButNotAllComponentsReadGrad', () => {
    const [x0, x1] = [c(5), c(10)];
    const r0 = new tl.TensorArray('float32', 2).write(0, x0).write(1, x1).read(0);
    expect(run(tl.gradients(r0, [x0, x1], { gradYs: [1] }))).toEqual([1, 0]);
  });

  test('testSkipEagerTensorArrayScatterPartialReadAndGradients', () => {
    const value = c(matrix);
    const r0 = new tl.TensorArray('float32', 0, { dynamicSize: true }).scatter([1, 8], value).read(1);
    expect(run([r0, ...tl.gradients(r0, value, { gradYs: [c([2, 3])] })])).toEqual([
      [1, -1],
      [
        [2, 3],
        [0, 0],
      ],
    ]);
  });

  test('testSkipEagerTensorArrayGradGrad: second derivatives, which legacy arrays do not have', () => {
    const x = c(4);
    const r0 = new tl.TensorArray('float32', 1, { inferShape: false }).write(0, x).read(0);
    const [g1] = tl.gradients(r0.mul(r0), x);
    expect(run(tl.gradients(g1 ?? expect.fail('no gradient'), x))).toEqual([2]);
  });

  test('testSkipEagerTensorArrayGradYsInCorrectScope: weights from outside the scope of the gradients', () => {
    const [x, dy] = [c([[1.5]]), c([[2.5]])];
    const y = new tl.TensorArray('float32', 1, { elementShape: [1] }).write(0, tl.gather(x, 0)).stack();
    expect(run(tl.gradients(y, x, { gradYs: [dy] }))).toEqual([[[2.5]]]);
  });

  test('testTensorArrayWriteGatherAndGradients', () => {
    const rows = Array.from({ length: 10 }, (_, i) => [i, -i]);
    const values = tl.add(c(rows), 0);
    const g = new tl.TensorArray('float32', 0, { dynamicSize: true }).unstack(values).gather([1, 8]);
    const seed = c([
      [2, 3],
      [4, 5],
    ]);
    const expected = rows.map((_, i) => (i === 1 ? [2, 3] : i === 8 ? [4, 5] : [0, 0]));
    expect(run([g, ...tl.gradients(g, values, { gradYs: [seed] })])).toEqual([
      [
        [1, -1],
        [8, -8],
      ],
      expected,
    ]);
  });
});

describe('against differences', () => {
  const size = fc.integer({ min: 1, max: 4 });
  const vectors = fc.tuple(size, fc.integer({ min: 1, max: 3 }), fc.integer()).map(([n, m, seed]) => ({
    n,
    m,
    seed,
    x: Array.from({ length: n }, (_, i) => Array.from({ length: m }, (__, j) => Math.sin(3 * i + j + (seed % 100)))),
  }));

  test.each([true, false])('write, read twice, stack, gather, concat: orders 1 and 2, static shapes %s', (known) => {
    fc.assert(
      fc.property(vectors, ({ n, m, x, seed }) => {
        checkGradients({
          inputs: [{ shape: [n, m], data: Float64Array.from(x.flat()) }],
          shapes: [known ? [n, m] : [null, null]],
          order: 2,
          seed: 1 + (Math.abs(seed) % 1000),
          build: ([t]) => {
            const filled = new tl.TensorArray('float64', n + 1, { elementShape: known ? [m] : [null] }).unstack(t);
            const other = filled.write(n, filled.read(0).mul(filled.read(n - 1)));
            const back = Array.from({ length: n }, (_, i) => n - 1 - i);
            return [
              other.stack().sin(),
              other.gather([...back, n, 0]).square(),
              other.concat().exp(),
              other.read(n).mul(other.read(0)),
            ];
          },
        });
      }),
      { numRuns: 10 },
    );
  });

  test('split and scatter', () => {
    fc.assert(
      fc.property(vectors, fc.nat(), ({ n, m, x, seed }, cut) => {
        const first = cut % (n + 1);
        checkGradients({
          inputs: [{ shape: [n, m], data: Float64Array.from(x.flat()) }],
          order: 2,
          seed: 1 + (Math.abs(seed) % 1000),
          build: ([t]) => {
            const options = { dynamicSize: true, inferShape: false };
            const parts = new tl.TensorArray('float64', 0, options).split(t, [first, n - first]);
            const spread = new tl.TensorArray('float64', 0, options).scatter(
              Array.from({ length: n }, (_, i) => 2 * i),
              t.sin(),
            );
            return [parts.concat().square(), parts.read(1).exp(), spread.stack().mul(spread.read(0)).square()];
          },
        });
      }),
      { numRuns: 10 },
    );
  });
});

test('concat has a gradient where an element was never set: it stands there as zeros of the element shape', () => {
  const x = tl.placeholder('float64', [2]);
  const array = new tl.TensorArray('float64', 3, { elementShape: [2] }).write(1, x.mul(2));
  const joined = array.concat();
  const [d] = tl.gradients(tl.reduceSum(joined.mul(tl.constant([1, 2, 3, 4, 5, 6], { dtype: 'float64' }))), x);
  if (d === null) throw new Error('no gradient');
  const session = new tl.Session();
  expect(session.runSync([joined, d], [[x, [5, 7]]]).map((v) => v.toArray())).toEqual([
    [0, 0, 10, 14, 0, 0],
    [6, 8],
  ]);
  session.close();
});
