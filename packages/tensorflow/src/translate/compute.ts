import type { Node, ReduceAttrs, alongAxis, create, indexing, matrix, reduce } from '@tensorloom/graph';
import { type Emitter, type Ref, output, shapeOfEdge, typeAttr, typeOfEdge } from '../emitter.js';
import type { AttrValue } from '../messages/graph-def.js';
import { type Translation, type Translations, Unavailable, inputsOf } from './translation.js';

const int32 = { type: 'int32' } as const;
const bool = (value: boolean): AttrValue => ({ bool: value });

const reduction =
  (op: string, typed = true): Translation<ReduceAttrs> =>
  (node, e) => {
    const [x] = inputsOf(node, e);
    const T = typeAttr(node.inputs[0]);
    const { axes, keepDims } = node.attrs;
    const all = (): Ref => {
      const rank = e.beside('Rank', 'Rank', [x], { T });
      return e.beside('axes', 'Range', [e.ints('start', 0), rank, e.ints('delta', 1)], { Tidx: int32 });
    };
    const over = axes === null ? all() : e.ints('axes', axes);
    return [e.main(op, [x, over], { keep_dims: bool(keepDims), ...(typed && { T }), Tidx: int32 })];
  };

/** Reductions. */
export const reduceTranslations: Translations<typeof reduce> = {
  sum: reduction('Sum'),
  mean: reduction('Mean'),
  max: reduction('Max'),
  min: reduction('Min'),
  prod: reduction('Prod'),
  all: reduction('All', false),
  any: reduction('Any', false),
};

/** Products. */
export const matrixTranslations: Translations<typeof matrix> = {
  matmul: (node, e) => [
    e.main('MatMul', inputsOf(node, e), {
      T: typeAttr(node.inputs[0]),
      transpose_a: bool(node.attrs.transposeA),
      transpose_b: bool(node.attrs.transposeB),
    }),
  ],
  batchMatmul: (node, e) => [
    e.main('BatchMatMulV2', inputsOf(node, e), {
      T: typeAttr(node.inputs[0]),
      adj_x: bool(node.attrs.transposeA),
      adj_y: bool(node.attrs.transposeB),
    }),
  ],
  // TensorFlow's BiasAdd takes no vectors.
  biasAdd: (node, e) => [e.main('AddV2', inputsOf(node, e), { T: typeAttr(node.inputs[0]) })],
  orthonormalize(node, e) {
    const T = typeAttr(node.inputs[0]);
    const q = e.beside('Qr', 'Qr', inputsOf(node, e), { full_matrices: bool(false), T });
    const diagonal = e.beside('diagonal', 'MatrixDiagPart', [output(q, 1)], { T });
    const signs = e.beside('Sign', 'Sign', [diagonal], { T });
    return [e.main('Mul', [q, signs], { T })];
  },
};

/** Ops that make tensors. */
export const createTranslations: Translations<typeof create> = {
  fill: (node, e) => [e.main('Fill', inputsOf(node, e), { T: typeAttr(node.inputs[1]), index_type: int32 })],
  range(node, e) {
    const { dtype } = node.attrs;
    const bounds = node.inputs.map((t, i) => {
      const from = typeOfEdge(t);
      return from === dtype ? e.at(t) : e.cast(`bound_${i}`, e.at(t), from, dtype);
    });
    const [start, limit, delta] = bounds;
    const type = { T: { type: dtype } };
    // A limit on the other side of the start gives nothing here, and an error there.
    const above = e.beside('above', 'Maximum', [start, limit], type);
    const below = e.beside('below', 'Minimum', [start, limit], type);
    const rises = e.beside('rises', 'Greater', [delta, e.constant('zero', dtype, [], [0])], type);
    const end = e.beside('end', 'SelectV2', [rises, above, below], type);
    return [e.main('Range', [start, end, delta], { Tidx: { type: dtype } })];
  },
  oneHot: (node, e) => [
    e.main('OneHot', inputsOf(node, e), { axis: { int: node.attrs.axis }, T: typeAttr(node.inputs[2]), TI: int32 }),
  ],
};

