import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { Graph, type NDArray, isFloating, withGraph } from '@tensorloom/graph';
import { type Backend, type Pass, ProgramRunner, Session, lower, passes } from '@tensorloom/runtime';
import { type BuiltGraph, type GraphDescription, buildGraph, compareTensors, expectNoLeaks } from '@tensorloom/testkit';

/** How far backends may be apart: each rounds every step to float32, and gradients of gradients have hundreds. */
const tolerance = { rtol: 1e-4, atol: 2e-5 };
const exact = { rtol: 0, atol: 0 };

/** Builds a description's graph, in a graph of its own. */
export function built(description: GraphDescription): { readonly graph: Graph; readonly made: BuiltGraph } {
  const graph = new Graph();
  return { graph, made: withGraph(graph, () => buildGraph(description)) };
}

/** What two runs, one after the other, give; then the values that variables have. */
function runLowered(made: BuiltGraph, rewrites: readonly Pass[]): NDArray[] {
  const { feeds, fetches, initializers, variables } = made;
  const backend = reference();
  const runner = new ProgramRunner(backend);
  const keys = feeds.map(([t]) => t);
  const args = feeds.map(([, value]) => value);
  const program = lower(fetches, [], keys, rewrites);
  const reads = lower(
    variables.map((v) => v.value()),
    [],
    [],
    rewrites,
  );
  try {
    runner.run(lower([], initializers, [], rewrites));
    return [...runner.run(program, args), ...runner.run(program, args), ...runner.run(reads)];
  } finally {
    runner.close();
  }
}

/** The same in a session. */
function runOn(backend: Backend, graph: Graph, { feeds, fetches, initializers, variables }: BuiltGraph): NDArray[] {
  const session = new Session({ graph, backend });
  try {
    session.runSync(initializers);
    return [...session.runSync(fetches, feeds), ...session.runSync(fetches, feeds), ...session.runSync(variables)];
  } finally {
    session.close();
  }
}

/** Throws unless the passes keep what every fetch gives, to the last bit, and give back all memory. */
export function checkPasses(description: GraphDescription): void {
  const { made } = built(description);
  const plain = runLowered(made, []);
  const rewritten = runLowered(made, passes);
  plain.forEach((x, i) => compareAt(made, i, x, rewritten[i], exact));
}

/** Throws unless the CPU backend gives what the reference gives, all of it finite, and both give back all memory. */
export function checkBackends(description: GraphDescription): void {
  const { graph, made } = built(description);
  const [expected, got] = [reference(), createCpu()].map((b) => expectNoLeaks(b, () => runOn(b, graph, made)));
  expected.forEach((x, i) => {
    if (!Array.from(x.data).every(Number.isFinite))
      throw new Error(`${nameOf(made, i)} is not finite: ${x.toString()}.`);
    const largest = Math.max(1, ...Array.from(x.data, Math.abs));
    compareAt(made, i, x, got[i], { rtol: tolerance.rtol, atol: tolerance.atol * largest });
  });
}

const nameOf = ({ fetches, variables }: BuiltGraph, i: number): string =>
  [...fetches, ...fetches, ...variables][i].name;

function compareAt(made: BuiltGraph, i: number, a: NDArray, b: NDArray, within: typeof exact): void {
  try {
    compareTensors(a, b, isFloating(a.dtype) ? within : exact);
  } catch (e) {
    throw new Error(`${nameOf(made, i)}: ${String(e)}`, { cause: e });
  }
}
