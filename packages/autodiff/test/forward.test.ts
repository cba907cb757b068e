import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type CheckpointEvery,
  type Tensor,
  TensorArray,
  type WhileOptions,
  cast,
  cond,
  constant,
  matmul,
  placeholder,
  print,
  randomNormal,
  randomUniform,
  reduceMean,
  reduceSum,
  resetDefaultGraph,
  scan,
  setRandomSeed,
  whileLoop,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients, metered } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';

beforeEach(() => resetDefaultGraph());

const run = (fetches: readonly (Tensor | null)[]): number[][] => {
  const session = new Session({ backend: reference() });
  const live = fetches.map((t) => {
    if (t === null) throw new Error('a gradient is missing');
    return t;
  });
  const values = session.runSync(live).map((v) => Array.from(v.data));
  session.close();
  return values;
};

const near = (got: number[][], want: number[][], tolerance = 1e-6): void => {
  expect(got.map((g) => g.length)).toEqual(want.map((w) => w.length));
  got.forEach((g, i) => {
    g.forEach((v, j) => {
      expect(Math.abs(v - want[i][j])).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(want[i][j])));
    });
  });
};

const every = fc.constantFrom<CheckpointEvery>(1, 2, 3, 5, 100, 'sqrt');
const policies: readonly (CheckpointEvery | undefined)[] = [undefined, 1, 2, 3, 5, 100, 'sqrt'];

/** |v|^2 grows by at least 1 a turn; the limit lies off the values it can take. */
const untilLarge = (v: Tensor, w: Tensor, limit: number, options: WhileOptions): Tensor => {
  const [, r] = whileLoop(
    (total) => total.less(limit + 0.5),
    (total, y) => [total.add(1).add(cast(total.greater(3), v.dtype)), y.mul(w).add(y.mul(y).tanh())],
    [constant(0, { dtype: v.dtype }), v],
    options,
  );
  return r;
};

