import {
  type DType,
  type Edge,
  type Graph,
  type Node,
  type Shape,
  type SubGraph,
  Variable,
  control,
  neededNodes,
  showAttrs,
} from '@tensorloom/graph';
import Pbf from 'pbf';

/** A node as TensorBoard draws it: `tensorflow.NodeDef`, with no more attributes than it shows. */
interface DrawnNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly device: string;
  readonly dtype: DType | undefined;
  readonly shapes: readonly Shape[];
  readonly attrs: string;
}

const dataTypes: Readonly<Record<DType, number>> = { float32: 1, float64: 2, int32: 3, bool: 10 };

/**
 * A graph as TensorBoard's graph tab draws it, a `GraphDef` that cannot be run: bodies of loops and branches stand under the names they
 * were made under, what they are given goes into their parameters, and what they return into the loop or the branch; variables are nodes of
 * their own.
 */
export function graphForDisplay(graph: Graph): Uint8Array {
  const { root } = graph;
  const pbf = new Pbf();
  for (const node of [...root.variables.map(drawnVariable), ...drawnNodes(root.nodes, new Map(), new Set())]) {
    pbf.writeMessage(1, writeNode, node);
  }
  return pbf.finish();
}

const drawnVariable = ({ op, device = '', dtype, shape }: Variable): DrawnNode => ({
  name: op,
  op: 'VariableV2',
  inputs: [],
  device,
  dtype,
  shapes: [shape],
  attrs: '',
});

/** Nodes and the bodies in them; `given` is what parameters stand for. A body that several loops share is drawn once. */
function drawnNodes(nodes: readonly Node[], given: ReadonlyMap<Node, Edge>, drawn: Set<Graph>): DrawnNode[] {
  return nodes.flatMap((node) => {
    const bodies = bodiesOf(node).filter(({ body }) => !drawn.has(body.graph));
    for (const { body } of bodies) drawn.add(body.graph);
    const inside = bodies.flatMap(({ body, inputs }) => {
      const params = new Map(body.params.map((p, i) => [p.op, inputs[i]]));
      return drawnNodes(neededNodes([...body.params, ...body.outputs]), params, drawn);
    });
    const outside = given.get(node);
    return [
      ...inside,
      {
        name: node.name,
        op: node.op.name,
        inputs: [
          ...(outside === undefined ? [] : [edgeName(outside)]),
          ...variableOf(node),
          ...node.inputs.map(edgeName),
          ...bodies.flatMap(({ body }) => body.outputs.map(edgeName)),
          ...node.controlInputs.map(({ name }) => `^${name}`),
        ],
        device: node.device ?? '',
        dtype: node.outputs.at(0)?.dtype,
        shapes: node.outputs.map((t) => (t.kind === 'tensor' ? t.shape : undefined)),
        attrs: showAttrs(node.op, node.attrs).trim(),
      },
    ];
  });
}

/** The bodies of loops and branches, and the inputs that their parameters stand for. The gradient that a custom one brings is not drawn. */
function bodiesOf({ op, attrs, inputs }: Node): { readonly body: SubGraph; readonly inputs: readonly Edge[] }[] {
  const of: unknown = op;
  if (of !== control.loop && of !== control.cond) return [];
  const own = of === control.loop ? inputs : inputs.slice(1);
  return (op.subgraphs?.(attrs) ?? []).map((body) => ({ body, inputs: own }));
}

/** The variable that a node reads or writes. */
const variableOf = ({ attrs }: Node): string[] =>
  typeof attrs === 'object' && attrs !== null && 'variable' in attrs && attrs.variable instanceof Variable
    ? [attrs.variable.op]
    : [];

const edgeName = ({ op, index }: Edge): string => (index === 0 ? op.name : `${op.name}:${index}`);

function writeNode({ name, op, inputs, device, dtype, shapes, attrs }: DrawnNode, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, op);
  for (const input of inputs) pbf.writeStringField(3, input);
  if (device !== '') pbf.writeStringField(4, device);
  const attribute = (key: string, write: (value: undefined, pbf: Pbf) => void): void =>
    pbf.writeMessage(
      5,
      (_, entry) => {
        entry.writeStringField(1, key);
        entry.writeMessage(2, write, undefined);
      },
      undefined,
    );
  attribute('_output_shapes', (_, value) => value.writeMessage(1, writeShapes, shapes));
  if (dtype !== undefined) attribute('dtype', (_, value) => value.writeVarintField(6, dataTypes[dtype]));
  if (attrs !== '') attribute('attributes', (_, value) => value.writeBytesField(2, new TextEncoder().encode(attrs)));
}

function writeShapes(shapes: readonly Shape[], list: Pbf): void {
  for (const shape of shapes) list.writeMessage(7, writeShape, shape);
}

/** `tensorflow.TensorShapeProto`, in which an unknown length is -1. */
function writeShape(shape: Shape, pbf: Pbf): void {
  if (shape === undefined) pbf.writeBooleanField(3, true);
  else for (const size of shape) pbf.writeMessage(2, writeDimension, size ?? -1);
}

function writeDimension(size: number, pbf: Pbf): void {
  if (size !== 0) pbf.writeVarintField(1, size);
}
