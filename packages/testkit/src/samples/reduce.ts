import { type DType, type ReduceAttrs, reduce } from '@tensorloom/graph';
import fc from 'fast-check';
import { axesOf, ndarrays, shapes } from '../arbitraries.js';
import { type Sampler, floatDTypes, numericDTypes, sampleShapes, samplersOf } from './sampler.js';

const sampler = (dtypes: readonly DType[], drawnShape = sampleShapes()): Sampler<ReduceAttrs> => ({
  dtypes,
  draw: (dtype, specials) =>
    drawnShape.chain((shape) =>
      fc.record({
        inputs: fc.tuple(ndarrays(dtype, shape, { specials })),
        attrs: fc.record({ axes: fc.option(axesOf(shape.length), { freq: 10 }), keepDims: fc.boolean() }),
      }),
    ),
});

/** Samplers of the reductions. */
export const reduceSamplers = samplersOf(reduce, {
  sum: sampler(numericDTypes),
  mean: sampler(floatDTypes),
  max: sampler(numericDTypes),
  min: sampler(numericDTypes),
  // A product rounds at every factor: few of them keep within the tolerance.
  prod: sampler(numericDTypes, shapes({ maxRank: 3, maxLength: 3 })),
  all: sampler(['bool']),
  any: sampler(['bool']),
});
