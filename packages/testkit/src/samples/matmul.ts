import { NDArray, matrix } from '@tensorloom/graph';
import fc from 'fast-check';
import { broadcastableShapes, ndarrays, shapes } from '../arbitraries.js';
import { floatDTypes, numericDTypes, sampleShapes, samplersOf } from './sampler.js';

/** Mostly small, but also across the edges of a kernel's tiles. */
const length = fc.oneof({ weight: 3, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.nat(40) });

/** Samplers of the products. */
export const matrixSamplers = samplersOf(matrix, {
  matmul: {
    dtypes: numericDTypes,
    draw: (dtype, specials) =>
      fc
        .record({ m: length, k: length, n: length, transposeA: fc.boolean(), transposeB: fc.boolean() })
        .chain(({ m, k, n, transposeA, transposeB }) =>
          fc.record({
            inputs: fc.tuple(
              ndarrays(dtype, transposeA ? [k, m] : [m, k], { specials }),
              ndarrays(dtype, transposeB ? [n, k] : [k, n], { specials }),
            ),
            attrs: fc.constant({ transposeA, transposeB }),
          }),
        ),
  },
  batchMatmul: {
    dtypes: numericDTypes,
    draw: (dtype, specials) =>
      fc
        .record({
          batch: broadcastableShapes(2, shapes({ maxRank: 2, maxLength: 3 })),
          lengths: fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5)),
          transposeA: fc.boolean(),
          transposeB: fc.boolean(),
        })
        .chain(({ batch: [a, b], lengths: [m, k, n], transposeA, transposeB }) =>
          fc.record({
            inputs: fc.tuple(
              ndarrays(dtype, [...a, ...(transposeA ? [k, m] : [m, k])], { specials }),
              ndarrays(dtype, [...b, ...(transposeB ? [n, k] : [k, n])], { specials }),
            ),
            attrs: fc.constant({ transposeA, transposeB }),
          }),
        ),
  },
  orthonormalize: {
    dtypes: floatDTypes,
    // Columns that are far from dependent: more on the diagonal than elsewhere together.
    draw: (dtype) =>
      fc
        .tuple(fc.nat(4), fc.nat(4))
        .chain(([n, more]) => ndarrays(dtype, [n + more, n], { min: -1, max: 1 }))
        .map(({ shape, data }) => ({
          inputs: [
            new NDArray(
              dtype,
              shape,
              data.map((v, i) => v + (i % (shape[1] + 1) === 0 ? 6 : 0)),
            ),
          ],
          attrs: {},
        })),
  },
  biasAdd: {
    dtypes: floatDTypes,
    draw: (dtype, specials) =>
      sampleShapes({ minRank: 1 })
        .chain((shape) =>
          fc.tuple(ndarrays(dtype, shape, { specials }), ndarrays(dtype, shape.slice(-1), { specials })),
        )
        .map((inputs) => ({ inputs, attrs: {} })),
  },
});
