import { reference } from '@tensorloom/backend-reference';
import { type DType, type Op, isFloating, messageOf } from '@tensorloom/graph';
import type { Backend } from '@tensorloom/runtime';
import fc from 'fast-check';
import { expectNoLeaks } from './leaks.js';
import { runKernel } from './run-kernel.js';
import { samplers } from './samples/index.js';
import type { Sample, Sampler } from './samples/sampler.js';
import { type Tolerance, compareTensors, opTolerances, tolerances } from './tolerance.js';

/** What one op of a backend may do differently. */
export interface ConformanceException extends Partial<Tolerance> {
  /** The dtypes its kernel takes; default: all that the backend holds and the op takes. */
  readonly dtypes?: readonly DType[];
  /** Whether NaN, infinities, subnormal and wrapping numbers are among its samples. */
  readonly specials?: boolean;
}

export interface ConformanceOptions {
  /** Samples per op and dtype; default 25. */
  readonly samples?: number;
  /** What the samples are drawn from; default 1. */
  readonly seed?: number;
  /** Float tolerance, for a device that is less precise; default: `tolerances` of the dtype. */
  readonly tolerance?: Partial<Tolerance>;
  /** Whether NaN, infinities, subnormal and wrapping numbers are among the samples; default true. */
  readonly specials?: boolean;
  /** Whether an op without a kernel is a failure; default false. */
  readonly complete?: boolean;
  readonly exceptions?: ReadonlyMap<Op, ConformanceException>;
}

/** How one op went with one dtype. */
export interface ConformanceResult {
  readonly op: string;
  readonly dtype: DType;
  readonly status: 'passed' | 'failed' | 'missing';
  /** Samples compared. */
  readonly samples: number;
  /** The largest error seen, as a fraction of what the tolerance allows. */
  readonly worstError: number;
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
 * were only borrowed unless donated, and that no handle is left. Rejects with a `ConformanceError` naming op and sample.
 */
export async function conformance(backend: Backend, options: ConformanceOptions = {}): Promise<ConformanceResult[]> {
  const report: ConformanceResult[] = [];
  for (const [op, sampler] of samplers) {
    const { dtypes = sampler.dtypes } = options.exceptions?.get(op) ?? {};
    for (const dtype of dtypes.filter((d) => sampler.dtypes.includes(d) && backend.dtypes.has(d))) {
      report.push(await check(backend, op, dtype, sampler, options));
    }
  }
  const failed = report.filter((r) => r.status === 'failed' || (options.complete === true && r.status === 'missing'));
  if (failed.length > 0) {
    const lines = failed.map((r) => `  ${r.op} ${r.dtype}: ${r.failure ?? 'no kernel.'}`);
    throw new ConformanceError(
      `conformance: backend '${backend.name}' failed ${failed.length} of ${report.length} checks.\n${lines.join('\n')}`,
      report,
    );
  }
  return report;
}

async function check(
  backend: Backend,
  op: Op,
  dtype: DType,
  sampler: Sampler,
  { samples = 25, seed = 1, tolerance = {}, specials = true, exceptions }: ConformanceOptions,
): Promise<ConformanceResult> {
  const result = { op: op.name, dtype };
  if (!backend.kernels.has(op)) return { ...result, status: 'missing', samples: 0, worstError: 0 };
  const exception = exceptions?.get(op) ?? {};
  const allowed: Tolerance = { ...tolerances[dtype], ...(isFloating(dtype) && tolerance) };
  const ownAllowance = dtype === 'float32' ? opTolerances.get(op) : {};
  const oracle = reference();
  let worstError = 0;
  const agrees = async (sample: Sample, donate: boolean): Promise<void> => {
    const expected = await runKernel(oracle, op, sample, false);
    const got = await expectNoLeaks(backend, () => runKernel(backend, op, sample, donate));
    if (got.length !== expected.length) throw new Error(`expected ${expected.length} results, got ${got.length}.`);
    expected.forEach((e, i) => {
      const limit = { ...tolerances[e.dtype], ...(isFloating(e.dtype) && { ...allowed, ...ownAllowance, ...exception }) };
      worstError = Math.max(worstError, compareTensors(e, got[i], limit));
    });
  };
  const run = await fc.check(
    fc.asyncProperty(sampler.draw(dtype, exception.specials ?? specials), fc.boolean(), agrees),
    { numRuns: samples, seed },
  );
  if (!run.failed) return { ...result, status: 'passed', samples: run.numRuns, worstError };
  const [sample] = run.counterexample ?? [];
  const failure = `${messageOf(run.errorInstance)}${sample === undefined ? '' : `\n    ${show(sample)}`}`;
  return { ...result, status: 'failed', samples: run.numRuns, worstError, failure };
}

const show = ({ inputs, attrs }: Sample): string =>
  `inputs: ${inputs.map((x) => `${x.dtype}[${x.shape.join(',')}] ${x.toString()}`).join('; ')}; attributes: ${JSON.stringify(attrs)}`;
