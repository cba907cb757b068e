import { Const, Placeholder } from '../graph.js';
import type { Node } from '../node.js';
import type { AttrsOf, Op } from '../op.js';
import { type CondAttrs, type LoopAttrs, control } from '../ops/control.js';
import { families } from '../ops/families.js';
import { NoOp } from '../scopes.js';
import type { SubGraph } from '../subgraph.js';
import type { Edge } from '../tensor.js';
import type { Variable } from '../variable.js';
import type { RandomStreamId } from '../ops/random.js';
import {
  type Codec,
  count,
  fields,
  flag,
  integer,
  listOfValues,
  nullable,
  outputCount,
  text,
  unexpected,
} from './codec.js';
import { constant, dtype, list, plainData, shape, spec } from './values.js';

const edge: Codec<Edge> = { write: (t, refer) => refer.edge(t), read: (json, meant) => meant.edge(json) };
const body: Codec<SubGraph> = { write: (g, refer) => refer.body(g), read: (json, meant) => meant.body(json) };
const variable: Codec<Variable> = {
  write: (v, refer) => refer.variable(v),
  read: (json, meant) => meant.variable(json),
};
const stream: Codec<RandomStreamId> = {
  write: (id, refer) => refer.stream(id),
  read: (json, meant) => meant.stream(json),
};

const isLoop = (n: Node): n is Node<LoopAttrs> => n.op === control.loop;
const isCond = (n: Node): n is Node<CondAttrs> => n.op === control.cond;
/** A node of an op, of which another one is a copy that saves more. */
const nodeOf = <A>(is: (n: Node) => n is Node<A>): Codec<Node<A>> => ({
  write: (n, refer) => refer.node(n),
  read(json, meant) {
    const n = meant.node(json);
    return is(n) ? n : unexpected('a node of the same op', json);
  },
});

const none = fields({});
const drawing = fields({ dtype, stream });
const axis = fields({ axis: count });
const axes = fields({ axes: listOfValues(count) });
const ofVariable = fields({ variable });
const product = fields({ transposeA: flag, transposeB: flag });
const reduction = fields({ axes: nullable(listOfValues(count)), keepDims: flag });
const put = fields({ adds: flag, grows: flag });
const strided = fields({
  openBegin: listOfValues(count),
  openEnd: listOfValues(count),
  single: listOfValues(count),
});
const showing = { message: text, summarize: nullable(integer) };

/** The same codec for all ops of a family. */
const all = <F extends object, A>(family: F, codec: Codec<A>): { readonly [K in keyof F]: Codec<A> } =>
  Object.fromEntries(Object.keys(family).map((name) => [name, codec])) as { readonly [K in keyof F]: Codec<A> };

type FamilyCodecs = { readonly [F in keyof typeof families]: OpCodecs<(typeof families)[F]> };
type OpCodecs<F> = { readonly [K in keyof F]: Codec<AttrsOf<F[K]>> };

/** How the attributes of each op are written to files: an op without an entry does not compile. */
const byFamily: FamilyCodecs = {
  elementwise: all(families.elementwise, none),
  mixed: { select: none, cast: fields({ to: dtype }) },
  shape: {
    shape: none,
    dim: axis,
    reshape: none,
    transpose: fields({ perm: listOfValues(count) }),
    expandDims: axes,
    squeeze: axes,
    concat: axis,
    pack: axis,
    unpack: fields({ axis: count, num: outputCount }),
    split: fields({ axis: count, num: outputCount }),
    slice: none,
    pad: none,
    reverse: axes,
    broadcastTo: none,
    sumTo: none,
  },
  strided: { stridedSlice: strided, stridedSliceGrad: strided },
  reduce: all(families.reduce, reduction),
  matrix: { matmul: product, batchMatmul: product, biasAdd: none, orthonormalize: none },
  create: { fill: none, range: fields({ dtype }), oneHot: axis },
  indexing: { ...all(families.indexing, none), gather: axis },
  alongAxis: {
    argMax: axis,
    argMin: axis,
    cumsum: fields({ axis: count, exclusive: flag, reverse: flag }),
    topK: none,
    reverseSequence: fields({ seqAxis: count, batchAxis: count }),
  },
  random: all(families.random, drawing),
  state: all(families.state, ofVariable),
  list: {
    reserve: fields({ spec: list }),
    stack: none,
    unstack: none,
    length: none,
    lengths: fields({ elementShape: shape }),
    get: none,
    put,
    pick: fields({ bounded: flag }),
    place: put,
    split: none,
    concat: fields({ elementShape: shape }),
    add: none,
  },
  control: {
    identity: none,
    loop: fields<LoopAttrs>(
      {
        body,
        cond: nullable(body),
        consts: count,
        carry: count,
        counted: flag,
        reverse: flag,
        saved: listOfValues(edge),
        widens: nullable(nodeOf(isLoop)),
        recomputed: flag,
        swapMemory: flag,
        names: listOfValues(text),
      },
      ['recomputed', 'swapMemory'],
    ),
    cond: fields<CondAttrs>({
      then: body,
      otherwise: body,
      savedThen: listOfValues(edge),
      savedOtherwise: listOfValues(edge),
      widens: nullable(nodeOf(isCond)),
    }),
    assumeShape: fields({ spec }),
    placeholderWithDefault: fields({ spec }),
    stopGradient: none,
    customGradient: fields({ ys: count, xs: count, backward: body }),
  },
  check: {
    assert: fields(showing),
    checkNumerics: fields({ message: text }),
    print: fields({ ...showing, firstN: nullable(integer) }),
  },
};

/** An op, and how its attributes are written and read. */
export interface StoredOp {
  readonly op: Op;
  readonly attrs: Codec<unknown>;
}

/** The ops that files may hold, by name: ours, and those of one's own in `ops`, whose attributes are plain data. Throws `TypeError` when two have one name. */
export function storedOps(ops: readonly Op[] = []): ReadonlyMap<string, StoredOp> {
  const codecs: Readonly<Record<string, Readonly<Record<string, Codec<unknown>>>>> = byFamily;
  const stored = new Map<string, StoredOp>();
  const add = (op: Op, attrs: Codec<unknown>): void => {
    const known = stored.get(op.name);
    if (known !== undefined && known.op !== op)
      throw new TypeError(`graph file: there are two ops of the name '${op.name}', expected one. Rename your own.`);
    stored.set(op.name, { op, attrs });
  };
  add(Placeholder, fields({ spec }));
  add(Const, constant);
  add(NoOp, none);
  for (const [family, members] of Object.entries(families)) {
    for (const [name, op] of Object.entries(members)) add(op, codecs[family][name]);
  }
  for (const op of ops) add(op, plainData);
  return stored;
}
