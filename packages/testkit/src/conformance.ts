import { reference } from '@tensorloom/backend-reference';
import { type DType, NDArray, type Op, isFloating, messageOf, showShape } from '@tensorloom/graph';
import { type Backend, kernelFor } from '@tensorloom/runtime';
import fc from 'fast-check';
import { ndarrays } from './arbitraries.js';
import { expectNoLeaks } from './leaks.js';
import { type ConformanceProgram, checkProgram } from './programs/program.js';
import { programs } from './programs/programs.js';
import { runKernel } from './run-kernel.js';
import { samplers } from './samples/index.js';
import { type Sample, type Sampler, sampleShapes } from './samples/sampler.js';
import { type Tolerance, compareTensors, toleranceOf } from './tolerance.js';
import { transfer } from './transfer.js';

/** What one op of a backend may do differently. */
export interface ConformanceException extends Partial<Tolerance> {
  /** The dtypes its kernel takes; default: all that the backend holds and the op takes. */
  readonly dtypes?: readonly DType[];
  /** Whether NaN, infinities, subnormal and wrapping numbers are among its samples. */
  readonly specials?: boolean;
}

/** How a backend is checked. */
export interface ConformanceOptions {
  /** Samples per op and dtype; default 25. */
  readonly samples?: number;
  /** What the samples are drawn from; default 1. */
  readonly seed?: number;
  /** Float tolerance, for a device that is less precise; default: `tolerances` of the dtype. */
  readonly tolerance?: Partial<Tolerance>;
  /** Whether NaN, infinities, subnormal and wrapping numbers are among the samples; default true. */
  readonly specials?: boolean;
  /** Whether subnormal numbers are among them; without, they are 0, as many GPUs take them. Default true. */
  readonly subnormals?: boolean;
  /** Whether an op without a kernel is a failure; default false. */
  readonly complete?: boolean;
  /** What some ops may do differently. */
  readonly exceptions?: ReadonlyMap<Op, ConformanceException>;
  /** The ops to check, and what they are checked on; default: all. */
  readonly samplers?: ReadonlyMap<Op, Sampler>;
  /**
   * Programs to run besides, on a backend that holds float32, int32 and bool; default: `programs`, none beside `samplers`. `modelPrograms` of
   * `@tensorloom/testkit/models` train recurrent networks.
   */
  readonly programs?: readonly ConformanceProgram[];
}

/** How one op went with one dtype, or a program. */
export interface ConformanceResult {
  /** The op's name, or the program's. */
  readonly op: string;
  readonly kind: 'transfer' | 'op' | 'program';
  readonly dtype: DType;
  /** `missing`: no kernel, or the backend does not hold the dtypes that the op takes and gives. */
  readonly status: 'passed' | 'failed' | 'missing';
  /** Samples compared. */
  readonly samples: number;
  /** The largest error seen, as a fraction of what the tolerance allows. */
  readonly worstError: number;
  /** Why the kernel computes this in host memory; nothing when it computes on the device. */
  readonly inHostMemory?: string;
  /** Of a failure: the smallest failing sample found, what was expected and what was got. */
  readonly failure?: string;
}

/** Some op did not agree with the reference; `report` says how each went. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
  constructor(
    message: string,
    readonly report: readonly ConformanceResult[],
  ) {
    super(message);
  }
}

/**
 * Compares every kernel of a backend with the reference backend, over samples of all shapes and dtypes that the op takes:
 * empty, scalar, broadcast, and, unless declined, special numbers. Each sample checks dtype, shape and elements, that inputs
 * were only borrowed unless donated, and that no handle is left. Transfers to the device and back are checked first, programs last:
 * loops, lists, branches, gradients, variables, random numbers, errors. Rejects with a `ConformanceError` naming op and sample.
 */
export async function conformance(backend: Backend, options: ConformanceOptions = {}): Promise<ConformanceResult[]> {
  const report: ConformanceResult[] = [];
  for (const dtype of backend.dtypes) report.push(await checkTransfers(backend, dtype, options));
  for (const [op, sampler] of options.samplers ?? samplers) {
    const { dtypes = sampler.dtypes } = options.exceptions?.get(op) ?? {};
    for (const dtype of dtypes.filter((d) => sampler.dtypes.includes(d) && backend.dtypes.has(d))) {
      report.push(await checkOp(backend, op, dtype, sampler, options));
    }
  }
  if (needed.every((dtype) => backend.dtypes.has(dtype))) {
    for (const program of options.programs ?? (options.samplers === undefined ? programs : [])) {
      const outcome = await checkProgram(backend, program, options.tolerance);
      report.push({ op: program.name, kind: 'program', dtype: 'float32', ...outcome });
    }
  }
  const failed = report.filter((r) => r.status === 'failed' || (options.complete === true && r.status === 'missing'));
  if (failed.length === 0) return report;
  const lines = failed.map((r) => `  ${r.op} ${r.dtype}: ${r.failure ?? 'no kernel.'}`);
  throw new ConformanceError(
    `conformance: backend '${backend.name}' failed ${failed.length} of ${report.length} checks.\n${lines.join('\n')}`,
    report,
  );
}

