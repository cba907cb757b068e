import type { Edge, ListSpec, Node, PutAttrs, list } from '@tensorloom/graph';
import { type Emitter, type Ref, output, stridedAttrs } from '../emitter.js';
import type { Attrs, DataType } from '../messages/graph-def.js';
import { type Translations, Unavailable, inputsOf } from './translation.js';

const int32 = { type: 'int32' } as const;

/** What a list holds. */
export function listSpecOf(edge: Edge): ListSpec {
  if (edge.kind === 'list') return edge.spec;
  throw new Error(`toGraphDef: expected '${edge.name}' to be a list.`);
}

/** Elements of lists of lists are lists. */
export const elementType = ({ dtype, depth }: ListSpec): DataType => (depth === 1 ? dtype : 'variant');
export const elementShapeOf = ({ elementShape, depth }: ListSpec): ListSpec['elementShape'] =>
  depth === 1 ? elementShape : [];
const element = (spec: ListSpec): Attrs => ({ element_dtype: { type: elementType(spec) } });
const shaped = (spec: ListSpec): Attrs => ({ ...element(spec), shape_type: int32 });

/** A list with no element set, of a length, or empty. */
export function newList(e: Emitter, spec: ListSpec, length: Ref | undefined, suffix: string): Ref {
  const shape = e.elementShape(elementShapeOf(spec));
  if (length !== undefined) return e.beside(suffix, 'TensorListReserve', [shape, length], shaped(spec));
  return e.beside(suffix, 'EmptyTensorList', [shape, e.ints('max_num_elements', -1)], shaped(spec));
}

const lengthOf = (e: Emitter, l: Ref): Ref => e.beside('length', 'TensorListLength', [l], {});
const larger = (e: Emitter, a: Ref, b: Ref): Ref => e.beside('Maximum', 'Maximum', [a, b], { T: int32 });

/** A list with so many elements. Those it did not have are not set; of lists of lists they are empty, as TensorFlow reads no others. */
function resized(e: Emitter, spec: ListSpec, l: Ref, length: Ref): Ref {
  if (spec.depth === 1) return e.beside('resized', 'TensorListResize', [l, length], {});
  const variant = { type: 'variant' } as const;
  const scalar = e.elementShape([]);
  const empty = newList(e, { ...spec, depth: spec.depth - 1 }, undefined, 'empty');
  const longer = e.beside('longer', 'TensorListPushBack', [l, empty], element(spec));
  const all = e.beside('all', 'TensorListStack', [longer, scalar], { ...element(spec), num_elements: { int: -1 } });
  const axis = e.ints('axis', 0);
  const positions = e.beside('positions', 'Range', [axis, length, e.ints('one', 1)], { Tidx: int32 });
  const which = e.beside('which', 'Minimum', [positions, lengthOf(e, l)], { T: int32 });
  const rows = e.beside('rows', 'GatherV2', [all, which, axis], {
    batch_dims: { int: 0 },
    Tparams: variant,
    Tindices: int32,
    Taxis: int32,
  });
  return e.beside('resized', 'TensorListFromTensor', [rows, scalar], shaped(spec));
}

/** A list that has an element at an index. */
const reaching = (e: Emitter, spec: ListSpec, l: Ref, index: Ref): Ref =>
  resized(e, spec, l, larger(e, lengthOf(e, l), e.beside('next', 'AddV2', [index, e.ints('one', 1)], { T: int32 })));

const largest = (e: Emitter, indices: Ref): Ref =>
  e.beside('largest', 'Max', [indices, e.ints('axes', [0])], { T: int32, Tidx: int32, keep_dims: { bool: false } });

/** The sums of the elements of two lists; what lies beyond the end of one is the other's. */
function added(e: Emitter, spec: ListSpec, a: Ref, b: Ref): readonly Ref[] {
  if (spec.depth > 1) throw new Unavailable('ListAdd: TensorFlow does not add lists of lists');
  const length = larger(e, lengthOf(e, a), lengthOf(e, b));
  return [resized(e, spec, a, length), resized(e, spec, b, length)];
}
const sumOfTwo = { N: { int: 2 }, T: { type: 'variant' } } as const;