describe('segments that run again', () => {
  test.each([0, 1, 2, 7, 16, 30])(
    'a loop that turns until a value exceeds %i gives the gradients of save-all',
    (limit) => {
      const [v, w] = [constant([0.5, -0.25]), constant(0.75)];
      const gradientsOf = (checkpointEvery: CheckpointEvery | undefined): number[][] =>
        run(gradients(untilLarge(v, w, limit, { checkpointEvery }), [v, w]));
      const all = gradientsOf(undefined);
      for (const policy of policies) near(gradientsOf(policy), all);
    },
  );

  test('a loop that never turns, with maximumIterations 0', () => {
    const [v, w] = [constant([0.5, -0.25]), constant(0.75)];
    for (const checkpointEvery of policies) {
      const r = untilLarge(v, w, 10, { checkpointEvery, maximumIterations: 0 });
      expect(run([r, ...gradients(r, [v, w])])).toEqual([[0.5, -0.25], [1, 1], [0]]);
    }
  });

  test('maximumIterations ends segments too', () => {
    for (const maximumIterations of [1, 3, 4, 6, 7]) {
      for (const checkpointEvery of policies) {
        const [i] = whileLoop(
          (n) => n.less(100),
          (n) => [n.add(1)],
          [constant(0)],
          { checkpointEvery, maximumIterations },
        );
        expect(run([i])).toEqual([[maximumIterations]]);
      }
    }
  });

  test('a data-dependent number of turns against finite differences, orders 1 and 2', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), every, fc.nat(1000), (limit, checkpointEvery, seed) => {
        checkGradients({
          inputs: [Float64Array.of(0.5, -0.25), Float64Array.of(0.75)],
          order: 2,
          seed,
          build: ([v, w]) => untilLarge(v, w, limit, { checkpointEvery }),
        });
      }),
      { numRuns: 15 },
    );
  });

  test('a scan forwards and backwards against finite differences, orders 1 and 2', () => {
    const cases = fc.record({
      steps: fc.integer({ min: 1, max: 7 }),
      reverse: fc.boolean(),
      every,
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(cases, ({ steps, reverse, every: checkpointEvery, seed }) => {
        const data = Float64Array.from({ length: steps * 2 }, (_, i) => Math.sin(i + seed));
        checkGradients({
          inputs: [
            { shape: [steps, 2], data },
            { shape: [2, 2], data: Float64Array.of(0.5, -0.4, 0.3, 0.2) },
            Float64Array.of(0.1, 0.2),
          ],
          order: 2,
          seed,
          build: ([xs, w, h0]) =>
            scan(
              (h, x) =>
                matmul(h.reshape([1, 2]), w)
                  .reshape([2])
                  .add(x)
                  .tanh(),
              xs,
              {
                initializer: h0,
                reverse,
                checkpointEvery,
              },
            ),
        });
      }),
      { numRuns: 15 },
    );
  });

  test('scans of any length, known while building or not, give the values and gradients of save-all', () => {
    for (const steps of [0, 1, 2, 5, 9, 10]) {
      for (const known of [true, false]) {
        for (const reverse of [true, false]) {
          resetDefaultGraph();
          const data = Float32Array.from({ length: steps * 2 }, (_, i) => Math.sin(i));
          const xs = placeholder('float32', [known ? steps : null, 2]);
          const w = constant(0.7);
          const session = new Session({ backend: reference() });
          const results = policies.map((checkpointEvery) => {
            const states = scan((h, x) => h.mul(w).add(x).tanh(), xs, {
              initializer: constant([0.1, 0.2]),
              reverse,
              checkpointEvery,
            });
            const found = gradients(reduceSum(states.mul(states)), [xs, w]);
            const fetches = [states, ...found.map((d) => d ?? constant(Number.NaN))];
            const values = session.runSync(fetches, [[xs, { shape: [steps, 2], data }]]);
            expect(values[0].shape).toEqual([steps, 2]);
            expect(values[1].shape).toEqual([steps, 2]);
            return values.map((v) => Array.from(v.data));
          });
          results.forEach((r) => near(r, results[0]));
          session.close();
        }
      }
    }
  });

  test('a scan in a data-dependent loop, both in segments, against finite differences, orders 1 and 2', () => {
    for (const checkpointEvery of [2, 'sqrt'] as const) {
      checkGradients({
        inputs: [Float64Array.of(0.3, -0.2, 0.4), Float64Array.of(0.2)],
        order: 2,
        build: ([rows, start]) => {
          const [, r] = whileLoop(
            (size) => size.less(6.5),
            (size, y) => {
              const states = scan((h, x) => h.mul(x).add(h.tanh()), rows, { initializer: y, checkpointEvery });
              return [size.add(2), reduceMean(states, 0).add(y)];
            },
            [constant(0, { dtype: 'float64' }), start],
            { checkpointEvery },
          );
          return r;
        },
      });
    }
  });

  test('random numbers are those of the first time', () => {
    setRandomSeed(7);
    const w = constant([1, 1, 1]);
    const noises = scan(
      (_, x) => {
        const drawn = randomNormal([3], { seed: 3 });
        return [drawn, drawn.mul(w).mul(x)] as const;
      },
      constant([1, 1, 1, 1, 1, 1, 1]),
      { initializer: [constant([0, 0, 0]), constant([0, 0, 0])] as const, checkpointEvery: 3 },
    );
    // d/dw of the sum of w * noise is the sum of the noise.
    const [d] = gradients(reduceSum(noises[1]), w);
    const [sum, found] = run([reduceSum(noises[0], 0), d]);
    near([found], [sum]);
  });

  test('random numbers drawn in a loop and a branch inside a segment are those of the first time', () => {
    setRandomSeed(7);
    const w = constant(1);
    const [, total, sum] = whileLoop(
      (i) => i.less(5),
      (i, y, noise) => {
        const [, inner, seen] = whileLoop(
          (j) => j.less(3),
          (j, z, n) => {
            const u = randomUniform([], { seed: 11 });
            return [j.add(1), z.add(u.mul(w).mul(w)), n.add(u)];
          },
          [constant(0, { dtype: 'int32' }), y, noise],
        );
        return [i.add(1), inner, seen];
      },
      [constant(0, { dtype: 'int32' }), constant(0), constant(0)],
      { checkpointEvery: 2 },
    );
    const [d] = gradients(total, w);
    const [[found], [noise]] = run([d, sum]);
    expect(found).toBeCloseTo(2 * noise, 4);
    expect(noise).toBeGreaterThan(1);
  });
});

