import { type Edge, type StridedSliceAttrs, isTensor, type shape, type strided } from '@tensorloom/graph';
import { type Emitter, type Ref, output, shapeOfEdge, stridedAttrs, typeAttr, typeOfEdge } from '../emitter.js';
import type { DataType } from '../messages/graph-def.js';
import { type Translations, inputsOf } from './translation.js';

const int32 = { type: 'int32' } as const;

/** x with axes of length 1 at these places of the result; the last of the nodes has the name of ours. */
function expanded(e: Emitter, x: Ref, axes: readonly number[], type: DataType): Ref {
  const sorted = [...axes].sort((a, b) => a - b);
  const attrs = { T: { type }, Tdim: int32 };
  if (sorted.length === 0) return e.main('Identity', [x], { T: { type } });
  return sorted.reduce((y, axis, i) => {
    const at = [y, e.ints('dim', axis)];
    return i === sorted.length - 1 ? e.main('ExpandDims', at, attrs) : e.beside('expanded', 'ExpandDims', at, attrs);
  }, x);
}

const bits = (axes: readonly number[]): number => axes.reduce((mask, axis) => mask | (1 << axis), 0);
const maskOf = ({ openBegin, openEnd, single }: StridedSliceAttrs): Parameters<typeof stridedAttrs>[1] => ({
  begin: bits(openBegin),
  end: bits(openEnd),
  shrink: bits(single),
});

/** Strides that are 1 for axes of a single index, as TensorFlow wants them. */
function forwards(e: Emitter, edge: Edge, strides: Ref, single: readonly number[]): Ref {
  const known = isTensor(edge) ? edge.value : undefined;
  if (single.every((axis) => known?.[axis] === 1)) return strides;
  const rank = shapeOfEdge(edge)?.[0] ?? Math.max(...single) + 1;
  const isSingle = Array.from({ length: rank }, (_, axis) => (single.includes(axis) ? 1 : 0));
  const mask = e.constant('is_single', 'bool', [rank], isSingle);
  return e.beside('forwards', 'SelectV2', [mask, e.ints('one', 1), strides], { T: int32 });
}

/** Ops that move elements or ask for shapes. */
export const shapeTranslations: Translations<typeof shape> = {
  shape: (node, e) => [e.main('Shape', inputsOf(node, e), { T: typeAttr(node.inputs[0]), out_type: int32 })],
  dim(node, e) {
    const all = e.shapeOf('Shape', e.at(node.inputs[0]), typeOfEdge(node.inputs[0]));
    const { axis } = node.attrs;
    const bounds = [e.ints('begin', [axis]), e.ints('end', [axis + 1]), e.ints('strides', [1])];
    return [e.main('StridedSlice', [all, ...bounds], stridedAttrs('int32', { shrink: 1 }))];
  },
  reshape: (node, e) => [e.main('Reshape', inputsOf(node, e), { T: typeAttr(node.inputs[0]), Tshape: int32 })],
  transpose: (node, e) => [
    e.main('Transpose', [e.at(node.inputs[0]), e.ints('perm', node.attrs.perm)], {
      T: typeAttr(node.inputs[0]),
      Tperm: int32,
    }),
  ],
  expandDims: (node, e) => [expanded(e, e.at(node.inputs[0]), node.attrs.axes, typeOfEdge(node.inputs[0]))],
  squeeze(node, e) {
    const [x] = inputsOf(node, e);
    const to = node.attrs.axes;
    // No axes are all of length 1 to TensorFlow.
    if (to.length === 0) return [e.main('Identity', [x], { T: typeAttr(node.inputs[0]) })];
    return [e.main('Squeeze', [x], { T: typeAttr(node.inputs[0]), squeeze_dims: { ints: to } })];
  },
  concat(node, e) {
    const T = typeAttr(node.inputs[0]);
    const N = { int: node.inputs.length };
    if (N.int === 1) return [e.main('Identity', inputsOf(node, e), { T })];
    return [e.main('ConcatV2', [...inputsOf(node, e), e.ints('axis', node.attrs.axis)], { N, T, Tidx: int32 })];
  },
  pack: (node, e) => [
    e.main('Pack', inputsOf(node, e), {
      N: { int: node.inputs.length },
      T: typeAttr(node.inputs[0]),
      axis: { int: node.attrs.axis },
    }),
  ],
  unpack(node, e) {
    const { axis, num } = node.attrs;
    const all = e.main('Unpack', inputsOf(node, e), {
      num: { int: num },
      T: typeAttr(node.inputs[0]),
      axis: { int: axis },
    });
    return node.outputs.map((_, i) => output(all, i));
  },
  split(node, e) {
    const { axis, num } = node.attrs;
    const all = e.main('SplitV', [...inputsOf(node, e), e.ints('split_dim', axis)], {
      num_split: { int: num },
      T: typeAttr(node.inputs[0]),
      Tlen: int32,
    });
    return node.outputs.map((_, i) => output(all, i));
  },
  slice: (node, e) => [e.main('Slice', inputsOf(node, e), { T: typeAttr(node.inputs[0]), Index: int32 })],
  pad: (node, e) => [e.main('Pad', inputsOf(node, e), { T: typeAttr(node.inputs[0]), Tpaddings: int32 })],
  reverse: (node, e) => [
    e.main('ReverseV2', [e.at(node.inputs[0]), e.ints('axis', node.attrs.axes)], {
      Tidx: int32,
      T: typeAttr(node.inputs[0]),
    }),
  ],
  broadcastTo: (node, e) => [e.main('BroadcastTo', inputsOf(node, e), { T: typeAttr(node.inputs[0]), Tidx: int32 })],
  sumTo(node, e) {
    const [x, to] = inputsOf(node, e);
    const T = typeAttr(node.inputs[0]);
    const from = e.shapeOf('Shape', x, typeOfEdge(node.inputs[0]));
    const axes = e.beside('axes', 'BroadcastGradientArgs', [to, from], { T: int32 });
    const sum = e.beside('Sum', 'Sum', [x, axes], { keep_dims: { bool: false }, T, Tidx: int32 });
    return [e.main('Reshape', [sum, to], { T, Tshape: int32 })];
  },
};

/** Strided slices: axes of a single index are left out, which TensorFlow's mask says, and put back. */
export const stridedTranslations: Translations<typeof strided> = {
  stridedSlice(node, e) {
    const type = typeOfEdge(node.inputs[0]);
    const attrs = stridedAttrs(type, maskOf(node.attrs));
    if (node.attrs.single.length === 0) return [e.main('StridedSlice', inputsOf(node, e), attrs)];
    const [x, begin, end, strides] = inputsOf(node, e);
    const bounds = [begin, end, forwards(e, node.inputs[3], strides, node.attrs.single)];
    const shrunk = e.beside('shrunk', 'StridedSlice', [x, ...bounds], attrs);
    return [expanded(e, shrunk, node.attrs.single, type)];
  },
  stridedSliceGrad(node, e) {
    const [dims, begin, end, strides, dy] = inputsOf(node, e);
    const T = typeAttr(node.inputs[4]);
    const { single } = node.attrs;
    const shrunk =
      single.length === 0 ? dy : e.beside('shrunk', 'Squeeze', [dy], { T, squeeze_dims: { ints: single } });
    const attrs = stridedAttrs(typeOfEdge(node.inputs[4]), maskOf(node.attrs));
    const bounds = [begin, end, forwards(e, node.inputs[3], strides, single)];
    return [e.main('StridedSliceGrad', [dims, ...bounds, shrunk], attrs)];
  },
};