/** Indices and updates of scattered parts, of which TensorFlow wants a vector at least, and indices into 1 axis or more. */
function parts(node: Node, e: Emitter, at: number): readonly Ref[] {
  const both = inputsOf(node, e).slice(at, at + 2);
  const shape = shapeOfEdge(node.inputs[at]);
  if (shape?.at(-1) === 0)
    throw new Unavailable(`${node.op.name}: TensorFlow scatters to indices of 1 to 5 axes, got 0`);
  if (shape?.length !== 1) return both;
  return both.map((x, i) =>
    e.beside('expanded', 'ExpandDims', [x, e.ints('dim', 0)], { T: typeAttr(node.inputs[at + i]), Tdim: int32 }),
  );
}

const scatter =
  (op: string): Translation<unknown> =>
  (node, e) => [
    e.main(op, [e.at(node.inputs[0]), ...parts(node, e, 1)], { T: typeAttr(node.inputs[0]), Tindices: int32 }),
  ];

/** Ops that read and write elements by index. */
export const indexingTranslations: Translations<typeof indexing> = {
  gather: (node, e) => [
    e.main('GatherV2', [...inputsOf(node, e), e.ints('axis', node.attrs.axis)], {
      batch_dims: { int: 0 },
      Tparams: typeAttr(node.inputs[0]),
      Tindices: int32,
      Taxis: int32,
    }),
  ],
  gatherNd: (node, e) => [
    e.main('GatherNd', inputsOf(node, e), { Tparams: typeAttr(node.inputs[0]), Tindices: int32 }),
  ],
  scatterNd: (node, e) => [
    e.main('ScatterNd', [...parts(node, e, 0), e.at(node.inputs[2])], { T: typeAttr(node.inputs[1]), Tindices: int32 }),
  ],
  unsortedSegmentSum: (node, e) => [
    e.main('UnsortedSegmentSum', inputsOf(node, e), {
      T: typeAttr(node.inputs[0]),
      Tindices: int32,
      Tnumsegments: int32,
    }),
  ],
  tensorScatterUpdate: scatter('TensorScatterUpdate'),
  tensorScatterAdd: scatter('TensorScatterAdd'),
  firstPosition(node, e) {
    const [ids] = inputsOf(node, e);
    const unique = e.beside('Unique', 'Unique', [ids], { T: int32, out_idx: int32 });
    const size = (suffix: string, x: Ref): Ref => e.beside(suffix, 'Size', [x], { T: int32, out_type: int32 });
    const positions = [e.ints('start', 0), size('size', ids), e.ints('delta', 1)];
    const all = e.beside('positions', 'Range', positions, { Tidx: int32 });
    const first = e.beside('first', 'UnsortedSegmentMin', [all, output(unique, 1), size('count', unique)], {
      T: int32,
      Tindices: int32,
      Tnumsegments: int32,
    });
    return [
      e.main('GatherV2', [first, output(unique, 1), e.ints('axis', 0)], {
        batch_dims: { int: 0 },
        Tparams: int32,
        Tindices: int32,
        Taxis: int32,
      }),
    ];
  },
};

const choice =
  (op: string): Translation<{ readonly axis: number }> =>
  (node, e) => [
    e.main(op, [e.at(node.inputs[0]), e.ints('dimension', node.attrs.axis)], {
      T: typeAttr(node.inputs[0]),
      Tidx: int32,
      output_type: int32,
    }),
  ];

/** Ops that work along one axis. */
export const alongAxisTranslations: Translations<typeof alongAxis> = {
  argMax: choice('ArgMax'),
  argMin: choice('ArgMin'),
  cumsum: (node, e) => [
    e.main('Cumsum', [e.at(node.inputs[0]), e.ints('axis', node.attrs.axis)], {
      exclusive: bool(node.attrs.exclusive),
      reverse: bool(node.attrs.reverse),
      T: typeAttr(node.inputs[0]),
      Tidx: int32,
    }),
  ],
  topK(node, e) {
    const both = e.main('TopKV2', inputsOf(node, e), { sorted: bool(true), T: typeAttr(node.inputs[0]) });
    return [both, output(both, 1)];
  },
  reverseSequence: (node, e) => [
    e.main('ReverseSequence', inputsOf(node, e), {
      seq_dim: { int: node.attrs.seqAxis },
      batch_dim: { int: node.attrs.batchAxis },
      T: typeAttr(node.inputs[0]),
      Tlen: int32,
    }),
  ],
};
