import {
  type DType,
  type Edge,
  type Node,
  type Shape,
  type Spec,
  type Variable,
  toTypedArray,
} from '@tensorloom/graph';
import type { AttrValue, Attrs, DataType, FunctionDef, NodeDef } from './messages/graph-def.js';
import { outputName } from './output-names.js';

/** A value of a `GraphDef`: an output of a node, or an argument of the function that is written. */
export type Ref =
  { readonly node: string; readonly op: string; readonly index: number } | { readonly argument: string };

/** What a graph and its functions share. */
export interface Library {
  readonly functions: FunctionDef[];
  /** A name that no function has. */
  functionName(wanted: string): string;
  /** Whether a node of ours has that name, in the graph or in a body. */
  isTaken(name: string): boolean;
  /** Writes the nodes that `outputs` need, given the values of some edges, and those that act. */
  writeBody(e: Emitter, outputs: readonly Edge[], given: ReadonlyMap<Edge, Ref>): void;
}

/** Ops with effects, or state of their own: functions that hold them are stateful. */
const stateful = new Set([
  ...['VarHandleOp', 'ReadVariableOp', 'AssignVariableOp', 'AssignAddVariableOp', 'AssignSubVariableOp'],
  ...['ResourceScatterNdAdd', 'ResourceScatterNdUpdate', 'RandomUniform', 'RandomUniformInt', 'RandomStandardNormal'],
  ...['TruncatedNormal', 'RandomShuffle', 'Multinomial', 'Assert', 'Print', 'While', 'If', 'Placeholder'],
]);
/** Of those, the ones that must run though nobody reads what they give. */
const effects = new Set([
  ...[
    'AssignVariableOp',
    'AssignAddVariableOp',
    'AssignSubVariableOp',
    'ResourceScatterNdAdd',
    'ResourceScatterNdUpdate',
  ],
  ...['Assert', 'Print', 'CheckNumerics', 'While', 'If'],
]);

const nothing: { readonly name: string; readonly device: string; readonly control: readonly string[] } = {
  name: '',
  device: '',
  control: [],
};

const typeOf = (spec: Spec): DataType => (spec.kind === 'list' ? 'variant' : spec.dtype);

/** Writes the nodes of a graph or of a function, a node of ours after the other. */
export class Emitter {
  readonly nodes: NodeDef[] = [];
  readonly #names = new Set<string>();
  readonly #values = new Map<Edge, Ref>();
  /** For each node of ours, the one that runs after everything written for it. */
  readonly #last = new Map<Node, string>();
  readonly #handles = new Map<Variable, Ref>();
  /** The node of ours that is written. */
  #node = nothing;

  constructor(
    readonly library: Library,
    readonly inFunction: boolean,
  ) {}

  /** Whether something that was written has effects or state. */
  get isStateful(): boolean {
    return this.nodes.some(({ op }) => stateful.has(op));
  }

  /** The nodes that must run though nobody reads what they give. */
  get awaited(): readonly string[] {
    return this.nodes.filter(({ op }) => effects.has(op)).map(({ name }) => name);
  }

