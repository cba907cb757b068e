import { biasAdd, matmul, matrix, resetDefaultGraph } from '@tensorloom/graph';
import { checkGradients, ndarrays } from '@tensorloom/testkit';
import fc from 'fast-check';
import { beforeEach, describe, test } from 'vitest';
import { walkRules } from './walk.js';

beforeEach(() => resetDefaultGraph());

describe('the family', () => walkRules(matrix, { without: ['orthonormalize'] }));

test('matmul in all transpose forms, orders 1 and 2', () => {
  const dims = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }));
  const cases = fc
    .record({ dims, transposeA: fc.boolean(), transposeB: fc.boolean(), seed: fc.nat(1000) })
    .chain((c) => {
      const [m, k, n] = c.dims;
      return fc.tuple(
        fc.constant(c),
        ndarrays('float64', c.transposeA ? [k, m] : [m, k]),
        ndarrays('float64', c.transposeB ? [n, k] : [k, n]),
      );
    });
  fc.assert(
    fc.property(cases, ([{ transposeA, transposeB, seed }, a, b]) => {
      checkGradients({
        inputs: [a, b],
        order: 2,
        seed,
        build: ([x, y]) => matmul(x, y, { transposeA, transposeB }).sin(),
      });
    }),
    { numRuns: 20 },
  );
});

test('biasAdd, orders 1 and 2', () => {
  fc.assert(
    fc.property(ndarrays('float64', [2, 2, 3]), ndarrays('float64', [3]), fc.nat(1000), (x, b, seed) => {
      checkGradients({
        inputs: [x, b],
        shapes: [[null, 2, 3], [3]],
        order: 2,
        seed,
        build: ([t, bias]) => biasAdd(t, bias).tanh(),
      });
    }),
    { numRuns: 5 },
  );
});
