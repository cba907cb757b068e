import { NDArray, create, isFloating, toTypedArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { elements, ndarrays, shapes } from '../arbitraries.js';
import { allDTypes, int, ints, numericDTypes, sampleShapes, samplersOf } from './sampler.js';

/** Samplers of the ops that make tensors. */
export const createSamplers = samplersOf(create, {
  fill: {
    dtypes: allDTypes,
    draw: (dtype, specials) =>
      fc.tuple(sampleShapes().map(ints), ndarrays(dtype, [], { specials })).map((inputs) => ({ inputs, attrs: {} })),
  },
  range: {
    dtypes: numericDTypes,
    draw: (dtype) =>
      fc
        .tuple(
          elements(dtype),
          elements(dtype),
          elements(dtype, { awayFrom: [0], distance: isFloating(dtype) ? 0.25 : 1 }),
        )
        .map((bounds) => ({
          inputs: bounds.map((v) => new NDArray(dtype, [], toTypedArray(dtype, [v]))),
          attrs: { dtype },
        })),
  },
  oneHot: {
    dtypes: allDTypes,
    draw: (dtype, specials) =>
      shapes({ maxRank: 3 }).chain((shape) =>
        fc.record({
          // Indices out of range are part of it.
          inputs: fc.tuple(
            ndarrays('int32', shape, { min: -1, max: 6 }),
            fc.nat(5).map(int),
            ndarrays(dtype, [], { specials }),
            ndarrays(dtype, [], { specials }),
          ),
          attrs: fc.record({ axis: fc.nat(shape.length) }),
        }),
      ),
  },
});
