import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type Edge,
  type FeedValue,
  Graph,
  type GraphFileOptions,
  type Node,
  type Tensor,
  graphFromJson,
  graphToJson,
  isFloating,
  placeholder,
  printGraph,
  randomNormal,
  reduceSum,
  square,
  variable,
  withGraph,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { expect } from 'vitest';

/** What a program says of its graph: what to run, and what to feed. */
export interface Program {
  readonly fetches: readonly Tensor[];
  readonly feeds: readonly (readonly [Tensor, FeedValue])[];
  readonly targets?: readonly Node[];
  readonly initializers?: readonly Node[];
}

/** The graph that comes back from a file, and the file. */
export function reloaded(graph: Graph, options?: GraphFileOptions): { readonly again: Graph; readonly text: string } {
  const text = JSON.stringify(graphToJson(graph, options));
  return { again: graphFromJson(text, options), text };
}

const textOf = (graph: Graph, options?: GraphFileOptions): string => JSON.stringify(graphToJson(graph, options));

/** What is built on a graph later: gradients of what it computes, a variable, and random numbers that take the seed from what there is. */
function more(graph: Graph, fetches: readonly Tensor[], sources: readonly Edge[]): readonly Tensor[] {
  return withGraph(graph, () => {
    const losses = fetches.filter((t) => isFloating(t.dtype)).map((t) => reduceSum(square(t)));
    const xs = sources.filter((t): t is Tensor => t.kind === 'tensor' && isFloating(t.dtype));
    const found = losses.length === 0 || xs.length === 0 ? [] : gradients(losses, xs);
    const v = variable([1, 2], { name: 'later' });
    const p = placeholder('float32', [2], { name: 'later' });
    return [...found.filter((g) => g !== null), v.add(randomNormal([2])), p];
  });
}

/** Throws unless a graph comes back from its file equal to the first: as text, as what is built on it comes out, and in what it computes. */
export function checkComesBack(
  graph: Graph,
  { fetches, feeds, targets = [], initializers = [] }: Program,
  options?: GraphFileOptions,
): void {
  const { again, text } = reloaded(graph, options);
  expect(printGraph(again)).toBe(printGraph(graph));
  expect(textOf(again, options)).toBe(text);
  const there = <T extends Edge>(t: T): Tensor => again.getTensorByName(t.name);
  const sources = feeds.map(([t]) => t);
  const theirs = { fetches: fetches.map(there), feeds: feeds.map(([t, value]) => [there(t), value] as const) };

  const built = more(graph, fetches, sources);
  const builtAgain = more(again, theirs.fetches, sources.map(there));
  expect(textOf(again, options)).toBe(textOf(graph, options));

  const run = (g: Graph, tensors: readonly Tensor[], fed: readonly (readonly [Tensor, FeedValue])[]): unknown[] => {
    const session = new Session({ graph: g, backend: reference() });
    try {
      session.runSync(initializers.map((n) => g.getOperationByName(n.name)));
      const steps = targets.map((n) => g.getOperationByName(n.name));
      const shown = [0, 1].flatMap(() => session.runSync({ tensors, steps }, fed).tensors);
      return [...shown, ...session.runSync(g.variables.filter((v) => v.op !== 'later'))].map(
        ({ dtype, shape, data }) => [dtype, shape, [...data]],
      );
    } finally {
      session.close();
    }
  };
  const ownGradients = (all: readonly Tensor[]): readonly Tensor[] => all.slice(0, -2);
  expect(run(again, [...theirs.fetches, ...ownGradients(builtAgain)], theirs.feeds)).toEqual(
    run(graph, [...fetches, ...ownGradients(built)], feeds),
  );
}
