import { gradients } from '@tensorloom/autodiff';
import {
  GraphError,
  type Node,
  type Tensor,
  type TensorLike,
  Variable,
  allocate,
  assignAdd,
  compatible,
  constantOf,
  controlDependencies,
  defaultGraph,
  device,
  explain,
  fill,
  group,
  nameScope,
  showShape,
  toTensor,
  variable,
} from '@tensorloom/graph';
import { atTop } from './at-top.js';
import { gatheredRows } from './gathered-rows.js';
import { type Target, rowsOf, whole } from './target.js';

/** A gradient and the variable it is of; `null` where the loss does not depend on the variable. */
export type GradientAndVariable<G extends TensorLike = Tensor> = readonly [G | null, Variable];

/** Options of `computeGradients`. */
export interface ComputeOptions {
  /** The variables to train; default: all trainable ones. */
  readonly varList?: readonly Variable[];
  /** The gradient of something further with respect to the loss, of its shape; default: ones. */
  readonly gradLoss?: TensorLike;
}

/** Options of `applyGradients`. */
export interface ApplyOptions {
  /** A variable that counts the steps: it grows by 1 after all updates. */
  readonly globalStep?: Variable;
  /** The scope of the update ops; default: the optimizer's name. */
  readonly name?: string;
}

/**
 * What all optimizers share: gradients of a loss, and an op that applies them. Subclasses say which slots accompany a variable and
 * how one variable moves. Where a gradient is that of lookups (`gather`, `embeddingLookup`), only the rows that were looked up move,
 * with Adam all of them, as in TensorFlow. TensorFlow: `tf.train.Optimizer`.
 */
export abstract class Optimizer {
  readonly #initial: Readonly<Record<string, number>>;
  readonly #slots = new Map<Variable, Map<string, Variable>>();

  /** `name` is the scope of the update ops and names the slots; `slots` are their initial values, in the order they are made. */
  constructor(
    readonly name: string,
    slots: Readonly<Record<string, number>> = {},
  ) {
    this.#initial = slots;
  }

