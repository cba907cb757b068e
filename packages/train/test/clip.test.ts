import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import { type Tensor, constant, placeholder, reduceSum, resetDefaultGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { clipByAverageNorm, clipByGlobalNorm, clipByNorm, globalNorm } from '@tensorloom/train';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import golden from '../../testkit/golden/optimizers.json' with { type: 'json' };
import { backends, expectClose } from './support.js';

beforeEach(() => resetDefaultGraph());

const { matrix, weights, vector, ...wanted } = golden.clipping;
const run = (t: Tensor, backend = reference()): unknown => {
  const session = new Session({ backend });
  const value = session.runSync(t).toArray();
  session.close();
  return value;
};
const slope = (y: Tensor, x: Tensor): Tensor => {
  const [g] = gradients(y, x);
  if (g === null) throw new Error('no gradient');
  return g;
};
const present = (t: Tensor | null): Tensor => {
  if (t === null) throw new Error('expected a tensor');
  return t;
};

describe.each(backends)("TensorFlow's values on $backend", ({ make }) => {
  const runAll = (ts: Tensor[]): unknown[] => {
    const session = new Session({ backend: make() });
    const values = session.runSync(ts).map((x) => x.toArray());
    session.close();
    return values;
  };

  test.each(wanted.clipByNorm)('clipByNorm, axes $axes, clipNorm $clipNorm', (want) => {
    const x = constant(matrix);
    const clipped = clipByNorm(x, want.clipNorm, want.axes === null ? {} : { axes: want.axes });
    const [values, gradient] = runAll([clipped, slope(clipped.mul(weights), x)]);
    expectClose(values, want.clipped);
    expectClose(gradient, want.gradient);
  });

  test.each(wanted.clipByAverageNorm)('clipByAverageNorm, clipNorm $clipNorm', (want) => {
    expectClose(runAll([clipByAverageNorm(matrix, want.clipNorm)])[0], want.clipped);
  });

  test.each(wanted.clipByGlobalNorm)('clipByGlobalNorm, clipNorm $clipNorm, useNorm $useNorm', (want) => {
    const options = want.useNorm === null ? {} : { useNorm: want.useNorm };
    const [[a, none, c], norm] = clipByGlobalNorm([matrix, null, vector], want.clipNorm, options);
    expect(none).toBeNull();
    const [first, last, got] = runAll([present(a), present(c), norm]);
    expectClose(first, want.clipped[0]);
    expectClose(last, want.clipped[1]);
    expectClose(got, want.globalNorm);
  });

  test('globalNorm', () => {
    expectClose(runAll([globalNorm([matrix, null, vector])])[0], wanted.globalNorm);
    expect(runAll([globalNorm([null]), globalNorm([])])).toEqual([0, 0]);
  });
});

const vectors = fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 });
const norm = (xs: number[]): number => Math.hypot(...xs);

test('no norm is above the limit, and what is within stays exactly as it is', () => {
  fc.assert(
    fc.property(vectors, vectors, fc.float({ min: 0.125, max: 50, noNaN: true }), (a, b, limit) => {
      resetDefaultGraph();
      const session = new Session({ backend: reference() });
      const [[x, y]] = clipByGlobalNorm([a, b], limit);
      const got = session.runSync([present(x), present(y), clipByNorm(a, limit)]);
      session.close();
      const [ga, gb, alone] = got.map((v) => [...v.data]);
      expect(norm([...ga, ...gb])).toBeLessThanOrEqual(limit * (1 + 1e-5));
      expect(norm(alone)).toBeLessThanOrEqual(limit * (1 + 1e-5));
      if (norm([...a, ...b]) < limit * (1 - 1e-5)) expect([ga, gb]).toEqual([a, b]);
      if (norm(a) < limit * (1 - 1e-5)) expect(alone).toEqual(a);
    }),
    { numRuns: 50 },
  );
});

test('gradients of first and second order, clipped and not, at zero too', () => {
  const x = [
    [0.3, -0.7, 0.2],
    [2, 1, -3],
    [0, 0, 0],
  ];
  for (const order of [1, 2] as const) {
    checkGradients({ inputs: [x], build: ([t]) => clipByNorm(t, 1, { axes: 1 }), order });
    checkGradients({ inputs: [x], build: ([t]) => clipByNorm(t, 1), order });
    checkGradients({ inputs: [x], build: ([t]) => clipByAverageNorm(t, 0.01), order });
    checkGradients({ inputs: [x, [1, 2]], build: ([t, u]) => clipByGlobalNorm([t, u], 1)[0].map(present), order });
    checkGradients({ inputs: [x, [1, 2]], build: ([t, u]) => globalNorm([t, u]), order });
  }
});

test('at zero the gradient is 1, not NaN', () => {
  const x = constant([0, 0]);
  const clipped = [clipByNorm(x, 1), clipByAverageNorm(x, 1), present(clipByGlobalNorm([x], 1)[0][0])];
  for (const y of clipped) {
    expect(run(y)).toEqual([0, 0]);
    expect(run(slope(y, x))).toEqual([1, 1]);
  }
  expect(run(slope(globalNorm([x]), x))).toEqual([0, 0]);
});

test('a norm that is NaN or infinite makes NaN of everything', () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const [[a, b], total] = clipByGlobalNorm([[1, 2], [bad]], 1);
    expect(run(present(a))).toEqual([NaN, NaN]);
    expect(run(present(b))).toEqual([NaN]);
    expect(run(total)).toBe(Math.abs(bad));
  }
  expect(run(clipByNorm([NaN, 1], 1))).toEqual([NaN, NaN]);
});

test('the limit may be a tensor; a negative one counts as 0', () => {
  const limit = placeholder('float64', []);
  const clipped = clipByNorm(constant([3, 4], { dtype: 'float32' }), limit);
  const session = new Session({ backend: reference() });
  const at = (value: number): unknown => session.runSync(clipped, [[limit, value]]).toArray();
  expectClose(at(1), [0.6, 0.8]);
  expect(at(10)).toEqual([3, 4]);
  expect(at(-1)).toEqual([0, 0]);
  session.close();
});

test('a limit that is not a scalar, and tensors of two dtypes, are errors', () => {
  expect(() => clipByNorm([1, 2], [1, 2])).toThrow('clipNorm: expected a scalar, got float32[2].');
  const double = constant([1], { dtype: 'float64' });
  expect(() => clipByGlobalNorm([[1], double], 1)).toThrow('operands differ in dtype: float32 and float64');
});

test('ops are in scopes of the names', () => {
  expect(clipByNorm([1], 1).name).toMatch(/^clip_by_norm\//);
  expect(reduceSum(present(clipByGlobalNorm([[1]], 1, { name: 'clip' })[0][0])).op.inputs[0].name).toMatch(/^clip\//);
});
