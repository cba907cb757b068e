import { GraphError, explain } from './errors.js';
import type { Feeds, Fetch, Fetched } from './fetch.js';
import type { Graph } from './graph.js';
import type { Node } from './node.js';

/** What `eval` and `run` of tensors and ops ask of a session; the runtime's `Session` is one. */
export interface GraphSession {
  /** The outermost graph that it runs. */
  readonly graph: Graph;
  run<const F extends Fetch>(fetches: F, feeds?: Feeds): Promise<Fetched<F>>;
}

/** The default sessions of each graph, the current one last. */
const stacks = new WeakMap<Graph, { readonly session: GraphSession }[]>();

/** Makes `session` the default one of its graph. The result ends that: then the one before is the default again. */
export function makeDefault(session: GraphSession): () => void {
  const stack = stacks.get(session.graph) ?? [];
  stacks.set(session.graph, stack);
  const entry = { session };
  stack.push(entry);
  return () => {
    const at = stack.indexOf(entry);
    if (at >= 0) stack.splice(at, 1);
  };
}

/** The default session of a graph and of the bodies in it; `undefined` where there is none. TensorFlow: `tf.get_default_session`. */
export const defaultSession = (graph: Graph): GraphSession | undefined => stacks.get(graph.root)?.at(-1)?.session;

/** The session to run what is called `name` in: the one given, or the default one. Throws a `GraphError` in the name of `call` when there is none. */
export function sessionFor(
  call: 'eval' | 'run',
  name: string,
  made: Pick<Node, 'graph' | 'location' | 'toString'>,
  given: GraphSession | undefined,
): GraphSession {
  const session = given ?? defaultSession(made.graph);
  if (session !== undefined) return session;
  throw new GraphError(
    explain(
      `${call}: no session to run '${name}' in, expected one as the second argument, or a default one. Call ${call}(feeds, session), or make a new InteractiveSession() first.`,
      made.toString(),
      made.location,
    ),
  );
}
