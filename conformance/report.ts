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
import { expect } from 'vitest';
import { exceptionsOf } from './exceptions.js';
import { mnistError } from './mnist.js';
import { program } from './program.js';

/** How a backend did: a row of the table in docs/backends.md. */
export interface BackendReport extends ConformanceSummary {
  readonly name: string;
  readonly description: string;
  /** The largest error of the one program's outputs and gradients, as a fraction of rtol 1e-4 and atol 1e-6. */
  readonly programError: number;
  /** How far losses on MNIST are from the CPU's at most, over how many steps. */
  readonly mnistError: number;
  readonly mnistSteps: number;
}

/**
 * Checks a backend, without placing anything elsewhere, and trains on MNIST's files. Throws when an op or a program gives something
 * wrong, less than 95 % of the ops are its own, or losses are not the CPU's.
 */
export async function reportOf(
  name: string,
  backend: Backend,
  files: readonly Uint8Array[],
  mnistSteps: number,
): Promise<BackendReport> {
  expect(backend.name).toBe(name);
  const options: ConformanceOptions = { samples: 12, ...exceptionsOf(name) };
  const report = await conformance(backend, { ...options, programs: [...programs, ...modelPrograms] });
  const summary = summarize(report);
  expect(summary.own / summary.ops).toBeGreaterThanOrEqual(0.95);
  const [expected, got] = [await program(reference()), await program(backend)];
  const errors = expected.map((e, i) => compareTensors(e, got[i], { rtol: 1e-4, atol: 1e-6 }));
  const apart = await mnistError(backend, files, mnistSteps);
  expect(apart).toBeLessThan(1e-3);
  const { description } = backend;
  return { name, description, programError: Math.max(...errors), mnistError: apart, mnistSteps, ...summary };
}