test('random numbers drawn in a branch of a segment are those of the first time, orders 1 and 2', () => {
  setRandomSeed(3);
  const w = constant(1);
  const [, total, noise] = whileLoop(
    (i) => i.less(7),
    (i, y, n) => {
      const [a, b] = cond(
        i.sub(i.floordiv(2).mul(2)).equal(0),
        () => {
          const u = randomUniform([], { seed: 5 });
          return [u.mul(w).mul(w), u];
        },
        () => [w.mul(0), constant(0)],
      );
      return [i.add(1), y.add(a), n.add(b)];
    },
    [constant(0, { dtype: 'int32' }), constant(0), constant(0)],
    { checkpointEvery: 3 },
  );
  const [d] = gradients(total, w);
  const [dd] = d === null ? [null] : gradients(d, w);
  const [[sum], [first], [second]] = run([noise, d, dd]);
  expect(first).toBeCloseTo(2 * sum, 5);
  expect(second).toBeCloseTo(2 * sum, 5);
});

test('what a segment prints is printed once', () => {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
  const x = constant(2);
  const [, r] = whileLoop(
    (i) => i.less(5),
    (i, y) => [i.add(1), print(y.mul(y).mul(0.5), [i])],
    [constant(0, { dtype: 'int32' }), x],
    { checkpointEvery: 2 },
  );
  run([r, ...gradients(r, x)]);
  spy.mockRestore();
  expect(lines).toEqual(['[0]', '[1]', '[2]', '[3]', '[4]']);
});

test('swapMemory keeps what is saved in host memory, with the same gradients', () => {
  const gradientsOf = (swapMemory: boolean, checkpointEvery?: CheckpointEvery): (Tensor | null)[] => {
    const [v, w] = [constant([0.5, -0.25]), constant(0.75)];
    return gradients(untilLarge(v, w, 16, { swapMemory, checkpointEvery }), [v, w]);
  };
  near(run(gradientsOf(true)), run(gradientsOf(false)));
  near(run(gradientsOf(true, 3)), run(gradientsOf(false)));
  // Bytes on the device at the most: with 40 turns of 1,000 elements all but a few are elsewhere.
  const peak = (swapMemory: boolean): number => {
    const v = constant(new Float32Array(1000).fill(0.5));
    const [, r] = whileLoop(
      (i) => i.less(40),
      (i, y) => [i.add(1), y.mul(y).add(v).tanh()],
      [constant(0, { dtype: 'int32' }), v],
      { swapMemory },
    );
    const backend = metered(reference());
    const session = new Session({ backend });
    session.runSync(gradients(r, v).filter((t) => t !== null));
    session.close();
    return backend.peak();
  };
  expect(peak(false)).toBeGreaterThan(40 * 4000);
  expect(peak(true)).toBeLessThan(12 * 4000);
});

test('swapMemory leaves where they are the arrays that a loop saves', () => {
  const gradientsOf = (swapMemory: boolean): (Tensor | null)[] => {
    const [v, w] = [constant([0.5, -0.25]), constant([0.75, 1])];
    const body = (i: Tensor, y: Tensor): [Tensor, Tensor] => {
      const [, array] = whileLoop(
        (j: Tensor) => j.less(2),
        (j: Tensor, a: TensorArray): [Tensor, TensorArray] => [j.add(1), a.write(j, y.mul(w).add(cast(j, 'float32')))],
        [constant(0, { dtype: 'int32' }), new TensorArray('float32', 2, { elementShape: [2] })],
      );
      const rows = scan((h, x) => h.mul(x).add(reduceSum(array.stack(), 0)).sin(), v, {
        initializer: y,
        checkpointEvery: 1,
      });
      return [i.add(1), reduceSum(rows, 0)];
    };
    const [, r] = whileLoop((i) => i.less(3), body, [constant(0, { dtype: 'int32' }), v], { swapMemory });
    return gradients(r, [v, w]);
  };
  near(run(gradientsOf(true)), run(gradientsOf(false)));
});

test('no gradient passes a loop with backProp: false', () => {
  const [v, w] = [constant([0.5, -0.25]), constant(0.75)];
  for (const checkpointEvery of policies) {
    expect(gradients(untilLarge(v, w, 5, { backProp: false, checkpointEvery }), [v, w])).toEqual([null, null]);
    const states = scan((h, x) => h.mul(x), v, { initializer: w, backProp: false, checkpointEvery });
    expect(gradients(states, [v, w])).toEqual([null, null]);
  }
});