  /**
   * An op that moves the variables one step against the gradient of `loss`; variables without a gradient stay. Throws a `GraphError`
   * when no variable influences the loss.
   */
  minimize(loss: Tensor, options: ComputeOptions & ApplyOptions = {}): Node {
    const pairs = this.computeGradients(loss, options);
    if (pairs.every(([g]) => g === null)) {
      const names = pairs.map(([, v]) => v.name).join(', ');
      this.#refuse(
        `none of the variables (${names}) influences the loss '${loss.name}'. Check what the loss is computed from.`,
        loss,
      );
    }
    return this.applyGradients(pairs, options);
  }

  /**
   * The gradients of `loss` with the variables they are of, in the order of `varList`. Throws a `GraphError` when there are no
   * variables, or one is of another graph than the loss.
   */
  computeGradients(loss: Tensor, { varList, gradLoss }: ComputeOptions = {}): GradientAndVariable[] {
    const { root } = loss.graph;
    const variables = varList ?? root.variables.filter((v) => v.trainable);
    if (variables.length === 0)
      this.#refuse(
        `none of the variables (there are none) influences the loss '${loss.name}'. Make trainable ones before, or pass { varList }.`,
        loss,
      );
    const foreign = variables.find((v) => v.graph !== root);
    if (foreign !== undefined) this.#refuseForeign(foreign, `the loss '${loss.name}'`);
    const found = gradients(loss, variables, gradLoss === undefined ? {} : { gradYs: [gradLoss] });
    return variables.map((v, i) => [found[i], v]);
  }

  /**
   * An op that applies gradients, as `computeGradients` returned them or changed; pairs with `null` are left out. Throws a
   * `GraphError` when all are `null`, a variable occurs twice or is of another graph, or a gradient does not fit its variable.
   */
  applyGradients(
    pairs: readonly GradientAndVariable<TensorLike>[],
    { globalStep, name = this.name }: ApplyOptions = {},
  ): Node {
    const live = pairs.flatMap(([g, v]) => (g === null ? [] : [[this.#fitting(g, v), v] as const]));
    if (live.length === 0) {
      const names = pairs.map(([, v]) => v.name).join(', ');
      throw new TypeError(
        `${this.name}: expected at least one gradient, got none for the variables (${names}). Check what the loss depends on.`,
      );
    }
    const variables = live.map(([, v]) => v);
    const twice = variables.find((v, i) => variables.indexOf(v) !== i);
    if (twice !== undefined)
      this.#refuse(`variable '${twice.name}' occurs twice, expected once. Add its gradients first.`, twice);
    if (globalStep !== undefined && globalStep.graph !== defaultGraph().root)
      this.#refuseForeign(globalStep, 'the current one');
    this.prepare(variables);
    return nameScope(name, () => {
      const updates = live.map(([g, v]) =>
        device(v.device, () => nameScope(`update_${v.op}`, () => this.#update(g, v))),
      );
      const done = this.finish(updates);
      return globalStep === undefined
        ? group(...done)
        : controlDependencies(done, () => group(assignAdd(globalStep, 1)));
    });
  }

  /** The variable that accompanies `v` as `slot`, `null` when there is none. TensorFlow: `get_slot`. */
  getSlot(v: Variable, slot: string): Variable | null {
    return this.#slots.get(v)?.get(slot) ?? null;
  }

  /** The names of the slots that have been made, sorted. TensorFlow: `get_slot_names`. */
  getSlotNames(): string[] {
    return this.#slots.size === 0 ? [] : Object.keys(this.#initial).sort();
  }

  /**
   * Whether variables move only in the rows that a step looked up, where their gradients are of such rows: so they cost what was
   * looked up, not what there is.
   */
  protected get movesLookedUpRows(): boolean {
    return true;
  }

  /** The op that moves `v` given its gradient, of its shape and dtype; it has run when the variable and its slots have moved. */
  protected abstract apply(gradient: Tensor, v: Target): Node;

  /** Makes what the updates need before they are built: slots, and what subclasses add. */
  protected prepare(variables: readonly Variable[]): void {
    for (const v of variables) {
      if (this.#slots.has(v)) continue;
      const made = Object.entries(this.#initial).map(([slot, start]) => [slot, this.#makeSlot(v, start)] as const);
      this.#slots.set(v, new Map(made));
    }
  }

  /** What runs after all updates; default nothing more. */
  protected finish(updates: readonly Node[]): readonly Node[] {
    return updates;
  }

  /** A slot that `prepare` has made, or the rows of it that move. */
  protected slot(v: Target, slot: string): Target {
    const found = this.getSlot(v.variable, slot);
    if (found === null) throw new Error(`${this.name}: variable '${v.variable.name}' has no slot '${slot}'.`);
    return v.of(found);
  }

  #update(gradient: Tensor, v: Variable): Node {
    const rows = this.movesLookedUpRows ? gatheredRows(gradient, v) : null;
    return rows === null ? this.apply(gradient, whole(v)) : this.apply(rows.gradient, rowsOf(v, rows.ids));
  }

  /** Named after the variable and the optimizer; the graph numbers further ones: `x/Adam`, `x/Adam_1`. */
  #makeSlot(v: Variable, start: number): Variable {
    const value = (): Tensor => fill(v.shape, constantOf(v.dtype, [], allocate(v.dtype, 1).fill(start)));
    return atTop(v.graph, () =>
      v.graph.withDevice(v.device, () => variable(value, { name: `${v.op}/${this.name}`, trainable: false })),
    );
  }

  /** A gradient as a tensor that has the variable's shape and dtype. */
  #fitting(gradient: TensorLike, v: Variable): Tensor {
    if (v.graph !== defaultGraph().root) this.#refuseForeign(v, 'the current one');
    const g = toTensor(gradient, v.dtype, this.name);
    if (g.graph.root !== v.graph) this.#refuse(`gradient '${g.name}' is of another graph than '${v.name}'.`, g);
    if (g.dtype !== v.dtype || !compatible(g.shape, v.shape)) {
      this.#refuse(
        `variable '${v.name}' is ${v.dtype}${showShape(v.shape)}, got a gradient ${g.dtype}${showShape(g.shape)}. Give one of the variable's shape and dtype.`,
        g,
      );
    }
    return g;
  }

  #refuseForeign(v: Variable, graph: string): never {
    return this.#refuse(
      `variable '${v.name}' is of another graph, expected one of ${graph}. Build the loss and the optimizer's ops inside withGraph() of the variables' graph.`,
      v,
    );
  }

  /** Throws the `GraphError` of something wrong with a tensor or variable, with the line that made it. */
  #refuse(wrong: string, about: Tensor | Variable): never {
    const [node, location] =
      about instanceof Variable ? [about.toString(), about.location] : [about.op.toString(), about.op.location];
    throw new GraphError(explain(`${this.name}: ${wrong}`, node, location));
  }
}
