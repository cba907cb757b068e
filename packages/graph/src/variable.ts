import { apply, apply1, defaultGraph, withGraph } from './context.js';
import type { GraphSession } from './default-session.js';
import type { DType } from './dtype.js';
import type { Feeds } from './fetch.js';
import type { Graph } from './graph.js';
import { type Location, here } from './location.js';
import type { NDArray } from './ndarray.js';
import { type Node, located, refuse } from './node.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import { assign, assignAdd, assignSub, state } from './ops/state.js';
import { isKnown, showShape } from './shape.js';
import { showSpec } from './spec.js';
import { type AsMethods, type Tensor, addMethods } from './tensor.js';
import type { TensorMethods } from './ops/methods.js';

/** Options of a new variable. */
export interface VariableOptions {
  /** Made unique under the name scope; default 'Variable'. */
  readonly name?: string;
  /** Whether optimizers change it; default true. */
  readonly trainable?: boolean;
  /** Of literals; a tensor must be of it. */
  readonly dtype?: DType;
}

/** What is fixed of a variable when it is made. */
export interface VariableType {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  readonly device: string | undefined;
}

/** The nodes that go with a variable: what it starts as, what gives it that value, and what reads it at the start of a run. */
export interface VariableNodes {
  readonly initialValue: Tensor;
  readonly initializer: Node;
  readonly read: Tensor;
}

/**
 * A tensor that a session keeps between runs. The graph holds only its type and how it starts; run its initializer before
 * reading it. Usable wherever a tensor is. TensorFlow: `tf.Variable`.
 */
export class Variable {
  readonly kind = 'variable';
  readonly graph: Graph;
  /** TensorFlow's `v.op.name`: the name without the output's index. */
  readonly op: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** Where the value is kept: what `device` said when the variable was made. */
  readonly device: string | undefined;
  readonly location: Location;
  readonly initialValue: Tensor;
  /** The node that gives the variable its initial value. */
  readonly initializer: Node;
  readonly #read: Tensor;

  /** `name` is final, unique in the graph; `build` makes the nodes that go with the variable. */
  constructor(graph: Graph, name: string, type: VariableType, build: (v: Variable) => VariableNodes) {
    prepare();
    this.graph = graph;
    this.op = name;
    this.location = here();
    this.dtype = type.dtype;
    this.shape = type.shape;
    this.trainable = type.trainable;
    this.device = type.device;
    const { initialValue, initializer, read } = build(this);
    this.initialValue = initialValue;
    this.initializer = initializer;
    this.#read = read;
    graph.variables.push(this);
  }

  /** TensorFlow's name: `rnn/basic_rnn_cell/kernel:0`. */
  get name(): string {
    return `${this.op}:0`;
  }

  /** The value as of the start of a run. */
  value(): Tensor {
    return this.#read;
  }

  /** The value at this point: inside `controlDependencies`, after those ops have run. TensorFlow: `read_value`. */
  readValue(): Tensor {
    return apply(state.read, [], { variable: this }, `${this.op}/read`).output();
  }

  /** The elements that `session` (default: the default session of the graph) holds; see `Tensor.eval`. TensorFlow: `Variable.eval`. */
  eval(feeds?: Feeds, session?: GraphSession): Promise<NDArray> {
    return this.#read.eval(feeds, session);
  }

  assign(x: TensorLike): Tensor {
    return assign(this, x);
  }
  assignAdd(x: TensorLike): Tensor {
    return assignAdd(this, x);
  }
  assignSub(x: TensorLike): Tensor {
    return assignSub(this, x);
  }
  toString(): string {
    return `Variable(${this.name} ${this.dtype}${showShape(this.shape)})`;
  }
}
/** The ops as methods: `v.add(1)` is `add(v, 1)`. */
export interface Variable extends AsMethods<TensorMethods> {}

let prepared = false;
function prepare(): void {
  if (prepared) return;
  prepared = true;
  addMethods(Variable.prototype);
}

/** A new variable of that name, which is final and unique in the graph. Throws a `GraphError` when the initial value's shape is not fully known. */
export function makeVariable(
  graph: Graph,
  name: string,
  initial: () => TensorLike,
  { dtype, trainable = true }: VariableOptions,
): Variable {
  const { names, device } = graph;
  const value = names.within(`${name}/Initializer/`, () => toTensor(initial(), dtype, 'variable'));
  if (!isKnown(value.shape)) {
    refuse(
      'variable',
      `'${name}' would start as ${showSpec(value.spec)}, expected a fully known shape. Give the initial value a static shape.`,
      [value],
    );
  }
  if (dtype !== undefined && dtype !== value.dtype) {
    refuse('variable', `'${name}' would start as ${showSpec(value.spec)}, expected dtype ${dtype}. Use cast().`, [
      value,
    ]);
  }
  return new Variable(graph, name, { dtype: value.dtype, shape: value.shape, trainable, device }, (v) => ({
    initialValue: value,
    initializer: v.assign(value).op,
    read: names.within('', () => apply1(state.read, [], { variable: v }, `${name}/read`)),
  }));
}

/**
 * A variable that starts as `initial`, a tensor or a function that makes one. Its name is made unique under the current name
 * scope. In the body of a loop the variable belongs to the outermost graph. TensorFlow: `tf.Variable`.
 */
export function variable(initial: TensorLike | (() => Tensor), options: VariableOptions = {}): Variable {
  const { root } = defaultGraph();
  const name = located('variable', () => root.names.unique(options.name ?? 'Variable'));
  return atRoot(root, () =>
    makeVariable(root, name, () => (typeof initial === 'function' ? initial() : initial), options),
  );
}

/** Builds in the outermost graph, on the device in force, outside the loop body and the control dependencies in force. */
export const atRoot = <T>(root: Graph, build: () => T): T => {
  const { device } = defaultGraph();
  return withGraph(root, () => root.withDevice(device, () => root.withControl(null, build)));
};

/** All variables of the current graph, in the order they were made. TensorFlow: `tf.global_variables`. */
export const globalVariables = (): readonly Variable[] => [...defaultGraph().root.variables];

/** The variables that optimizers change. TensorFlow: `tf.trainable_variables`. */
export const trainableVariables = (): readonly Variable[] => globalVariables().filter((v) => v.trainable);
