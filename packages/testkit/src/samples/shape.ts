import { type DType, shape as family, sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { axesOf, axisOf, ndarrays, shapes, shapesBroadcastingTo } from '../arbitraries.js';
import { type Sample, type Sampler, allDTypes, ints, numericDTypes, sampleShapes, samplersOf } from './sampler.js';

/** A sampler of an op that only moves elements: `plan` draws the shapes of its device inputs, its host operands and its attributes. */
const moving = <A>(plan: fc.Arbitrary<Plan<A>>, dtypes: readonly DType[] = allDTypes): Sampler<A> => ({
  dtypes,
  draw: (dtype, specials) =>
    plan.chain(({ device, host = [], attrs }) =>
      fc
        .tuple(...device.map((s) => ndarrays(dtype, s, { specials })))
        .map((inputs): Sample<A> => ({ inputs: [...inputs, ...host.map(ints)], attrs })),
    ),
});

interface Plan<A> {
  readonly device: readonly (readonly number[])[];
  readonly host?: readonly (readonly number[])[];
  readonly attrs: A;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const withLength = (shape: readonly number[], axis: number, length: number): number[] =>
  shape.map((d, i) => (i === axis ? length : d));
const few = { minLength: 1, maxLength: 4 };

/** A shape of rank 1 or more, and one of its axes. */
const shapeAndAxis = sampleShapes({ minRank: 1 }).chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: axisOf(shape.length) }),
);

/** The lengths of `shape` in another order, with a 1 more; perhaps one of them left to be computed. */
const reshaped = (shape: readonly number[]): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.shuffledSubarray([...shape, 1], { minLength: shape.length + 1 }), fc.option(fc.nat(shape.length)))
    .map(([to, free]) => (free === null || sizeOf(withLength(to, free, 1)) === 0 ? to : withLength(to, free, -1)));

const { shape: _shape, dim: _dim, ...onDevice } = family;

/** Samplers of the ops that move elements; `Shape` and `Dim` always run on the host. */
export const shapeSamplers = samplersOf(onDevice, {
  reshape: moving(
    sampleShapes().chain((shape) => reshaped(shape).map((to) => ({ device: [shape], host: [to], attrs: {} }))),
  ),
  transpose: moving(
    sampleShapes().chain((shape) =>
      fc
        .shuffledSubarray(range(shape.length), { minLength: shape.length })
        .map((perm) => ({ device: [shape], attrs: { perm } })),
    ),
  ),
  expandDims: moving(
    fc
      .tuple(shapes({ maxRank: 3 }), fc.integer({ min: 1, max: 2 }))
      .chain(([shape, n]) =>
        fc
          .subarray(range(shape.length + n), { minLength: n, maxLength: n })
          .map((axes) => ({ device: [shape], attrs: { axes } })),
      ),
  ),
  squeeze: moving(
    fc
      .array(fc.oneof(fc.constant(1), fc.nat(4)), { maxLength: 5 })
      .chain((shape) =>
        fc
          .subarray(range(shape.length).filter((i) => shape[i] === 1))
          .map((axes) => ({ device: [shape], attrs: { axes } })),
      ),
  ),
  concat: moving(
    shapeAndAxis.chain(({ shape, axis }) =>
      fc
        .array(fc.nat(3), few)
        .map((lengths) => ({ device: lengths.map((n) => withLength(shape, axis, n)), attrs: { axis } })),
    ),
  ),
  pack: moving(
    shapes({ maxRank: 3 }).chain((shape) =>
      fc
        .tuple(fc.nat(shape.length), fc.integer({ min: 1, max: 4 }))
        .map(([axis, n]) => ({ device: range(n).map(() => shape), attrs: { axis } })),
    ),
  ),
  unpack: moving(
    fc
      .tuple(shapeAndAxis, fc.integer({ min: 1, max: 4 }))
      .map(([{ shape, axis }, num]) => ({ device: [withLength(shape, axis, num)], attrs: { axis, num } })),
  ),
  split: moving(
    fc.tuple(shapeAndAxis, fc.array(fc.nat(3), few)).map(([{ shape, axis }, sizes]) => ({
      device: [
        withLength(
          shape,
          axis,
          sizes.reduce((a, b) => a + b),
        ),
      ],
      host: [sizes],
      attrs: { axis, num: sizes.length },
    })),
  ),
  slice: moving(
    sampleShapes().chain((shape) =>
      fc
        .tuple(
          ...shape.map((d) =>
            fc.nat(d).chain((from) => fc.tuple(fc.constant(from), fc.integer({ min: -1, max: d - from }))),
          ),
        )
        .map((blocks) => ({
          device: [shape],
          host: [blocks.map(([from]) => from), blocks.map(([, n]) => n)],
          attrs: {},
        })),
    ),
  ),
  pad: {
    dtypes: allDTypes,
    draw: (dtype, specials) =>
      shapes({ maxRank: 3 }).chain((shape) =>
        fc.record({
          inputs: fc.tuple(
            ndarrays(dtype, shape, { specials }),
            ndarrays('int32', [shape.length, 2], { min: 0, max: 2 }),
          ),
          attrs: fc.constant({}),
        }),
      ),
  },
  reverse: moving(
    sampleShapes().chain((shape) => axesOf(shape.length).map((axes) => ({ device: [shape], attrs: { axes } }))),
  ),
  broadcastTo: moving(
    sampleShapes().chain((shape) =>
      shapesBroadcastingTo(shape).map((from) => ({ device: [from], host: [shape], attrs: {} })),
    ),
  ),
  sumTo: moving(
    sampleShapes().chain((shape) =>
      shapesBroadcastingTo(shape).map((to) => ({ device: [shape], host: [to], attrs: {} })),
    ),
    numericDTypes,
  ),
});
