import { type DType, type Op, type ReduceAttrs, bytesPerElement, reduce, sizeOf } from '@tensorloom/graph';
import { type Kernel, kernelsOf } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import type { CpuBuffer, CpuTensor } from '../handles.js';
import type { Block } from '../memory.js';
import { PlanCache } from '../plan-cache.js';
import { runJob } from '../threads/shared-code.js';

/** A pass reduces the middle axis of [outer, reduced, inner] elements; the divisor is 1 except for the last pass of a mean. */
type Pass = (source: number, target: number, outer: number, reduced: number, inner: number, divisor: number) => void;
type Passes = Readonly<Partial<Record<DType, Pass>>>;

/** A reduction planned for a shape. */
export interface Reduction {
  readonly shape: readonly number[];
  readonly bytes: number;
  /** How many elements each result is made of. */
  readonly count: number;
  /** One for each run of neighbouring reduced axes; none when there is nothing to reduce. */
  readonly passes: readonly {
    readonly outer: number;
    readonly reduced: number;
    readonly inner: number;
    readonly bytes: number;
  }[];
}

/** How to reduce the axes of x that `isReduced` names to a result of shape `shape`. */
export function planReduction(
  x: Pick<CpuTensor, 'dtype' | 'shape'>,
  isReduced: (axis: number) => boolean,
  shape: readonly number[],
): Reduction {
  const size = bytesPerElement(x.dtype);
  const results = sizeOf(shape);
  const bytes = results * size;
  const count = x.shape.reduce((n, d, axis) => (isReduced(axis) ? n * d : n), 1);
  if (count === 0 || results === 0)
    return { shape, bytes, count, passes: [{ outer: results, reduced: 0, inner: 1, bytes }] };
  const runs: { length: number; reduced: boolean }[] = [];
  x.shape.forEach((length, axis) => {
    const reduced = isReduced(axis);
    const last = runs[runs.length - 1];
    if (length === 1) return;
    if (last?.reduced === reduced) last.length *= length;
    else runs.push({ length, reduced });
  });
  const passes = [];
  let inner = 1;
  let outer = runs.reduce((n, run) => n * run.length, 1);
  for (const { length, reduced } of runs.reverse()) {
    outer /= length;
    if (reduced) passes.push({ outer, reduced: length, inner, bytes: outer * inner * size });
    else inner *= length;
  }
  return { shape, bytes, count, passes };
}

/** Reduces x by a plan; `mean` divides. */
export function runReduction(
  { handles, memory }: Cpu,
  pass: Pass,
  plan: Reduction,
  x: CpuTensor,
  mean: boolean,
): CpuTensor {
  const { passes, shape, bytes, count } = plan;
  if (passes.length === 0) return handles.view(x, x.dtype, shape);
  const out = handles.allocate(x.dtype, shape, bytes);
  let from = x.buffer.address;
  let done: Block | undefined;
  for (let i = 0; i < passes.length; i++) {
    const { outer, reduced, inner } = passes[i];
    const isLast = i === passes.length - 1;
    const partial = isLast ? undefined : memory.allocate(passes[i].bytes);
    const to = partial === undefined ? out.buffer.address : partial.address;
    pass(from, to, outer, reduced, inner, isLast && mean ? count : 1);
    if (done !== undefined) memory.release(done);
    done = partial;
    from = to;
  }
  return out;
}

/** Elements that several threads should sum. */
const LARGE = 2 ** 17;

/** Columns that are not parted: those of a line of the cache. */
const GRAIN = 16;

/** A pass of sums of float32, of large ones by several threads, each with its columns. */
const sumOnThreads =
  ({ wasm, memory, threads }: Cpu): Pass =>
  (source, target, outer, reduced, inner, divisor) => {
    if (outer * reduced * inner < LARGE || inner < 2 * GRAIN) {
      wasm.sumFloat32(source, target, outer, reduced, inner, divisor);
      return;
    }
    const block = memory.allocate(32);
    const { address: args } = block;
    memory.views.int32.set([source, target, outer, reduced, inner], args / 4);
    memory.views.float64[args / 8 + 3] = divisor;
    runJob(threads, 'sumJob', wasm.sumJob, { rows: inner, grain: GRAIN, args });
    memory.release(block);
  };

/** The sums of each dtype, which sumTo takes too. */
export const sums = (cpu: Cpu): Passes => ({
  float32: sumOnThreads(cpu),
  float64: cpu.wasm.sumFloat64,
  int32: cpu.wasm.sumInt32,
});

/** The pass for a dtype. Throws `TypeError`, naming `op`, where there is none. */
export function passFor(op: string, passes: Passes, dtype: DType): Pass {
  const pass = passes[dtype];
  if (pass === undefined)
    throw new TypeError(`${op}: expected ${Object.keys(passes).join(' or ')} elements, got ${dtype}. Use cast().`);
  return pass;
}

function planAxes(x: CpuTensor, axes: readonly number[] | null, keepDims: boolean): Reduction {
  const isReduced = (axis: number): boolean => axes === null || axes.includes(axis);
  const kept = x.shape.map((d, axis) => (isReduced(axis) ? 1 : d));
  return planReduction(x, isReduced, keepDims ? kept : kept.filter((_, axis) => !isReduced(axis)));
}

/** Stands for all axes where plans are looked up. */
const allAxes: readonly number[] = [-1];

/** Kernels of the reduce family. */
export function reduceKernels(cpu: Cpu): [Op, Kernel<CpuBuffer>][] {
  const { wasm } = cpu;
  const kernel = (op: Op<ReduceAttrs>, passes: Passes, mean = false): Kernel<CpuBuffer, ReduceAttrs> => {
    const plans = new PlanCache<Reduction>();
    const plansKeepingDims = new PlanCache<Reduction>();
    return (inputs, { attrs: { axes, keepDims } }) => {
      const [x] = inputs;
      const cache = keepDims ? plansKeepingDims : plans;
      const key = axes ?? allAxes;
      const plan = cache.find(inputs, key) ?? cache.add(inputs, planAxes(x, axes, keepDims), key);
      return runReduction(cpu, passFor(op.name, passes, x.dtype), plan, x, mean);
    };
  };
  return kernelsOf(reduce, {
    sum: kernel(reduce.sum, sums(cpu)),
    mean: kernel(reduce.mean, { float32: sumOnThreads(cpu), float64: wasm.sumFloat64 }, true),
    prod: kernel(reduce.prod, { float32: wasm.prodFloat32, float64: wasm.prodFloat64, int32: wasm.prodInt32 }),
    max: kernel(reduce.max, { float32: wasm.maxFloat32, float64: wasm.maxFloat64, int32: wasm.maxInt32 }),
    min: kernel(reduce.min, { float32: wasm.minFloat32, float64: wasm.minFloat64, int32: wasm.minInt32 }),
    all: kernel(reduce.all, { bool: wasm.minBool }),
    any: kernel(reduce.any, { bool: wasm.maxBool }),
  });
}
