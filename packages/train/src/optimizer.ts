import { gradients } from '@tensorloom/autodiff';
import {
  type Graph,
  GraphError,
  type Node,
  type Tensor,
  type Variable,
  allocate,
  assignAdd,
  atRoot,
  constantOf,
  controlDependencies,
  explain,
  fill,
  group,
  nameScope,
  trainableVariables,
  variable,
} from '@tensorloom/graph';

/** A gradient and the variable it is of; `null` where the loss does not depend on the variable. */
export type GradientAndVariable = readonly [Tensor | null, Variable];

export interface ComputeOptions {
  /** The variables to train; default: all trainable ones. */
  readonly varList?: readonly Variable[];
}

export interface ApplyOptions {
  /** A variable that counts the steps. */
  readonly globalStep?: Variable;
  readonly name?: string;
}

/** What all optimizers share: gradients of a loss, and an op that applies them. Subclasses say how one variable moves. */
export abstract class Optimizer {
  readonly #slots = new Map<string, Map<Variable, Variable>>();
  /** `name` is the scope of the update ops. */
  constructor(readonly name: string) {}

  /** An op that moves the variables one step against the gradient of `loss`. Throws when no variable influences the loss. */
  minimize(loss: Tensor, options: ComputeOptions & ApplyOptions = {}): Node {
    const pairs = this.computeGradients(loss, options);
    if (pairs.every(([g]) => g === null)) {
      const names = pairs.map(([, v]) => v.name).join(', ');
      throw new GraphError(
        explain(
          `${this.name}: none of the variables (${names || 'there are none'}) influences the loss '${loss.name}'. Check what the loss is computed from.`,
          loss.op.toString(),
          loss.op.location,
        ),
      );
    }
    return this.applyGradients(pairs, options);
  }

  /** The gradients of `loss` with the variables they are of. */
  computeGradients(loss: Tensor, { varList = trainableVariables() }: ComputeOptions = {}): GradientAndVariable[] {
    const found = gradients(loss, varList);
    return varList.map((v, i) => [found[i], v]);
  }

  /** An op that applies gradients, as they are or changed. */
  applyGradients(pairs: readonly GradientAndVariable[], { globalStep, name = this.name }: ApplyOptions = {}): Node {
    const live = pairs.flatMap(([g, v]) => (g === null ? [] : [[g, v] as const]));
    if (live.length === 0)
      throw new TypeError(`${this.name}: expected at least one gradient, got none. Check what the loss depends on.`);
    this.prepare(live.map(([, v]) => v));
    return nameScope(name, () => {
      const updates = live.map(([g, v]) => nameScope(`update_${v.op}`, () => this.apply(g, v)));
      const done = this.finish(updates);
      return globalStep === undefined
        ? group(...done)
        : controlDependencies(done, () => group(assignAdd(globalStep, 1)));
    });
  }

  /** Makes what the updates need before they are built: slots and counters. */
  protected abstract prepare(variables: readonly Variable[]): void;
  /** The ops that move `v` given its gradient; a tensor or op that has run when it is done. */
  protected abstract apply(gradient: Tensor, v: Variable): Node;
  /** What runs after all updates; default nothing more. */
  protected finish(updates: readonly Node[]): readonly Node[] {
    return updates;
  }

  /** A variable that accompanies `v`, zero at first: `<variable>/<name>`. */
  protected slot(v: Variable, name: string): Variable {
    let slots = this.#slots.get(name);
    if (slots === undefined) this.#slots.set(name, (slots = new Map<Variable, Variable>()));
    let s = slots.get(v);
    if (s === undefined) {
      const zeros = constantOf(v.dtype, [], allocate(v.dtype, 1));
      s = atTop(v.graph, () => variable(() => fill(v.shape, zeros), { name: `${v.op}/${name}`, trainable: false }));
      slots.set(v, s);
    }
    return s;
  }
}

/** Builds in the outermost graph and scope. */
export const atTop = <T>(graph: Graph, build: () => T): T =>
  atRoot(graph.root, () => graph.root.names.within('', build));
