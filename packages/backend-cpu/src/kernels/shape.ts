import { type Op, bytesPerElement, sameShape, shape, showShape, sizeOf } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import { broadcastShape } from '../broadcast.js';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import { input } from '../emit/expression.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import { type Move, planMove, rowMajorSteps, runMove } from '../move.js';
import { PlanCache } from '../plan-cache.js';
import { type Region, bindRegion, runRegion } from '../region.js';
import { concat, pack, split, unpack } from './join.js';
import { type Reduction, passFor, planReduction, runReduction, sums } from './reduce.js';

/** Kernels of the shape family. What leaves elements where they are gives a view. */
export function shapeKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { handles } = cpu;
  const transposes = new PlanCache<Moved>();
  const reversals = new PlanCache<Moved>();
  const slices = new PlanCache<Moved>();
  const pads = new PlanCache<Moved>();
  const broadcasts = new PlanCache<Region>();
  const reductions = new PlanCache<Reduction>();
  const passes = sums(cpu);
  return kernelsOf(shape, {
    reshape: ([x], { host: [target] }) => handles.view(x, x.dtype, reshaped(x.shape, target.data)),
    expandDims: ([x], { attrs: { axes } }) => handles.view(x, x.dtype, withAxes(x.shape, axes)),
    squeeze: ([x], { attrs: { axes } }) => handles.view(x, x.dtype, withoutAxes(x.shape, axes)),
    transpose: (inputs, { attrs: { perm } }) => {
      const [x] = inputs;
      return moved(cpu, x, transposes.find(inputs, perm) ?? transposes.add(inputs, planTranspose(x, perm), perm));
    },
    reverse: (inputs, { attrs: { axes } }) => {
      const [x] = inputs;
      return moved(cpu, x, reversals.find(inputs, axes) ?? reversals.add(inputs, planReverse(x, axes), axes));
    },
    slice: (inputs, { host: [begin, size] }) => {
      const [x] = inputs;
      const to = sliced(x.shape, begin.data, size.data);
      const plan = slices.find(inputs, to) ?? slices.add(inputs, planSlice(x, to), to);
      return moved(cpu, x, plan, offsetOf(x.shape, begin.data));
    },
    pad: (inputs, { host: [paddings] }) => {
      const [x] = inputs;
      return moved(
        cpu,
        x,
        pads.find(inputs, paddings.data) ?? pads.add(inputs, planPad(x, paddings.data), paddings.data),
      );
    },
    broadcastTo: (inputs, { host: [target], donated }) => {
      const [x] = inputs;
      let region = broadcasts.find(inputs, target.data);
      if (region === undefined) {
        const to = checkBroadcast('BroadcastTo', x.shape, Array.from(target.data));
        region = broadcasts.add(inputs, bindRegion(cpu, 'BroadcastTo', input(0, x.dtype), inputs, to), target.data);
      }
      return sameSize(region.shape, x.shape)
        ? handles.view(x, x.dtype, region.shape)
        : runRegion(cpu, region, inputs, donated);
    },
    sumTo: (inputs, { host: [target] }) => {
      const [x] = inputs;
      let plan = reductions.find(inputs, target.data);
      if (plan === undefined) plan = reductions.add(inputs, planSumTo(x, Array.from(target.data)), target.data);
      return runReduction(cpu, passFor('SumTo', passes, x.dtype), plan, x, false);
    },
    concat: (inputs, { attrs: { axis } }) => concat(cpu, inputs, axis),
    pack: (inputs, { attrs: { axis } }) => pack(cpu, inputs, axis),
    split: ([x], { attrs: { axis }, host: [sizes] }) => split(cpu, x, sizes.data, axis),
    unpack: ([x], { attrs: { axis, num } }) => unpack(cpu, x, num, axis),
  });
}

/** The tensor that moving elements of x makes. */
interface Moved {
  readonly shape: readonly number[];
  readonly bytes: number;
  /** None when the result is a run of elements of x. */
  readonly move: Move | undefined;
  /** Elements before the first one that is moved, in x and in the result. */
  readonly source: number;
  readonly target: number;
  /** Whether the rest of the result is zero. */
  readonly zeros: boolean;
}

/** A result of shape `to`, whose axes step by `source` in x and by `target` in the result. */
function planMoved(
  x: CpuTensor,
  to: readonly number[],
  lengths: readonly number[],
  { source = rowMajorSteps(x.shape), target = rowMajorSteps(to), from = 0, at = 0 },
): Moved {
  const size = elementSize(x.dtype);
  const zeros = !sameSize(lengths, to);
  // The steps of an axis of length 1 are never taken.
  const contiguous = rowMajorSteps(to);
  const isRun = !zeros && lengths.every((n, i) => n === 1 || source[i] === contiguous[i]);
  return {
    shape: to,
    bytes: sizeOf(to) * size,
    move: isRun || sizeOf(lengths) === 0 ? undefined : planMove(size, lengths, source, target),
    source: from,
    target: at,
    zeros,
  };
}

/** Runs a plan; `offset` more elements of x are skipped. */
function moved(
  cpu: Cpu,
  x: CpuTensor,
  { shape: to, bytes, move, source, target, zeros }: Moved,
  offset = 0,
): CpuTensor {
  const size = bytesPerElement(x.dtype);
  const first = (source + offset) * size;
  if (move === undefined && !zeros) return cpu.handles.view(x, x.dtype, to, first);
  const out = cpu.handles.allocate(x.dtype, to, bytes);
  const { address } = out.buffer;
  if (zeros) cpu.memory.views.bool.fill(0, address, address + bytes);
  if (move !== undefined) runMove(cpu, move, x.buffer.address + first, address + target * size);
  return out;
}

