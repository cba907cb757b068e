import { reference } from '@tensorloom/backend-reference';
import type { Backend } from '@tensorloom/runtime';
import {
  type ConformanceOptions,
  type ConformanceSummary,
  compareTensors,
  conformance,
  programs,
  summarize,
} from '@tensorloom/testkit';
import { modelPrograms } from '@tensorloom/testkit/models';
import { program } from './program.js';

/** How a backend did: a row of the table in docs/backends.md. */
export interface BackendReport extends ConformanceSummary {
  readonly name: string;
  readonly description: string;
  /** The largest error of the one program's outputs and gradients, as a fraction of rtol 1e-4 and atol 1e-6. */
  readonly programError: number;
}

/** Checks a backend, without placing anything elsewhere. Throws when an op or a program gives something wrong. */
export async function reportOf(backend: Backend, options: ConformanceOptions = {}): Promise<BackendReport> {
  const report = await conformance(backend, { samples: 12, ...options, programs: [...programs, ...modelPrograms] });
  const [expected, got] = [await program(reference()), await program(backend)];
  const errors = expected.map((e, i) => compareTensors(e, got[i], { rtol: 1e-4, atol: 1e-6 }));
  return {
    name: backend.name,
    description: backend.description,
    programError: Math.max(...errors),
    ...summarize(report),
  };
}
