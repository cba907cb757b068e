import { apply1 } from '../context.js';
import { type InputSpec, type Op, makeOp, tensorInput } from '../op.js';
import { type Shape, compatible, mergeShapes, showShape } from '../shape.js';
import { type TensorSpec, showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { axisOf } from './axis.js';
import { type TensorLike, toInts, toTensor } from './convert.js';
import type { Named } from './elementwise.js';
import { shapeOperand } from './shape-inference.js';
import { type ShapeLike, toShape } from './shape.js';

/** What comes of (x, indices[..., k], updates): x with the part at each index set or, where it `adds`, added to. */
export const inferScatter =
  (name: string, adds: boolean) =>
  ([x, indices, updates]: readonly InputSpec[]): [TensorSpec] => {
    const { dtype, shape } = adds ? numericInput(name, x) : tensorInput(name, x);
    const { shape: at } = indexInput(name, 'indices', indices);
    const given = tensorInput(name, updates);
    const expected = partsAt(name, at, shape);
    if (given.dtype !== dtype || !compatible(given.shape, expected)) {
      throw new TypeError(
        `${name}: expected updates ${dtype}${showShape(expected)} for indices ${showShape(at)} into ${showSpec(x.spec)}, got ${showSpec(given)}. Give one update for each index.`,
      );
    }
    return [tensorSpec(dtype, shape)];
  };

const tensorScatter = (name: string, adds: boolean) => makeOp({ name, infer: inferScatter(name, adds) });

/** The family that reads and writes elements by index. Indices are data, so they are checked when it runs. */
export const indexing = {
  /** (x, indices): slices of x along an axis. */
  gather: makeOp<{ readonly axis: number }>({
    name: 'GatherV2',
    infer([x, indices], { axis }) {
      const { dtype, shape } = tensorInput('GatherV2', x);
      const { shape: at } = indexInput('GatherV2', 'indices', indices);
      if (shape !== undefined && axis >= shape.length) {
        throw new TypeError(`GatherV2: ${showSpec(x.spec)} has no axis ${axis}. Gather from a tensor of higher rank.`);
      }
      return [tensorSpec(dtype, shape && at && [...shape.slice(0, axis), ...at, ...shape.slice(axis + 1)])];
    },
    fold: ([x, indices]) => {
      const isVector = x.spec.kind === 'tensor' && x.spec.shape?.length === 1;
      const { value } = x;
      return isVector && value !== undefined
        ? indices.value?.map((i) => (i === null ? null : (value[i] ?? null)))
        : undefined;
    },
    show: ({ axis }) => `${axis}`,
  }),
  /** (x, indices[..., k]): the part of x at each index of k numbers. */
  gatherNd: makeOp({
    name: 'GatherNd',
    infer([x, indices]) {
      const { dtype, shape } = tensorInput('GatherNd', x);
      const { shape: at } = indexInput('GatherNd', 'indices', indices);
      return [tensorSpec(dtype, partsAt('GatherNd', at, shape))];
    },
  }),
  /** (indices[..., k], updates, shape): zeros, to which each update is added at its index. */
  scatterNd: makeOp({
    name: 'ScatterNd',
    hostInputs: [2],
    infer([indices, updates, dims]) {
      const { dtype, shape } = numericInput('ScatterNd', updates);
      const { shape: at } = indexInput('ScatterNd', 'indices', indices);
      const to = shapeOperand('ScatterNd', dims);
      const expected = partsAt('ScatterNd', at, to);
      if (!compatible(shape, expected)) {
        throw new TypeError(
          `ScatterNd: expected updates of shape ${showShape(expected)} for indices ${showShape(at)} into ${showShape(to)}, got ${showShape(shape)}. Give one update for each index.`,
        );
      }
      return [tensorSpec(dtype, to)];
    },
  }),
  /** (x, ids, n): row i of the result is the sum of the parts of x whose id is i; negative ids count nowhere. */
  unsortedSegmentSum: makeOp({
    name: 'UnsortedSegmentSum',
    hostInputs: [2],
    infer([x, ids, n]) {
      const { dtype, shape } = numericInput('UnsortedSegmentSum', x);
      const { shape: at } = indexInput('UnsortedSegmentSum', 'ids', ids);
      const count = tensorInput('UnsortedSegmentSum', n);
      if (count.dtype !== 'int32' || !compatible(count.shape, [])) {
        throw new TypeError(
          `UnsortedSegmentSum: expected the number of segments as an int32 scalar, got ${showSpec(count)}. Reshape it to [].`,
        );
      }
      const [segments = null] = n.value ?? [];
      if (segments !== null && segments < 0)
        throw new RangeError(`UnsortedSegmentSum: ${segments} segments, expected an integer from 0. Count them again.`);
      if (shape === undefined || at === undefined) return [tensorSpec(dtype, undefined)];
      if (mergeShapes(shape.slice(0, at.length), at) === null) {
        throw new TypeError(
          `UnsortedSegmentSum: expected ids of a shape that ${showSpec(x.spec)} begins with, got ${showShape(at)}. Give an id for each part.`,
        );
      }
      return [tensorSpec(dtype, [segments, ...shape.slice(at.length)])];
    },
  }),
  tensorScatterUpdate: tensorScatter('TensorScatterUpdate', false),
  tensorScatterAdd: tensorScatter('TensorScatterAdd', true),
  /** (ids): for each element of a vector the position of the first that equals it. */
  firstPosition: makeOp({
    name: 'FirstPosition',
    infer([ids]) {
      const { shape } = indexInput('FirstPosition', 'ids', ids);
      if (!compatible(shape, [null]))
        throw new TypeError(`FirstPosition: expected a vector, got ${showSpec(ids.spec)}. Reshape it to [-1].`);
      return [tensorSpec('int32', shape ?? [null])];
    },
  }),
};

function indexInput(op: string, what: string, input: InputSpec): TensorSpec {
  const spec = tensorInput(op, input);
  if (spec.dtype !== 'int32')
    throw new TypeError(`${op}: expected int32 ${what}, got ${showSpec(spec)}. Use cast() after rounding.`);
  return spec;
}

function numericInput(op: string, input: InputSpec): TensorSpec {
  const spec = tensorInput(op, input);
  if (spec.dtype === 'bool')
    throw new TypeError(`${op}: expected numbers, which it adds, got ${showSpec(spec)}. Use cast().`);
  return spec;
}

/** The shape of what indices [..., k] pick out of `shape`. */
function partsAt(op: string, indices: Shape, shape: Shape): Shape {
  if (indices?.length === 0)
    throw new TypeError(`${op}: expected indices of rank 1 or more, got a scalar. Put it in a vector.`);
  const depth = indices?.[indices.length - 1] ?? null;
  if (indices === undefined || shape === undefined || depth === null) return undefined;
  if (depth > shape.length) {
    throw new TypeError(
      `${op}: indices ${showShape(indices)} name ${depth} axes each, but ${showShape(shape)} has ${shape.length}. Shorten the last axis of the indices.`,
    );
  }
  return [...indices.slice(0, -1), ...shape.slice(depth)];
}

/**
 * The slices of x at `indices` along an axis: shape x[:axis] + indices + x[axis+1:]. An index out of range fails the run.
 * TensorFlow: `tf.gather`.
 */
export function gather(x: TensorLike, indices: TensorLike, { axis = 0, name }: Named & { axis?: number } = {}): Tensor {
  const t = toTensor(x, undefined, 'GatherV2');
  const a = axis === 0 && t.shape?.length !== 0 ? 0 : axisOf('GatherV2', t, axis);
  return apply1(indexing.gather, [t, toInts(indices, 'GatherV2')], { axis: a }, name);
}

/**
 * The parts of x at `indices` [..., k], each of which names a position along the first k axes: shape indices[:-1] + x[k:]. An index
 * out of range fails the run. TensorFlow: `tf.gather_nd`.
 */
export const gatherNd = (x: TensorLike, indices: TensorLike, { name }: Named = {}): Tensor =>
  apply1(indexing.gatherNd, [toTensor(x, undefined, 'GatherNd'), toInts(indices, 'GatherNd')], {}, name);

/**
 * Zeros of the given shape, to which each update is added at its index: indices [..., k], updates indices[:-1] + shape[k:]. An index
 * out of range fails the run. TensorFlow: `tf.scatter_nd`.
 */
export const scatterNd = (indices: TensorLike, updates: TensorLike, shape: ShapeLike, { name }: Named = {}): Tensor =>
  apply1(
    indexing.scatterNd,
    [toInts(indices, 'ScatterNd'), toTensor(updates, undefined, 'ScatterNd'), toShape(shape, 'ScatterNd')],
    {},
    name,
  );

/**
 * Sums of the parts of x by segment: row i is the sum of those whose id is i. The shape of `segmentIds` is what x's shape begins with;
 * a negative id counts nowhere, one from `numSegments` fails the run. TensorFlow: `tf.unsorted_segment_sum`.
 */
export const unsortedSegmentSum = (
  x: TensorLike,
  segmentIds: TensorLike,
  numSegments: TensorLike,
  { name }: Named = {},
): Tensor =>
  apply1(
    indexing.unsortedSegmentSum,
    [
      toTensor(x, undefined, 'UnsortedSegmentSum'),
      toInts(segmentIds, 'UnsortedSegmentSum'),
      toInts(numSegments, 'UnsortedSegmentSum'),
    ],
    {},
    name,
  );

const scattering =
  (op: Op) =>
  (x: TensorLike, indices: TensorLike, updates: TensorLike, { name }: Named = {}): Tensor => {
    const t = toTensor(x, undefined, op.name);
    return apply1(op, [t, toInts(indices, op.name), toTensor(updates, t.dtype, op.name)], {}, name);
  };

/**
 * x with its part at each index replaced by the update for it, the last one for equal indices: indices [..., k], updates
 * indices[:-1] + x[k:]. An index out of range fails the run. TensorFlow: `tf.tensor_scatter_update`.
 */
export const tensorScatterUpdate = scattering(indexing.tensorScatterUpdate);
/** x with the update for each index added to its part there; see `tensorScatterUpdate`. TensorFlow: `tf.tensor_scatter_add`. */
export const tensorScatterAdd = scattering(indexing.tensorScatterAdd);

/**
 * For each element of an int32 vector the position of the first element that equals it: the vector's groups of equal elements. What
 * `tf.unique` is used for where shapes must not depend on data.
 */
export const firstPosition = (ids: TensorLike, { name }: Named = {}): Tensor =>
  apply1(indexing.firstPosition, [toInts(ids, 'FirstPosition')], {}, name);

/** The functions of this file that are methods of tensors. */
export const gatherMethods = { gather, gatherNd };
