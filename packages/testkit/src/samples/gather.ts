import { type DType, NDArray, indexing, sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { axisOf, ndarrays, shapes } from '../arbitraries.js';
import { type Sample, type Sampler, allDTypes, int, ints, numericDTypes, samplersOf } from './sampler.js';

/** What an op that indexes is called with: shapes of its operands, and indices within the bounds of the axes they name. */
interface Plan<A> {
  readonly data: readonly number[];
  readonly indices: readonly number[];
  /** The length of the axis that the entries of the last axis of the indices name, in turn; one length for all. */
  readonly lengths: readonly number[];
  readonly min?: number;
  readonly attrs: A;
}

/** Indices that lie in their axes; none at all where an axis is empty. */
const indicesFor = ({ indices, lengths, min = 0 }: Plan<unknown>): fc.Arbitrary<Int32Array> =>
  fc
    .tuple(
      ...Array.from({ length: sizeOf(indices) }, (_, i) =>
        fc.integer({ min, max: Math.max(min, lengths[i % lengths.length] - 1) }),
      ),
    )
    .map((values) => Int32Array.from(values));

/** An index shape: of rank 0 to 2, and empty where an axis that it names is. */
const indexShapes = (isEmpty: boolean): fc.Arbitrary<number[]> =>
  isEmpty ? fc.constantFrom([0], [2, 0]) : shapes({ maxRank: 2, maxLength: 6 });

const indexed = <A, P extends Plan<A> = Plan<A>>(
  plans: fc.Arbitrary<P & Plan<A>>,
  dtypes: readonly DType[],
  arrange: (data: Sample['inputs'][number], indices: Sample['inputs'][number], plan: P) => Sample['inputs'],
): Sampler<A> => ({
  dtypes,
  draw: (dtype, specials) =>
    plans.chain((plan) =>
      fc.tuple(ndarrays(dtype, plan.data, { specials }), indicesFor(plan)).map(([data, values]): Sample<A> => {
        const indices = new NDArray('int32', plan.indices, values);
        return { inputs: arrange(data, indices, plan), attrs: plan.attrs };
      }),
    ),
});

const shape = shapes({ minRank: 1, maxRank: 3 });

/** A tensor, positions in it, and an update for each. */
const scattered = (dtypes: readonly DType[]): Sampler<object> => ({
  dtypes,
  draw: (dtype, specials) =>
    positions.chain((plan) => {
      const parts = [...plan.indices.slice(0, -1), ...plan.data.slice(plan.indices[plan.indices.length - 1])];
      return fc
        .tuple(ndarrays(dtype, plan.data, { specials }), indicesFor(plan), ndarrays(dtype, parts, { specials }))
        .map(([data, values, updates]) => ({
          inputs: [data, new NDArray('int32', plan.indices, values), updates],
          attrs: {},
        }));
    }),
});

/** A tensor, and indices [..., k] that name positions along its first k axes. */
const positions: fc.Arbitrary<Plan<object>> = fc.tuple(shape, fc.nat(3)).chain(([data, depth]) => {
  const k = Math.min(depth, data.length);
  const lengths = data.slice(0, k);
  return indexShapes(lengths.includes(0)).map((outer) => ({
    data,
    indices: [...outer, k],
    lengths: k === 0 ? [1] : lengths,
    attrs: {},
  }));
});

/** Samplers of the ops that read and write by index. */
export const indexingSamplers = samplersOf(indexing, {
  gather: indexed(
    shape.chain((data) =>
      axisOf(data.length).chain((axis) =>
        indexShapes(data[axis] === 0).map((indices) => ({ data, indices, lengths: [data[axis]], attrs: { axis } })),
      ),
    ),
    allDTypes,
    (data, indices) => [data, indices],
  ),
  gatherNd: indexed(positions, allDTypes, (data, indices) => [data, indices]),
  scatterNd: indexed(
    positions.map((plan) => ({
      ...plan,
      data: [...plan.indices.slice(0, -1), ...plan.data.slice(plan.indices[plan.indices.length - 1])],
      to: plan.data,
    })),
    numericDTypes,
    (updates, indices, { to }) => [indices, updates, ints(to)],
  ),
  unsortedSegmentSum: indexed(
    fc.tuple(shapes({ maxRank: 3 }), fc.nat(3), fc.integer({ min: 1, max: 5 })).map(([data, rank, segments]) => ({
      data,
      indices: data.slice(0, rank),
      lengths: [segments],
      min: -1,
      segments,
      attrs: {},
    })),
    numericDTypes,
    (data, ids, { segments }) => [data, ids, int(segments)],
  ),
  tensorScatterUpdate: scattered(allDTypes),
  tensorScatterAdd: scattered(numericDTypes),
  firstPosition: {
    dtypes: ['int32'],
    draw: () =>
      fc.array(fc.integer({ min: -2, max: 3 }), { maxLength: 8 }).map((ids) => ({ inputs: [ints(ids)], attrs: {} })),
  },
});