/** The shape of an element that is put somewhere, for what was never set there. */
const shapeFor = (e: Emitter, item: Ref, spec: ListSpec): Ref =>
  spec.depth === 1 ? e.shapeOf('item_shape', item, spec.dtype) : e.elementShape([]);

export function setItem(e: Emitter, spec: ListSpec, l: Ref, index: Ref, item: Ref, suffix?: string): Ref {
  const inputs = [l, index, item];
  const attrs = { ...element(spec), resize_if_index_out_of_bounds: { bool: false } };
  return suffix === undefined
    ? e.main('TensorListSetItem', inputs, attrs)
    : e.beside(suffix, 'TensorListSetItem', inputs, attrs);
}

export function getItem(e: Emitter, spec: ListSpec, l: Ref, index: Ref, shape?: Ref, suffix?: string): Ref {
  const inputs = [l, index, shape ?? e.elementShape(elementShapeOf(spec))];
  return suffix === undefined
    ? e.main('TensorListGetItem', inputs, element(spec))
    : e.beside(suffix, 'TensorListGetItem', inputs, element(spec));
}

function put(node: Node<PutAttrs>, e: Emitter): readonly Ref[] {
  const spec = listSpecOf(node.outputs[0]);
  const { adds, grows } = node.attrs;
  const [given, item, index] = inputsOf(node, e);
  const l = grows ? reaching(e, spec, given, index) : given;
  if (!adds) return [setItem(e, spec, l, index, item)];
  if (spec.depth > 1) {
    const inner = { ...spec, depth: spec.depth - 1 };
    const old = getItem(e, spec, l, index, undefined, 'before');
    return [setItem(e, spec, l, index, e.beside('sum', 'AddN', added(e, inner, old, item), sumOfTwo))];
  }
  const before = getItem(e, spec, l, index, shapeFor(e, item, spec), 'before');
  const sum = e.beside('sum', 'AddV2', [before, item], { T: { type: spec.dtype } });
  return [setItem(e, spec, l, index, sum)];
}

function flat({ op }: { readonly op: { readonly name: string } }, spec: ListSpec): ListSpec {
  if (spec.depth > 1) throw new Unavailable(`${op.name}: TensorFlow has it for lists of tensors only`);
  return spec;
}

/** The elements at some indices as a tensor. */
const gathered = (e: Emitter, spec: ListSpec, l: Ref, indices: Ref, shape = e.elementShape(spec.elementShape)): Ref =>
  e.beside('gathered', 'TensorListGather', [l, indices, shape], element(spec));

