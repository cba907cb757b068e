import { reference } from '@tensorloom/backend-reference';
import {
  type Feeds,
  Graph,
  type NDArray,
  type Node,
  type Tensor,
  messageOf,
  setRandomSeed,
  withGraph,
} from '@tensorloom/graph';
import { type Backend, Session } from '@tensorloom/runtime';
import { expectNoLeaks } from '../leaks.js';
import { type Tolerance, compareTensors, tolerances } from '../tolerance.js';

/** What a program is run with. */
export interface BuiltProgram {
  /** What each run fetches; compared with the reference. */
  readonly fetches: readonly Tensor[];
  /** What each run does besides. */
  readonly targets?: readonly Node[];
  readonly feeds?: Feeds;
  /** Run once, before. */
  readonly init?: Node;
  /** How often it runs; default 1. */
  readonly runs?: number;
  /** Instead of results: what every run fails with. */
  readonly fails?: RegExp;
}

/** A program that every backend runs to the same results: more than one op at a time. */
export interface ConformanceProgram {
  readonly name: string;
  /** Builds it in a graph of its own with a seed. */
  readonly build: () => BuiltProgram;
}

/** How a program went. */
export interface ProgramOutcome {
  readonly status: 'passed' | 'failed' | 'missing';
  /** Tensors compared. */
  readonly samples: number;
  readonly worstError: number;
  readonly failure?: string;
}

/** Runs a program on a backend and on the reference, compares what they give, and sees to it that no handle is left. */
export async function checkProgram(
  backend: Backend,
  program: ConformanceProgram,
  tolerance: Partial<Tolerance> = {},
): Promise<ProgramOutcome> {
  try {
    const expected = await run(reference(), program);
    const got = await expectNoLeaks(backend, () => run(backend, program));
    const errors = expected.map((e, i) =>
      compareTensors(e, got[i], { ...tolerances[e.dtype], rtol: 1e-4, ...(isExact(e) ? { rtol: 0 } : tolerance) }),
    );
    return { status: 'passed', samples: errors.length, worstError: Math.max(0, ...errors) };
  } catch (e) {
    const failure = messageOf(e);
    const missing = /backend '.*' (?:has no kernel|does not hold)/.test(failure);
    return { status: missing ? 'missing' : 'failed', samples: 0, worstError: 0, failure };
  }
}

const isExact = ({ dtype }: NDArray): boolean => dtype === 'int32' || dtype === 'bool';

/** The results of all runs, one after the other. */
async function run(backend: Backend, { build }: ConformanceProgram): Promise<NDArray[]> {
  const graph = new Graph();
  const {
    fetches,
    targets = [],
    feeds = [],
    init,
    runs = 1,
    fails,
  } = withGraph(graph, () => {
    setRandomSeed(42);
    return build();
  });
  await using session = new Session({ graph, backend });
  if (init !== undefined) await session.run(init);
  const results: NDArray[] = [];
  for (let i = 0; i < runs; i++) {
    if (fails === undefined) results.push(...(await session.run({ fetches, targets }, feeds)).fetches);
    else await expectFailure(session.run(fetches, feeds), fails);
  }
  return results;
}

async function expectFailure(running: Promise<unknown>, message: RegExp): Promise<void> {
  const failure = await running.then(
    () => 'nothing',
    (e: unknown) => messageOf(e),
  );
  if (!message.test(failure)) throw new Error(`expected an error like ${String(message)}, got ${failure}.`);
}
