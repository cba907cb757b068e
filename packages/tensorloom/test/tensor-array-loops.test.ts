import { reference } from '@tensorloom/backend-reference';
import { checkGradients } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const run = (fetches: readonly (tl.Tensor | null)[], backend?: tl.Backend): unknown[] => {
  const session = new tl.Session(backend === undefined ? {} : { backend });
  try {
    session.runSync(tl.globalVariables().map((v) => v.initializer));
    const live = fetches.map((t) => t ?? expect.fail('a gradient is missing'));
    return session.runSync(live).map((v) => v.toArray());
  } finally {
    session.close();
  }
};
const c = (value: tl.HostValue, dtype: tl.DType = 'float32'): tl.Tensor => tl.constant(value, { dtype });
const int = (value: number): tl.Tensor => c(value, 'int32');

describe("TensorFlow's known answers", () => {
  test.each([
    ['testWhileLoopWritePackGradients', false],
    ['testSkipEagerWhileLoopDynamicWritePackGradients', true],
  ])('%s', (_, dynamicSize) => {
    const rows = [0, 1, 2].map((r) => [0, 1, 2, 3, 4].map((k) => 5 * r + k));
    const v0 = tl.identity(c(rows));
    const bias = tl.variable([100, 101, 102, 103, 104]);
    const state0 = tl.identity(c([1, 1, 1, 1, 1]));
    const array = new tl.TensorArray('float32', dynamicSize ? 0 : 3, { dynamicSize });
    const [, filled] = tl.whileLoop(
      (time) => time.less(3),
      (time, ta, state) => {
        const row = tl.squeeze(tl.slice(v0, tl.stack([time, 0]), [1, -1]), [0]);
        return [time.add(1), ta.write(time, row.add(bias).add(state)), state.add(row)];
      },
      [int(0), array, state0],
      { shapeInvariants: [[], undefined, [null]] },
    );
    const out = filled.stack();
    const gradYs = [c(rows.map((row) => row.map((x) => -x)))];
    const [dRows, dState, dBias] = [v0, state0, bias].map((x) => tl.gradients(out, x, { gradYs })[0]);
    const sums = [0, 1, 2].map((from) => [0, 1, 2, 3, 4].map((k) => -rows.slice(from).reduce((a, r) => a + r[k], 0)));
    expect(run([out, dRows, dState, dBias])).toEqual([
      rows.map((row, t) =>
        row.map((x, k) => x + 100 + k + 1 + rows.slice(0, t).reduce((a, before) => a + before[k], 0)),
      ),
      sums,
      sums[0],
      sums[0],
    ]);
    expect(run([dRows])).toEqual([sums]);
  });

  test('testGradSerialTwoLoops: 31, through a branch that reads what the loop wrote', () => {
    const steps = 100;
    const array = new tl.TensorArray('float32', steps, { clearAfterRead: false, elementShape: [] });
    const x = c(2);
    const [i1, first] = tl.whileLoop(
      (i) => i.less(5),
      (i, ta) => {
        const next = tl.cond(
          tl.equal(i, 0),
          () => x,
          () => ta.read(i.sub(1)).mul(2),
        );
        return [i.add(1), ta.write(i, next)];
      },
      [int(0), array],
    );
    const [, second] = tl.whileLoop(
      (i) => i.less(steps),
      (i, ta) => [i.add(1), ta.write(i, 0)],
      [i1, first],
    );
    expect(run(tl.gradients(second.stack(), x))).toEqual([31]);
  });
});

/** sum over i of a[i] * i, reading an array that the body captures. */
const weighted = (ta: tl.TensorArray, n: number, dtype: tl.DType): tl.Tensor => {
  const [, total] = tl.whileLoop(
    (i) => i.less(n),
    (i, sum) => [i.add(1), sum.add(ta.read(i).mul(tl.cast(i, dtype)))],
    [int(0), tl.zeros([], { dtype })],
  );
  return total;
};

/** The running products of x, written to an array in a loop. */
const products = (x: tl.Tensor, n: number): tl.TensorArray => {
  const [, ta] = tl.whileLoop(
    (i) => i.less(n),
    (i, written, p) => {
      const next = p.mul(tl.gather(x, i));
      return [i.add(1), written.write(i, next), next];
    },
    [int(0), new tl.TensorArray(x.dtype, n), tl.ones([], { dtype: x.dtype })],
  );
  return ta;
};