const sameSize = (a: readonly number[], b: readonly number[]): boolean => sizeOf(a) === sizeOf(b);

function planTranspose(x: CpuTensor, perm: readonly number[]): Moved {
  if (perm.length !== x.shape.length) {
    throw new RangeError(`Transpose: [${perm.join(',')}] is not a permutation of the axes of ${showShape(x.shape)}.`);
  }
  const steps = rowMajorSteps(x.shape);
  const to = perm.map((p) => x.shape[p]);
  return planMoved(x, to, to, { source: perm.map((p) => steps[p]) });
}

function planReverse(x: CpuTensor, axes: readonly number[]): Moved {
  const steps = rowMajorSteps(x.shape);
  const from = axes.reduce((sum, axis) => sum + Math.max(0, x.shape[axis] - 1) * steps[axis], 0);
  return planMoved(x, x.shape, x.shape, { source: steps.map((s, axis) => (axes.includes(axis) ? -s : s)), from });
}

/** A block of x; where it begins is known at each run. */
const planSlice = (x: CpuTensor, to: readonly number[]): Moved => planMoved(x, to, to, {});

function planPad(x: CpuTensor, paddings: ArrayLike<number>): Moved {
  const to = x.shape.map((d, axis) => d + paddings[2 * axis] + paddings[2 * axis + 1]);
  if (paddings.length !== 2 * x.shape.length || Array.from(paddings).some((n) => n < 0)) {
    throw new RangeError(
      `Pad: expected two non-negative paddings for each axis of ${showShape(x.shape)}, got [${Array.from(paddings).join(',')}].`,
    );
  }
  const target = rowMajorSteps(to);
  return planMoved(x, to, x.shape, {
    target,
    at: target.reduce((sum, step, axis) => sum + step * paddings[2 * axis], 0),
  });
}

/** The axes that broadcasting from `to` had repeated. */
function planSumTo(x: CpuTensor, to: readonly number[]): Reduction {
  checkBroadcast('SumTo', to, x.shape);
  const missing = x.shape.length - to.length;
  return planReduction(x, (axis) => axis < missing || (to[axis - missing] === 1 && x.shape[axis] !== 1), to);
}

/** `to`, when `from` broadcasts to it. */
function checkBroadcast(op: string, from: readonly number[], to: readonly number[]): readonly number[] {
  if (!sameShape(broadcastShape(op, [from, to]), to)) {
    throw new RangeError(`${op}: ${showShape(from)} does not broadcast to ${showShape(to)}.`);
  }
  return to;
}

/** The shape `target`, its -1 computed. Throws `RangeError` when the sizes do not agree. */
function reshaped(from: readonly number[], target: ArrayLike<number>): readonly number[] {
  const to = Array.from(target);
  const size = sizeOf(from);
  const free = to.indexOf(-1);
  if (free >= 0) {
    to[free] = 1;
    const rest = sizeOf(to);
    to[free] = rest === 0 ? 0 : size / rest;
  }
  if (sizeOf(to) !== size || to.some((d) => d < 0 || !Number.isInteger(d))) {
    throw new RangeError(
      `Reshape: cannot view ${showShape(from)} (${size} elements) as [${Array.from(target).join(',')}]. The sizes must agree; one entry may be -1.`,
    );
  }
  return to;
}

function withAxes(from: readonly number[], axes: readonly number[]): readonly number[] {
  const to: number[] = [];
  let next = 0;
  for (let i = 0; i < from.length + axes.length; i++) to.push(axes.includes(i) ? 1 : from[next++]);
  return to;
}

function withoutAxes(from: readonly number[], axes: readonly number[]): readonly number[] {
  for (const axis of axes) {
    if (from[axis] !== 1)
      throw new RangeError(`Squeeze: axis ${axis} of ${showShape(from)} has length ${from[axis]}, expected 1.`);
  }
  return from.filter((_, axis) => !axes.includes(axis));
}

/** The lengths of a slice. Throws `RangeError` when it does not lie in the tensor. */
function sliced(from: readonly number[], begin: ArrayLike<number>, size: ArrayLike<number>): readonly number[] {
  if (begin.length !== from.length || size.length !== from.length) {
    throw new RangeError(
      `Slice: expected ${from.length} beginnings and sizes for ${showShape(from)}, got ${begin.length} and ${size.length}.`,
    );
  }
  const to: number[] = [];
  for (let axis = 0; axis < from.length; axis++) {
    const length = size[axis] === -1 ? from[axis] - begin[axis] : size[axis];
    if (begin[axis] < 0 || length < 0 || begin[axis] + length > from[axis]) {
      throw new RangeError(
        `Slice: axis ${axis} of ${showShape(from)} has no elements ${begin[axis]} to ${begin[axis] + length}.`,
      );
    }
    to.push(length);
  }
  return to;
}

/** Elements before the one at `begin`. */
function offsetOf(from: readonly number[], begin: ArrayLike<number>): number {
  let offset = 0;
  for (let axis = 0; axis < from.length; axis++) offset = offset * from[axis] + begin[axis];
  return offset;
}
