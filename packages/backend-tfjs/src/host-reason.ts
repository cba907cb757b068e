import {
  type DType,
  type Op,
  alongAxis,
  create,
  elementwise,
  indexing,
  matrix,
  mixed,
  reduce,
  shape,
} from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';
import type { EngineName } from './engine.js';

/** The device input whose dtype says what an op computes with, where that is not the first. */
const decisive: ReadonlyMap<Op, number> = new Map<Op, number>([
  [mixed.select, 1],
  [create.oneHot, 1],
  [indexing.scatterNd, 1],
]);

/** The dtype that an op computes with, given its device inputs; float32 where it has none. */
export const dtypeOf = (op: Op, inputs: readonly Omit<HostTensor, 'data'>[], attrs: unknown): DType =>
  inputs.at(decisive.get(op) ?? 0)?.dtype ?? (hasDType(attrs) ? attrs.dtype : 'float32');

const hasDType = (attrs: unknown): attrs is { readonly dtype: DType } =>
  typeof attrs === 'object' && attrs !== null && 'dtype' in attrs;

const noKernel = 'tfjs has no kernel for it';
const exactIntegers = 'engines do not compute integers exactly';
const movesAsFloats = 'the engine moves integers as floats, which are exact up to 2^24 only';

const onGpu: ReadonlySet<EngineName> = new Set<EngineName>(['webgl', 'webgpu']);
const missing: ReadonlySet<Op> = new Set<Op>([matrix.orthonormalize, indexing.firstPosition]);
const arithmetic: ReadonlySet<Op> = new Set<Op>([
  ...Object.values(elementwise),
  ...Object.values(reduce),
  ...Object.values(matrix),
  ...Object.values(alongAxis).filter((op: Op) => op !== alongAxis.reverseSequence),
  indexing.scatterNd,
  indexing.tensorScatterAdd,
  indexing.unsortedSegmentSum,
  shape.sumTo,
]);
/** Ops that an engine lacks for a dtype, or gets wrong. */
const exceptions: readonly (readonly [engine: EngineName, op: Op, dtype: DType, reason: string])[] = [];

/** Why an engine leaves an op on tensors of a dtype to host memory; `undefined` where it does not. */
export function hostReason(engine: EngineName, op: Op, dtype: DType): string | undefined {
  if (missing.has(op)) return noKernel;
  if (dtype === 'int32' && onGpu.has(engine) && op !== mixed.cast) return movesAsFloats;
  if (dtype === 'int32' && arithmetic.has(op)) return exactIntegers;
  return exceptions.find(([e, o, d]) => e === engine && o === op && d === dtype)?.[3];
}