test('testShapeAfterWhileLoop: a loop gives back the structure it was given, arrays in it, and their element shapes', () => {
  const { i, out } = tl.whileLoop(
    (s) => s.i.less(2),
    (s) => ({ i: s.i.add(1), out: [s.out[0].write(s.i, [1, 2])] }),
    { i: int(0), out: [new tl.TensorArray('float32', 2)] },
  );
  expectTypeOf(i).toEqualTypeOf<tl.Tensor>();
  expectTypeOf(out).toEqualTypeOf<tl.TensorArray[]>();
  expect([out[0].elementShape, out[0].stack().shape]).toEqual([[2], [null, 2]]);
  expect(run([out[0].stack(), out[0].size()])).toEqual([
    [
      [1, 2],
      [1, 2],
    ],
    2,
  ]);
});

test('a branch gives an array back, written or not', () => {
  const x = tl.placeholder('float32', []);
  const made = tl.cond(
    x.greater(0),
    () => new tl.TensorArray('float32', 2).write(1, x),
    () => new tl.TensorArray('float32', 2).write(0, x.mul(3)),
  );
  const y = made.stack();
  const session = new tl.Session();
  const [dx] = tl.gradients(y, x);
  const at = (v: number): unknown[] =>
    session.runSync([y, dx ?? expect.fail('no gradient')], [[x, v]]).map((r) => r.toArray());
  expect([at(2), at(-2)]).toEqual([
    [[0, 2], 1],
    [[-6, 0], 3],
  ]);
  session.close();
});

test('a tensor where an array belongs, and the other way round', () => {
  const array = new tl.TensorArray('float32', 2);
  const loop = (f: (i: tl.Tensor, ta: tl.TensorArray) => unknown) => () =>
    tl.whileLoop((i) => i.less(2), f, [int(0), array]);
  expect(loop((i) => [i.add(1), i])).toThrow('whileLoop: body: expected a TensorArray, got a tensor.');
  expect(loop((_, ta) => [ta, ta])).toThrow('whileLoop: body: expected a tensor, got a TensorArray.');
  expect(() => tl.scan((_, x) => x, array, { initializer: 0 })).toThrow(
    'scan: elems: expected tensors, got a TensorArray. Pass stack() of it.',
  );
});

test('errors of a body name the index and its line', () => {
  const [, ta] = tl.whileLoop(
    (i) => i.less(3),
    (i, written) => [i.add(1), written.write(i, 1)],
    [int(0), new tl.TensorArray('float32', 2)],
  );
  expect(() => run([ta.stack()])).toThrow('index 2 is out of range for a list of 2 that does not grow.');
});

describe('gradients against differences, orders 1 and 2', () => {
  const points = fc
    .array(
      fc.integer({ min: 512, max: 1536 }).map((k) => k / 1024),
      { minLength: 1, maxLength: 4 },
    )
    .map((x) => Float64Array.from(x));
  const check = (build: (x: tl.Tensor, n: number) => tl.Tensor | tl.Tensor[]): void =>
    fc.assert(
      fc.property(points, (x) => {
        checkGradients({ inputs: [x], order: 2, build: ([t]) => build(t, x.length) });
      }),
      { numRuns: 8 },
    );

  test('writing in a loop', () => {
    check((x, n) => products(x, n).stack().sin());
  });

  test('reading in a loop, twice in each iteration', () => {
    check((x, n) => {
      const ta = new tl.TensorArray('float64', n).unstack(x.mul(x));
      const [, total] = tl.whileLoop(
        (i) => i.less(n),
        (i, sum) => [i.add(1), sum.add(ta.read(i).mul(ta.read(n - 1)))],
        [int(0), tl.zeros([], { dtype: 'float64' })],
      );
      return total;
    });
  });

  test('reading what the same loop wrote before', () => {
    check((x, n) => {
      const [, ta] = tl.whileLoop(
        (i) => i.less(n),
        (i, written) => [
          i.add(1),
          written.write(i.add(1), written.read(i).mul(tl.gather(x, i)).sin().add(written.read(0))),
        ],
        [int(0), new tl.TensorArray('float64', n + 1).write(0, tl.gather(x, 0))],
      );
      return ta.stack();
    });
  });

  test('a loop in a loop: arrays written inside, read inside', () => {
    check((x, n) => {
      const [, ta] = tl.whileLoop(
        (i) => i.less(2),
        (i, rows) => [i.add(1), rows.write(i, products(x.add(tl.cast(i, 'float64')), n).stack())],
        [int(0), new tl.TensorArray('float64', 2)],
      );
      const read = new tl.TensorArray('float64', n).unstack(ta.read(1));
      const [, total] = tl.whileLoop(
        (i) => i.less(2),
        (i, sum) => [i.add(1), sum.add(weighted(read, n, 'float64').mul(sum.add(1)))],
        [int(0), tl.zeros([], { dtype: 'float64' })],
      );
      return [ta.concat(), total];
    });
  });

  test('a branch that reads or writes', () => {
    check((x, n) => {
      const [, ta] = tl.whileLoop(
        (i) => i.less(n),
        (i, written) => {
          const even = tl.equal(tl.mod(i, 2), 0);
          const v = tl.gather(x, i);
          return [
            i.add(1),
            tl.cond(
              even,
              () => written.write(i, v.square()),
              () => written.write(i, v.mul(written.read(0))),
            ),
          ];
        },
        [int(0), new tl.TensorArray('float64', n, { elementShape: [] })],
      );
      return ta.stack().exp();
    });
  });
});

