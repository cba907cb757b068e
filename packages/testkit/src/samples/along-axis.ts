import { alongAxis } from '@tensorloom/graph';
import fc from 'fast-check';
import { axisOf, ndarrays, shapes } from '../arbitraries.js';
import { type Sampler, allDTypes, int, numericDTypes, samplersOf } from './sampler.js';

/** A shape, and one of its axes, which is not empty. */
const shapeAndAxis = shapes({ minRank: 1, maxRank: 3 }).chain((shape) =>
  axisOf(shape.length).map((axis) => ({ shape: shape.map((d, i) => (i === axis ? Math.max(1, d) : d)), axis })),
);

const arg: Sampler<{ readonly axis: number }> = {
  dtypes: numericDTypes,
  draw: (dtype, specials) =>
    shapeAndAxis.chain(({ shape, axis }) =>
      fc.record({ inputs: fc.tuple(ndarrays(dtype, shape, { specials })), attrs: fc.constant({ axis }) }),
    ),
};

/** Samplers of the ops that work along one axis. */
export const alongAxisSamplers = samplersOf(alongAxis, {
  argMax: arg,
  argMin: arg,
  cumsum: {
    dtypes: numericDTypes,
    draw: (dtype, specials) =>
      shapeAndAxis.chain(({ shape, axis }) =>
        fc.record({
          inputs: fc.tuple(ndarrays(dtype, shape, { specials })),
          attrs: fc.record({ axis: fc.constant(axis), exclusive: fc.boolean(), reverse: fc.boolean() }),
        }),
      ),
  },
  topK: {
    dtypes: numericDTypes,
    draw: (dtype, specials) =>
      shapes({ minRank: 1, maxRank: 3 }).chain((shape) =>
        fc
          .tuple(ndarrays(dtype, shape, { specials }), fc.nat(shape[shape.length - 1]))
          .map(([x, k]) => ({ inputs: [x, int(k)], attrs: {} })),
      ),
  },
  reverseSequence: {
    dtypes: allDTypes,
    draw: (dtype, specials) =>
      shapes({ minRank: 2, maxRank: 4 }).chain((shape) =>
        fc.shuffledSubarray([...shape.keys()], { minLength: 2, maxLength: 2 }).chain(([seqAxis, batchAxis]) =>
          fc.record({
            inputs: fc.tuple(
              ndarrays(dtype, shape, { specials }),
              ndarrays('int32', [shape[batchAxis]], { min: 0, max: shape[seqAxis] }),
            ),
            attrs: fc.constant({ seqAxis, batchAxis }),
          }),
        ),
      ),
  },
});
