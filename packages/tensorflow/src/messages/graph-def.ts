import Pbf from 'pbf';
import type { DType, Shape, TypedArray } from '@tensorloom/graph';

/** TensorFlow's `DataType`s that graphs hold. */
export type DataType = DType | 'string' | 'int64' | 'resource' | 'variant';

/** The elements of a `Const`: of one of our dtypes, or int64 or strings, which graphs for TensorFlow need besides. */
export type TensorValue =
  | { readonly dtype: DType; readonly shape: readonly number[]; readonly data: TypedArray }
  | { readonly dtype: 'int64'; readonly shape: readonly number[]; readonly data: readonly number[] }
  | { readonly dtype: 'string'; readonly shape: readonly number[]; readonly data: readonly string[] };

/** The value of an attribute of a node (`AttrValue`). */
export type AttrValue =
  | { readonly type: DataType }
  | { readonly types: readonly DataType[] }
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly shape: Shape }
  | { readonly shapes: readonly Shape[] }
  | { readonly tensor: TensorValue }
  | { readonly func: string };

export type Attrs = Readonly<Record<string, AttrValue>>;

/** A node (`NodeDef`). `inputs` are written as the place says that the node is in: `x:1` in a graph, `x:output:1` in a function, `^x` for control. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly device: string;
  readonly attrs: Attrs;
}

/** An argument of a function (`ArgDef`). */
export interface ArgDef {
  readonly name: string;
  readonly type: DataType;
}

/** A function (`FunctionDef`): `results` says which value each of its outputs is, `awaited` which nodes run though nobody reads them. */
export interface FunctionDef {
  readonly name: string;
  readonly inputs: readonly ArgDef[];
  readonly outputs: readonly ArgDef[];
  readonly nodes: readonly NodeDef[];
  readonly results: readonly string[];
  readonly awaited: readonly string[];
  readonly isStateful: boolean;
}

/** A graph (`GraphDef`). */
export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly functions: readonly FunctionDef[];
}

/** The version of graphs that TensorFlow 2.21 reads and writes without change. */
const PRODUCER = 134;

const dataTypes: Readonly<Record<DataType, number>> = {
  float32: 1,
  float64: 2,
  int32: 3,
  string: 7,
  int64: 9,
  bool: 10,
  resource: 20,
  variant: 21,
};

/** A graph as a serialized `GraphDef`. Fields by number: tensorflow/core/framework/*.proto. */
export function encodeGraphDef({ nodes, functions }: GraphDef): Uint8Array {
  const pbf = new Pbf();
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  if (functions.length > 0) pbf.writeMessage(2, writeLibrary, functions);
  pbf.writeMessage(4, writeVersions, PRODUCER);
  return pbf.finish();
}

function writeVersions(producer: number, pbf: Pbf): void {
  pbf.writeVarintField(1, producer);
}

function writeLibrary(functions: readonly FunctionDef[], pbf: Pbf): void {
  for (const f of functions) pbf.writeMessage(1, writeFunction, f);
}

function writeNode({ name, op, inputs, device, attrs }: NodeDef, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, op);
  for (const input of inputs) pbf.writeStringField(3, input);
  if (device !== '') pbf.writeStringField(4, device);
  for (const attr of Object.entries(attrs)) pbf.writeMessage(5, writeAttr, attr);
}

function writeAttr([name, value]: readonly [string, AttrValue], pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, writeAttrValue, value);
}

function writeAttrValue(value: AttrValue, pbf: Pbf): void {
  if ('types' in value) pbf.writeMessage(1, writeTypes, value.types);
  else if ('ints' in value) pbf.writeMessage(1, writeInts, value.ints);
  else if ('shapes' in value) pbf.writeMessage(1, writeShapes, value.shapes);
  else if ('text' in value) pbf.writeStringField(2, value.text);
  else if ('int' in value) pbf.writeVarintField(3, value.int);
  else if ('float' in value) pbf.writeFloatField(4, value.float);
  else if ('bool' in value) pbf.writeBooleanField(5, value.bool);
  else if ('type' in value) pbf.writeVarintField(6, dataTypes[value.type]);
  else if ('shape' in value) pbf.writeMessage(7, writeShape, value.shape);
  else if ('tensor' in value) pbf.writeMessage(8, writeTensor, value.tensor);
  else pbf.writeMessage(10, writeName, value.func);
}

function writeTypes(types: readonly DataType[], pbf: Pbf): void {
  pbf.writePackedVarint(
    6,
    types.map((t) => dataTypes[t]),
  );
}

function writeInts(ints: readonly number[], pbf: Pbf): void {
  pbf.writePackedVarint(3, [...ints]);
}

function writeShapes(shapes: readonly Shape[], pbf: Pbf): void {
  for (const shape of shapes) pbf.writeMessage(7, writeShape, shape);
}

function writeName(name: string, pbf: Pbf): void {
  pbf.writeStringField(1, name);
}

function writeShape(shape: Shape, pbf: Pbf): void {
  if (shape === undefined) pbf.writeBooleanField(3, true);
  else for (const d of shape) pbf.writeMessage(2, writeDim, d ?? -1);
}

function writeDim(length: number, pbf: Pbf): void {
  pbf.writeVarintField(1, length);
}

function writeTensor(value: TensorValue, pbf: Pbf): void {
  pbf.writeVarintField(1, dataTypes[value.dtype]);
  pbf.writeMessage(2, writeShape, value.shape);
  if (value.dtype === 'string') {
    for (const text of value.data) pbf.writeStringField(8, text);
  } else if (value.dtype === 'int64') {
    pbf.writePackedVarint(10, [...value.data]);
  } else {
    const { buffer, byteOffset, byteLength } = value.data;
    pbf.writeBytesField(4, new Uint8Array(buffer, byteOffset, byteLength));
  }
}

function writeFunction({ name, inputs, outputs, nodes, results, awaited, isStateful }: FunctionDef, pbf: Pbf): void {
  pbf.writeMessage(1, writeSignature, { name, inputs, outputs, awaited, isStateful });
  for (const node of nodes) pbf.writeMessage(3, writeNode, node);
  outputs.forEach((output, i) => {
    pbf.writeMessage(4, writePair, [output.name, results[i]]);
  });
  for (const node of awaited) pbf.writeMessage(6, writePair, [node, node]);
}

function writePair([key, value]: readonly [string, string], pbf: Pbf): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

type Signature = Pick<FunctionDef, 'name' | 'inputs' | 'outputs' | 'awaited' | 'isStateful'>;

function writeSignature({ name, inputs, outputs, awaited, isStateful }: Signature, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  for (const arg of inputs) pbf.writeMessage(2, writeArg, arg);
  for (const arg of outputs) pbf.writeMessage(3, writeArg, arg);
  if (isStateful) pbf.writeBooleanField(17, true);
  for (const node of awaited) pbf.writeStringField(20, node);
}

function writeArg({ name, type }: ArgDef, pbf: Pbf): void {
  pbf.writeStringField(1, name);
  pbf.writeVarintField(3, dataTypes[type]);
}