/** Lists, which are TensorFlow's tensor lists. */
export const listTranslations: Translations<typeof list> = {
  reserve(node, e) {
    const { spec } = node.attrs;
    const [length] = inputsOf(node, e);
    if (spec.depth > 1) return [resized(e, spec, newList(e, spec, undefined, 'none'), length)];
    return [e.main('TensorListReserve', [e.elementShape(spec.elementShape), length], shaped(spec))];
  },
  stack(node, e) {
    const spec = listSpecOf(node.inputs[0]);
    const [l, length, row] = inputsOf(node, e);
    const shape = node.inputs.length > 2 ? row : e.elementShape(spec.elementShape);
    const attrs = { ...element(spec), num_elements: { int: -1 } };
    return [e.main('TensorListStack', [resized(e, spec, l, length), shape], attrs)];
  },
  unstack(node, e) {
    const spec = listSpecOf(node.outputs[0]);
    const [x, length] = inputsOf(node, e);
    const all = e.beside('all', 'TensorListFromTensor', [x, e.elementShape(spec.elementShape)], shaped(spec));
    return [e.main('TensorListResize', [all, length], {})];
  },
  length: (node, e) => [e.main('TensorListLength', inputsOf(node, e), {})],
  lengths(node, e) {
    const spec = flat(node, listSpecOf(node.inputs[0]));
    const { elementShape } = node.attrs;
    const leading = e.beside('leading', 'Const', [], {
      dtype: { type: 'int64' },
      value: { tensor: { dtype: 'int64', shape: [0], data: [] } },
    });
    const joined = e.beside(
      'joined',
      'TensorListConcatV2',
      [e.at(node.inputs[0]), e.elementShape(elementShape), leading],
      shaped(spec),
    );
    return [e.main('Cast', [output(joined, 1)], { SrcT: { type: 'int64' }, DstT: int32 })];
  },
  get(node, e) {
    const spec = listSpecOf(node.inputs[0]);
    const [l, index, given] = inputsOf(node, e);
    if (node.inputs.length < 3) return [getItem(e, spec, l, index)];
    return [getItem(e, spec, reaching(e, spec, l, index), index, spec.depth === 1 ? given : undefined)];
  },
  put,
  pick(node, e) {
    const spec = flat(node, listSpecOf(node.inputs[0]));
    const [given, indices] = inputsOf(node, e);
    const l = node.attrs.bounded ? given : reaching(e, spec, given, largest(e, indices));
    const rows = gathered(e, spec, l, indices);
    return [e.main('TensorListFromTensor', [rows, e.elementShape(spec.elementShape)], shaped(spec))];
  },
  place(node, e) {
    const spec = flat(node, listSpecOf(node.outputs[0]));
    const { adds, grows } = node.attrs;
    const [given, items, indices] = inputsOf(node, e);
    const l = grows ? reaching(e, spec, given, largest(e, indices)) : given;
    const stacked = (suffix: string, list: Ref, shape: Ref): Ref =>
      e.beside(suffix, 'TensorListStack', [list, shape], { ...element(spec), num_elements: { int: -1 } });
    const shape = e.elementShape(spec.elementShape);
    const rows = stacked('rows', items, shape);
    if (!adds) return [e.main('TensorListScatterIntoExistingList', [l, rows, indices], element(spec))];
    // Indices may be equal, and then both are added: in a tensor of all elements.
    const all = e.shapeOf('Shape', rows, spec.dtype);
    const bounds = [e.ints('begin', [1]), e.ints('end', [0]), e.ints('strides', [1])];
    const row = e.beside('row', 'StridedSlice', [all, ...bounds], stridedAttrs('int32', { end: 1 }));
    const at = e.beside('at', 'ExpandDims', [indices, e.ints('dim', 1)], { T: int32, Tdim: int32 });
    const sum = e.beside('sum', 'TensorScatterAdd', [stacked('before', l, row), at, rows], {
      T: { type: spec.dtype },
      Tindices: int32,
    });
    return [e.main('TensorListFromTensor', [sum, shape], shaped(spec))];
  },
  split(node, e) {
    const spec = listSpecOf(node.outputs[0]);
    const [x, lengths] = inputsOf(node, e);
    const long = e.cast('lengths', lengths, 'int32', 'int64');
    return [e.main('TensorListSplit', [x, e.elementShape(spec.elementShape), long], shaped(spec))];
  },
  concat(node, e) {
    const spec = flat(node, listSpecOf(node.inputs[0]));
    const [l, lengths] = inputsOf(node, e);
    const leading =
      node.inputs.length > 1
        ? e.cast('leading', lengths, 'int32', 'int64')
        : e.beside('leading', 'Const', [], {
            dtype: { type: 'int64' },
            value: { tensor: { dtype: 'int64', shape: [0], data: [] } },
          });
    return [e.main('TensorListConcatV2', [l, e.elementShape(spec.elementShape), leading], shaped(spec))];
  },
  add: (node, e) => {
    const [a, b] = inputsOf(node, e);
    return [e.main('AddN', added(e, listSpecOf(node.outputs[0]), a, b), sumOfTwo)];
  },
};