  /** Writes what `write` emits for a node of ours, and keeps what it says the node's outputs are. */
  define(node: Node, write: () => readonly Ref[]): void {
    const control = node.controlInputs.map((n) => `^${this.lastOf(n)}`);
    const device = node.device?.startsWith('/') === true ? node.device : '';
    this.#node = { name: node.name, device, control: [...new Set(control)] };
    const before = this.nodes.length;
    const outputs = write();
    this.#node = nothing;
    node.outputs.forEach((t, i) => this.#values.set(t, outputs[i]));
    // A copy of a loop is not written again.
    const first = outputs.find((ref) => 'node' in ref);
    if (this.nodes.length > before) this.#last.set(node, this.nodes[this.nodes.length - 1].name);
    else if (first !== undefined && 'node' in first) this.#last.set(node, first.node);
  }

  /** The node written last for a node of ours: what runs after that one runs after this. */
  lastOf(node: Node): string {
    return this.#last.get(node) ?? node.name;
  }

  /** Says which value an edge of ours is. */
  bind(edge: Edge, ref: Ref): void {
    this.#values.set(edge, ref);
  }

  /** The value that stands for an edge of ours, which has been written. */
  at(edge: Edge): Ref {
    const ref = this.#values.get(edge);
    if (ref === undefined) throw new Error(`toGraphDef: '${edge.name}' is read before it is written.`);
    return ref;
  }

  /** Writes the node that has the name of ours. Returns its first output. */
  main(op: string, inputs: readonly Ref[], attrs: Attrs, control: readonly string[] = []): Ref {
    return this.#add(this.#node.name, op, inputs, attrs, control);
  }

  /** Writes a node for ours beside `main`, under its name. */
  beside(suffix: string, op: string, inputs: readonly Ref[], attrs: Attrs, control: readonly string[] = []): Ref {
    const { name } = this.#node;
    return this.#add(this.unique(name === '' ? suffix : `${name}/${suffix}`), op, inputs, attrs, control);
  }

  #add(name: string, op: string, inputs: readonly Ref[], attrs: Attrs, control: readonly string[]): Ref {
    const after = op === 'Const' ? [] : [...this.#node.control, ...control];
    this.nodes.push({
      name,
      op,
      inputs: [...inputs.map((ref) => this.show(ref)), ...after],
      device: this.#node.device,
      attrs,
    });
    return { node: name, op, index: 0 };
  }

  /** A name of which nothing is written. */
  unique(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.#names.has(name) || this.library.isTaken(name); i++) name = `${wanted}_${i}`;
    this.#names.add(name);
    return name;
  }

  /** The resource of a variable. */
  handle(variable: Variable): Ref {
    const known = this.#handles.get(variable);
    if (known !== undefined) return known;
    // The graph has a name for it; functions find it by what it shares.
    const name = this.inFunction ? this.unique(variable.op) : variable.op;
    const device = variable.device?.startsWith('/') === true ? variable.device : '';
    const attrs: Attrs = {
      dtype: { type: variable.dtype },
      shape: { shape: variable.shape },
      shared_name: { text: variable.op },
      container: { text: '' },
    };
    this.nodes.push({ name, op: 'VarHandleOp', inputs: [], device, attrs });
    const ref: Ref = { node: name, op: 'VarHandleOp', index: 0 };
    this.#handles.set(variable, ref);
    return ref;
  }

  /** Writes what `outputs` of a body need; `given` are the values of its parameters. */
  body({ outputs }: { readonly outputs: readonly Edge[] }, given: Iterable<readonly [Edge, Ref]>): Ref[] {
    const known = new Map(given);
    for (const [edge, ref] of known) this.bind(edge, ref);
    this.library.writeBody(this, outputs, known);
    return outputs.map((t) => this.at(t));
  }

  /** How nodes here refer to a value. */
  show(ref: Ref): string {
    if ('argument' in ref) return ref.argument;
    if (this.inFunction) return `${ref.node}:${outputName(ref.op, ref.index)}`;
    return ref.index === 0 ? ref.node : `${ref.node}:${ref.index}`;
  }

  /** The node that a value comes from, to run after it. */
  after(ref: Ref): string {
    return 'argument' in ref ? `^${ref.argument}` : `^${ref.node}`;
  }

  /** A constant int32 vector, or a scalar. */
  ints(suffix: string, values: readonly number[] | number): Ref {
    const data = Int32Array.from(typeof values === 'number' ? [values] : values);
    const shape = typeof values === 'number' ? [] : [values.length];
    return this.constant(suffix, 'int32', shape, data);
  }

  /** A constant. */
  constant(suffix: string, dtype: DType, shape: readonly number[], data: ArrayLike<number>): Ref {
    const value = { dtype, shape, data: toTypedArray(dtype, data) };
    return this.beside(suffix, 'Const', [], { dtype: { type: dtype }, value: { tensor: value } });
  }

  /** A constant of strings. */
  texts(suffix: string, data: readonly string[]): Ref {
    const value = { dtype: 'string', shape: [], data } as const;
    return this.beside(suffix, 'Const', [], { dtype: { type: 'string' }, value: { tensor: value } });
  }

  /** The shape of a list's elements, as TensorFlow's list ops want it: -1 where it is not known. */
  elementShape(shape: Shape): Ref {
    return this.ints('element_shape', shape === undefined ? -1 : shape.map((d) => d ?? -1));
  }

  cast(suffix: string, x: Ref, from: DataType, to: DataType): Ref {
    return this.beside(suffix, 'Cast', [x], { SrcT: { type: from }, DstT: { type: to } });
  }

  /** The lengths of a tensor's axes. */
  shapeOf(suffix: string, x: Ref, type: DataType): Ref {
    return this.beside(suffix, 'Shape', [x], { T: { type }, out_type: { type: 'int32' } });
  }

  /** One element of an int32 vector. */
  entry(suffix: string, vector: Ref, index: number): Ref {
    return this.beside(
      suffix,
      'StridedSlice',
      [
        vector,
        this.ints(`${suffix}/begin`, [index]),
        this.ints(`${suffix}/end`, [index + 1]),
        this.ints(`${suffix}/strides`, [1]),
      ],
      stridedAttrs('int32', { shrink: 1 }),
    );
  }
}

/** Another output of the node that `ref` is an output of. */
export function output(ref: Ref, index: number): Ref {
  if ('argument' in ref) throw new Error(`toGraphDef: the argument '${ref.argument}' has one value.`);
  return { ...ref, index };
}

/** Attributes of TensorFlow's strided slices: bit i of a mask is about axis i. */
export const stridedAttrs = (
  type: DataType,
  { begin = 0, end = 0, shrink = 0 }: { begin?: number; end?: number; shrink?: number } = {},
): Attrs => ({
  T: { type },
  Index: { type: 'int32' },
  begin_mask: { int: begin },
  end_mask: { int: end },
  ellipsis_mask: { int: 0 },
  new_axis_mask: { int: 0 },
  shrink_axis_mask: { int: shrink },
});

/** The type of the value that an edge stands for. */
export const typeOfEdge = ({ spec }: Edge): DataType => typeOf(spec);

/** The shape that is known of the value that an edge stands for; lists are scalars. */
export const shapeOfEdge = ({ spec }: Edge): Shape => (spec.kind === 'list' ? [] : spec.shape);

/** The attribute that says of which type a value is. */
export const typeAttr = (edge: Edge): AttrValue => ({ type: typeOfEdge(edge) });
