import { type StridedSliceAttrs, strided, stridedAxis } from '@tensorloom/graph';
import fc from 'fast-check';
import { axesOf, ndarrays, shapes } from '../arbitraries.js';
import { type Sampler, allDTypes, ints, samplersOf } from './sampler.js';

/** The bounds of a slice of one axis, in and out of range, forwards and backwards. */
const bounds = (length: number): fc.Arbitrary<[number, number, number]> =>
  fc.tuple(
    fc.integer({ min: -length - 1, max: length + 1 }),
    fc.integer({ min: -length - 1, max: length + 1 }),
    fc.constantFrom(1, 1, 2, 3, -1, -2),
  );

interface Plan {
  readonly shape: readonly number[];
  readonly bounds: readonly (readonly [number, number, number])[];
  readonly attrs: StridedSliceAttrs;
}

const plans: fc.Arbitrary<Plan> = shapes({ maxRank: 3 }).chain((shape) =>
  fc
    .tuple(fc.tuple(...shape.map(bounds)), axesOf(shape.length), axesOf(shape.length), axesOf(shape.length))
    .map(([all, openBegin, openEnd, singles]) => {
      // One index must be there.
      const single = singles.filter((axis) => shape[axis] > 0);
      const clipped = all.map(([begin, end, stride], axis): [number, number, number] =>
        single.includes(axis)
          ? [Math.max(-shape[axis], Math.min(shape[axis] - 1, begin)), end, stride]
          : [begin, end, stride],
      );
      const open = (axes: readonly number[]): number[] => axes.filter((axis) => !single.includes(axis));
      return { shape, bounds: clipped, attrs: { openBegin: open(openBegin), openEnd: open(openEnd), single } };
    }),
);

const vectors = ({ bounds: all }: Plan): ReturnType<typeof ints>[] =>
  [0, 1, 2].map((which) => ints(all.map((bound) => bound[which])));

const sampler = (
  make: (plan: Plan) => { readonly device: readonly number[]; readonly first: boolean },
): Sampler<StridedSliceAttrs> => ({
  dtypes: allDTypes,
  draw: (dtype, specials) =>
    plans.chain((plan) => {
      const { device, first } = make(plan);
      return ndarrays(dtype, device, { specials }).map((x) => ({
        inputs: first ? [x, ...vectors(plan)] : [ints(plan.shape), ...vectors(plan), x],
        attrs: plan.attrs,
      }));
    }),
});

/** Samplers of the slices with steps. */
export const stridedSamplers = samplersOf(strided, {
  stridedSlice: sampler(({ shape }) => ({ device: shape, first: true })),
  stridedSliceGrad: sampler(({ shape, bounds: all, attrs }) => ({
    device: shape.map((d, axis) => stridedAxis(d, axis, all[axis], attrs).length),
    first: false,
  })),
});
