import { type GraphSession, sessionFor } from './default-session.js';
import { GraphError, explain, messageOf } from './errors.js';
import type { Feeds } from './fetch.js';
import type { Graph } from './graph.js';
import { type Location, here } from './location.js';
import type { Op } from './op.js';
import { showSpec } from './spec.js';
import { type Edge, type Tensor, isTensor } from './tensor.js';

/** One application of an op: "outputs = op(inputs)". Nodes never change once made; ids rise in the order of creation. */
export class Node<A = unknown> {
  constructor(
    readonly graph: Graph,
    readonly id: number,
    /** Unique in the graph, scopes included: TensorFlow's `op.name`. */
    readonly name: string,
    readonly op: Op<A>,
    readonly inputs: readonly Edge[],
    readonly attrs: A,
    /** Nodes that must have run before this one, though it reads nothing of theirs. */
    readonly controlInputs: readonly Node[],
    readonly device: string | undefined,
    readonly location: Location,
    readonly outputs: readonly Edge[],
  ) {}

  /** The output at `index`, which must be a tensor. */
  output(index = 0): Tensor {
    const out = this.outputs[index];
    if (out === undefined || !isTensor(out)) throw new TypeError(`${this.name}: output ${index} is not a tensor.`);
    return out;
  }

  /**
   * Runs the op for its effect in `session` (default: the default session of the graph) given `feeds`. Rejects with a `GraphError`
   * when there is no session, and as its `run` does. TensorFlow: `Operation.run`.
   */
  async run(feeds: Feeds = [], session?: GraphSession): Promise<void> {
    await sessionFor('run', this.name, this, session).run<Node>(this, feeds);
  }

  /** `'MatMul_1' = MatMul(X:0 float32[?,5], W/read:0 float32[5,3])`. */
  toString(): string {
    return showApplication(this.name, this.op, this.inputs);
  }
}

/** How an application of an op reads in messages. */
export const showApplication = (name: string, op: Op<never>, inputs: readonly Edge[]): string =>
  `'${name}' = ${showCall(op.name, inputs)}`;

const showCall = (op: string, inputs: readonly Edge[]): string =>
  `${op}(${inputs.map((t) => `${t.name} ${showSpec(t.spec)}`).join(', ')})`;

/** Throws the `GraphError` of arguments that `op` does not take: what is wrong, the tensors among them, the user's line. */
export function refuse(op: string, wrong: string, inputs: readonly Edge[] = []): never {
  throw new GraphError(explain(`${op}: ${wrong}`, showCall(op, inputs), here()));
}

/** Runs `build`, which reads the arguments of `call`; what it throws becomes a `GraphError` with the user's line. */
export function located<T>(call: string, build: () => T): T {
  try {
    return build();
  } catch (e) {
    throw new GraphError(explain(messageOf(e), showCall(call, []), here()), { cause: e });
  }
}
