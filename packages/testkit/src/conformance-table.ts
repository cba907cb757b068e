import type { DType } from '@tensorloom/graph';
import type { Backend } from '@tensorloom/runtime';
import type { ConformanceResult } from './conformance.js';

/** What a conformance report comes to. */
export interface ConformanceSummary {
  /** Ops that were checked. */
  readonly ops: number;
  /**
   * Ops that passed for all dtypes, computing float32 on the device (an op that takes none: its own dtype): by kernels of the backend's
   * own, or by decompositions into such.
   */
  readonly own: number;
  readonly programs: number;
  readonly programsPassed: number;
  /** The largest error of an op or program, as a fraction of what is allowed. */
  readonly worstError: number;
  /** What failed, is missing, or is computed in host memory, and why. */
  readonly exceptions: readonly { readonly op: string; readonly dtype: DType; readonly reason: string }[];
}

/** Counts what a conformance report says. */
export function summarize(report: readonly ConformanceResult[]): ConformanceSummary {
  const byOp = new Map<string, ConformanceResult[]>();
  for (const r of report) if (r.kind === 'op') byOp.set(r.op, [...(byOp.get(r.op) ?? []), r]);
  const isOwn = (results: readonly ConformanceResult[]): boolean => {
    const decisive = results.find((r) => r.dtype === 'float32') ?? results[0];
    return results.every((r) => r.status === 'passed') && decisive.inHostMemory === undefined;
  };
  const ran = report.filter((r) => r.kind === 'program');
  return {
    ops: byOp.size,
    own: [...byOp.values()].filter(isOwn).length,
    programs: ran.length,
    programsPassed: ran.filter((r) => r.status === 'passed').length,
    worstError: Math.max(0, ...report.map((r) => r.worstError)),
    exceptions: report.flatMap(({ op, dtype, status, inHostMemory, failure = 'it has no kernel' }) => {
      const reason = status === 'passed' ? inHostMemory : failure.split('\n')[0];
      return reason === undefined ? [] : [{ op, dtype, reason }];
    }),
  };
}

/**
 * A conformance report as text: the backend, which engine or mode really ran, and a row of a Markdown table for each op and dtype, and for
 * each program: its status, how many samples were compared, the largest error as a fraction of what is allowed, and where it ran.
 */
export function conformanceTable(
  { name, description }: Pick<Backend, 'name' | 'description'>,
  report: readonly ConformanceResult[],
): string {
  const { ops, own, programs, programsPassed } = summarize(report);
  const rows = report.map(
    ({ op, dtype, status, samples, worstError, inHostMemory }) =>
      `| ${op} | ${dtype} | ${status} | ${samples} | ${worstError.toFixed(3)} | ${inHostMemory === undefined ? 'device' : `host: ${inHostMemory}`} |`,
  );
  return [
    `${name} (${description}): ${own} of ${ops} ops on the device, ${programsPassed} of ${programs} programs.`,
    '',
    '| op | dtype | status | samples | worst error / allowed | where |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