async function checkTransfers(backend: Backend, dtype: DType, options: ConformanceOptions): Promise<ConformanceResult> {
  const { specials = true } = options;
  const arrays = sampleShapes()
    .chain((shape) => ndarrays(dtype, shape, { specials }))
    .map((x) => allowed(x, options));
  const outcome = await checkAll(arrays, options, showTensor, async (x) => {
    await expectNoLeaks(backend, () => transfer(backend, x));
    return 0;
  });
  return { op: 'Transfer', kind: 'transfer', dtype, ...outcome };
}

async function checkOp(
  backend: Backend,
  op: Op,
  dtype: DType,
  sampler: Sampler,
  options: ConformanceOptions,
): Promise<ConformanceResult> {
  if (kernelFor(backend, op) === undefined) return { op: op.name, kind: 'op', dtype, ...missing };
  const exception = options.exceptions?.get(op) ?? {};
  const oracle = reference();
  const samples = fc.record({
    sample: sampler
      .draw(dtype, exception.specials ?? options.specials ?? true)
      .map(({ inputs, attrs }): Sample => ({ inputs: inputs.map((x) => allowed(x, options)), attrs })),
    donate: fc.boolean(),
  });
  const outcome = await checkAll(samples, options, showSample, async ({ sample, donate }) => {
    const expected = await runKernel(oracle, op, sample, false);
    const onDevice = sample.inputs.filter((_, i) => !op.hostInputs.includes(i));
    fc.pre([...onDevice, ...expected].every((t) => backend.dtypes.has(t.dtype)));
    const got = await expectNoLeaks(backend, () => runKernel(backend, op, sample, donate));
    if (got.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${got.length}.`);
    const errors = expected.map((e, i) =>
      compareTensors(e, got[i], toleranceOf(op, e.dtype, { ...options.tolerance, ...exception })),
    );
    return Math.max(0, ...errors);
  });
  const inHostMemory = backend.inHostMemory?.(op, dtype);
  return { op: op.name, kind: 'op', dtype, ...outcome, ...(inHostMemory !== undefined && { inHostMemory }) };
}

/** What programs compute with. */
const needed: readonly DType[] = ['float32', 'int32', 'bool'];

/** The smallest number of float32 that is not subnormal. */
const SMALLEST_NORMAL = 2 ** -126;

/** The elements that the samples may have. */
function allowed(x: NDArray, { subnormals = true }: ConformanceOptions): NDArray {
  if (subnormals || !isFloating(x.dtype)) return x;
  return new NDArray(
    x.dtype,
    x.shape,
    x.data.map((v) => (Math.abs(v) < SMALLEST_NORMAL ? 0 : v)),
  );
}

type Outcome = Omit<ConformanceResult, 'op' | 'kind' | 'dtype'>;
const missing: Outcome = { status: 'missing', samples: 0, worstError: 0 };

/** Runs `check`, which gives an error in units of the tolerance or throws, on samples; a failing one is made as small as it gets. */
async function checkAll<T>(
  arbitrary: fc.Arbitrary<T>,
  { samples = 25, seed = 1 }: ConformanceOptions,
  show: (sample: T) => string,
  check: (sample: T) => Promise<number>,
): Promise<Outcome> {
  let worstError = 0;
  const property = fc.asyncProperty(arbitrary, async (sample) => {
    worstError = Math.max(worstError, await check(sample));
  });
  const run = await fc.check(property, { numRuns: samples, seed });
  if (!run.failed) return { status: 'passed', samples: run.numRuns, worstError };
  // Without a counterexample, every sample was turned away: none was of dtypes that the backend holds.
  if (run.counterexample === null) return missing;
  const failure = `${messageOf(run.errorInstance)}\n    ${show(run.counterexample[0])}`;
  return { status: 'failed', samples: run.numRuns, worstError, failure };
}

const showTensor = (x: NDArray): string => `${x.dtype}${showShape(x.shape)} ${x.toString()}`;
const showSample = ({ sample: { inputs, attrs }, donate }: { sample: Sample; donate: boolean }): string =>
  `inputs${donate ? ' (donated)' : ''}: ${inputs.map(showTensor).join('; ')}; attributes: ${JSON.stringify(attrs)}`;
