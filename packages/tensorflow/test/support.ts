import Pbf from 'pbf';

/** A node of a graph or of a function, as far as tests look at it. */
export interface DecodedNode {
  name: string;
  op: string;
  inputs: string[];
  /** The functions that it calls. */
  functions: string[];
  /** Integer attributes. */
  ints: Record<string, number>;
}

export interface DecodedFunction {
  name: string;
  args: string[];
  results: string[];
  nodes: DecodedNode[];
}

export interface Decoded {
  nodes: DecodedNode[];
  functions: DecodedFunction[];
}

/** Reads what tests need of a serialized `GraphDef`. */
export const decode = (bytes: Uint8Array): Decoded =>
  new Pbf(bytes.slice()).readFields<Decoded>(
    (tag, graph, pbf) => {
      if (tag === 1) graph.nodes.push(pbf.readMessage(readNode, newNode()));
      else if (tag === 2) pbf.readMessage(readLibrary, graph.functions);
    },
    { nodes: [], functions: [] },
  );

const newNode = (): DecodedNode => ({ name: '', op: '', inputs: [], functions: [], ints: {} });

function readNode(tag: number, node: DecodedNode, pbf: Pbf): void {
  if (tag === 1) node.name = pbf.readString();
  else if (tag === 2) node.op = pbf.readString();
  else if (tag === 3) node.inputs.push(pbf.readString());
  else if (tag === 5) {
    const attr = pbf.readMessage(
      (field, found: { key: string; func: string; int: number | undefined }, inner) => {
        if (field === 1) found.key = inner.readString();
        else if (field === 2) {
          inner.readMessage((kind, _, value) => {
            if (kind === 3) found.int = value.readVarint(true);
            else if (kind === 10) {
              value.readMessage((f, __, name) => {
                if (f === 1) found.func = name.readString();
              }, null);
            }
          }, null);
        }
      },
      { key: '', func: '', int: undefined },
    );
    if (attr.func !== '') node.functions.push(attr.func);
    if (attr.int !== undefined) node.ints[attr.key] = attr.int;
  }
}

function readLibrary(tag: number, functions: DecodedFunction[], pbf: Pbf): void {
  if (tag !== 1) return;
  const f: DecodedFunction = { name: '', args: [], results: [], nodes: [] };
  pbf.readMessage((field, _, inner) => {
    if (field === 1) {
      inner.readMessage((part, __, signature) => {
        if (part === 1) f.name = signature.readString();
        else if (part === 2) {
          signature.readMessage((k, ___, arg) => {
            if (k === 1) f.args.push(arg.readString());
          }, null);
        }
      }, null);
    } else if (field === 3) f.nodes.push(inner.readMessage(readNode, newNode()));
    else if (field === 4) {
      inner.readMessage((k, __, pair) => {
        if (k === 2) f.results.push(pair.readString());
      }, null);
    }
  }, null);
  functions.push(f);
}
