import { reference } from '@tensorloom/backend-reference';
import type { NDArray, Tensor } from '@tensorloom/graph';
import { expect } from 'vitest';
import { printProgram } from '../../src/lower/print-program.js';
import { type Pass, lower } from '../../src/lower/lower.js';
import { ProgramRunner } from '../../src/program-runner.js';

/** Placeholders and what they are fed with. */
export type Feeds = readonly (readonly [Tensor, NDArray])[];

/** The steps of a program under these passes, without releases and without the names behind `#`. */
export function stepsOf(fetches: readonly Tensor[], passes: readonly Pass[], feeds: Feeds = []): string {
  const program = lower(
    fetches,
    [],
    feeds.map(([t]) => t),
    passes,
  );
  return printProgram(program)
    .split('\n')
    .filter((line) => !/^\s*release /.test(line))
    .map((line) => line.replace(/\s+# .*$/, ''))
    .join('\n');
}

/** The names of the ops in the body of the first loop, and those of the steps around it. */
export function opsOf(steps: string): { readonly body: string[]; readonly around: string[] } {
  const [body, around]: [string[], string[]] = [[], []];
  let inside = false;
  for (const line of steps.split('\n')) {
    if (/^\s*do \(/.test(line)) inside = true;
    else if (/^\s*\} ->/.test(line)) inside = false;
    else {
      const op = / = (\w+)[( ]/.exec(line)?.[1];
      if (op !== undefined && op !== 'const' && op !== 'upload') (inside ? body : around).push(op);
    }
  }
  return { body, around };
}

/** Expects that the passes keep what the fetches give, to 1e-12 of float64. */
export function expectSame(fetches: readonly Tensor[], passes: readonly Pass[], feeds: Feeds = []): void {
  const [plain, rewritten] = [[], passes].map((rewrites) => {
    const runner = new ProgramRunner(reference());
    const keys = feeds.map(([t]) => t);
    const values = runner.run(
      lower(fetches, [], keys, rewrites),
      feeds.map(([, value]) => value),
    );
    runner.close();
    expect(runner.backend.stats().handles).toBe(0);
    return values;
  });
  plain.forEach((x, i) => {
    expect(rewritten[i].shape).toEqual(x.shape);
    x.data.forEach((v, k) => expect(rewritten[i].data[k]).toBeCloseTo(v, 12));
  });
}