test.each(['sqrt', 2] as const)('with checkpoints at %s, gradients are the same', (checkpointEvery) => {
  const x = tl.identity(c([1, 2, 3, 4, 5, 6, 7]));
  const source = new tl.TensorArray('float32', 7).unstack(x);
  const derivatives = (options: { checkpointEvery?: number | 'sqrt' }): (tl.Tensor | null)[] => {
    const [, ta] = tl.whileLoop(
      (i) => i.less(7),
      (i, written, p) => {
        const next = p.mul(0.5).add(source.read(i).square());
        return [i.add(1), written.write(i, next), next];
      },
      [int(0), new tl.TensorArray('float32', 7), c(0)],
      options,
    );
    const y = ta.stack();
    const [dx] = tl.gradients(y, x);
    return [y, dx, ...tl.gradients(dx ?? expect.fail('no gradient'), x)];
  };
  const saved = run(derivatives({}));
  expect(saved[1]).toEqual([3.96875, 7.875, 11.625, 15, 17.5, 18, 14]);
  expect(run(derivatives({ checkpointEvery }))).toEqual(saved);
});

describe('T elements cost O(T)', () => {
  /** How many references a run makes, which is what copying lists costs. */
  const references = (build: (n: number) => (tl.Tensor | null)[], n: number): number => {
    tl.resetDefaultGraph();
    const backend = reference();
    let count = 0;
    const counting: tl.Backend = {
      ...backend,
      retain: (x) => {
        count++;
        return backend.retain(x);
      },
    };
    run(build(n), counting);
    return count;
  };
  const cases: [string, (n: number) => (tl.Tensor | null)[]][] = [
    ['written once each', (n) => [products(tl.ones([n]), n).stack()]],
    [
      'written once each, with the gradient',
      (n) => {
        const x = tl.identity(tl.ones([n]));
        const y = new tl.TensorArray('float32', n).unstack(x);
        const [, ta] = tl.whileLoop(
          (i) => i.less(n),
          (i, written) => [i.add(1), written.write(i, y.read(i).mul(2))],
          [int(0), new tl.TensorArray('float32', n)],
        );
        return tl.gradients(ta.stack(), x);
      },
    ],
    [
      'read in a branch, with the gradient',
      (n) => {
        const x = tl.identity(tl.ones([n]));
        const [, ta] = tl.whileLoop(
          (i) => i.less(n),
          (i, written) => {
            const next = tl.cond(
              tl.equal(i, 0),
              () => tl.gather(x, 0),
              () => written.read(i.sub(1)).mul(2),
            );
            return [i.add(1), written.write(i, next)];
          },
          [int(0), new tl.TensorArray('float32', n, { elementShape: [] })],
        );
        return tl.gradients(ta.stack(), x);
      },
    ],
    [
      'read once each, with the gradient and its gradient',
      (n) => {
        const x = tl.identity(tl.ones([n]));
        const total = weighted(new tl.TensorArray('float32', n).unstack(x.mul(x)), n, 'float32');
        const [dx] = tl.gradients(total.square(), x);
        return tl.gradients(dx ?? expect.fail('no gradient'), x);
      },
    ],
  ];
  test.each(cases)('%s', (_, build) => {
    const [few, many] = [references(build, 100), references(build, 400)];
    expect(many).toBeLessThan(5 * few);
  });
});
