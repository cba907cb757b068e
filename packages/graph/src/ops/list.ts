import { apply, apply1, defaultGraph } from '../context.js';
import type { Node } from '../node.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import { type Shape, mergeShapes, showShape } from '../shape.js';
import { type ListSpec, type Spec, compatibleSpecs, elementOf, listSpec, showSpec, tensorSpec } from '../spec.js';
import type { Edge, List, Tensor } from '../tensor.js';
import { toInts } from './convert.js';
import { dimOf, shape } from './shape.js';

/** How something is put into a list. */
export interface PutAttrs {
  /** Added to what is there; otherwise an element that is there already is refused. */
  readonly adds: boolean;
  /** The list grows to hold the index; otherwise an index beyond its end is refused. */
  readonly grows: boolean;
}

function listInput(op: string, { spec }: InputSpec): ListSpec {
  if (spec.kind !== 'list') throw new TypeError(`${op}: expected a list, got a tensor.`);
  return spec;
}

/** The type of a list after something was put into it. */
function holding(op: string, l: ListSpec, item: Spec): ListSpec {
  const element = elementOf(l);
  if (compatibleSpecs(element, item)) return l;
  throw new TypeError(
    `${op}: the list holds ${showSpec(element)}, got ${showSpec(item)}. Give every element the dtype and shape of the list.`,
  );
}

/** A shape of which the elements of `value`, a vector, are known too. */
function shapeWith(op: string, known: Shape, value: InputSpec | undefined): Shape {
  const merged = mergeShapes(known, value?.value);
  if (merged !== null) return merged;
  throw new TypeError(`${op}: the list holds elements of shape ${showShape(known)}, got ${showShape(value?.value)}.`);
}

/**
 * The family of lists: immutable sequences of tensors (or of lists) of one dtype, kept by the runtime. An element never set reads
 * as zeros. The gradient of a list is a list; what lies beyond its end has no gradient.
 */
export const list = {
  /** (length): a list of which no element is set. */
  reserve: makeOp<{ readonly spec: ListSpec }>({
    name: 'ListReserve',
    hostInputs: [0],
    onHost: true,
    infer: (_, { spec }) => [spec],
    show: () => '',
  }),
  /** (list, length, shape?): a tensor of the first `length` elements; beyond the list's end, and where none was set, zeros (of `shape`). */
  stack: makeOp({
    name: 'ListStack',
    hostInputs: [1, 2],
    onHost: true,
    infer([l, length, row]) {
      const { dtype, elementShape, depth } = listInput('ListStack', l);
      if (depth > 1) throw new TypeError(`ListStack: expected a list of tensors, got ${showSpec(l.spec)}.`);
      const known = shapeWith('ListStack', elementShape, row);
      return [tensorSpec(dtype, known && [length.value?.[0] ?? null, ...known])];
    },
  }),
  /** (x, length): the first `length` rows of a tensor; where it has fewer, elements never set. */
  unstack: makeOp({
    name: 'ListUnstack',
    hostInputs: [1],
    onHost: true,
    infer([x]) {
      const { dtype, shape } = tensorInput('ListUnstack', x);
      if (shape?.length === 0) throw new TypeError('ListUnstack: expected a tensor of rank 1 or more, got a scalar.');
      return [listSpec(dtype, shape?.slice(1))];
    },
  }),
  length: makeOp({
    name: 'ListLength',
    onHost: true,
    infer: ([l]) => [listInput('ListLength', l), tensorSpec('int32', [])].slice(1),
  }),
  /** (list): the first dimension of every element; where none was set, that of the element shape, 0 when it is not known. */
  lengths: makeOp<{ readonly elementShape: Shape }>({
    name: 'ListLengths',
    onHost: true,
    infer: ([l]) => [listInput('ListLengths', l), tensorSpec('int32', [null])].slice(1),
    show: () => '',
  }),
  /** (list, index, shape?): one element. Given a shape, an element never set or beyond the list's end is zeros of that shape. */
  get: makeOp({
    name: 'ListGet',
    hostInputs: [1, 2],
    onHost: true,
    infer([l, , given]) {
      const element = elementOf(listInput('ListGet', l));
      return [
        element.kind === 'list' ? element : tensorSpec(element.dtype, shapeWith('ListGet', element.shape, given)),
      ];
    },
  }),
  /** (list, item, index): the list with one more element set. */
  put: makeOp<PutAttrs>({
    name: 'ListPut',
    hostInputs: [2],
    onHost: true,
    infer: ([l, item]) => [holding('ListPut', listInput('ListPut', l), item.spec)],
    show: ({ adds }) => (adds ? 'adds' : ''),
  }),
  /** (list, indices): the elements at `indices`; with `bounded`, indices out of range are refused. */
  pick: makeOp<{ readonly bounded: boolean }>({
    name: 'ListPick',
    hostInputs: [1],
    onHost: true,
    infer: ([l]) => [listInput('ListPick', l)],
    show: () => '',
  }),
  /** (list, items, indices): the list with the elements of another put at `indices`. */
  place: makeOp<PutAttrs>({
    name: 'ListPlace',
    hostInputs: [2],
    onHost: true,
    infer: ([l, items]) => [holding('ListPlace', listInput('ListPlace', l), elementOf(listInput('ListPlace', items)))],
    show: ({ adds }) => (adds ? 'adds' : ''),
  }),
  /** (x, lengths, size?): consecutive pieces of a tensor's first axis; as many as `size` says. */
  split: makeOp({
    name: 'ListSplit',
    hostInputs: [1, 2],
    onHost: true,
    infer([x, lengths]) {
      const { dtype, shape } = tensorInput('ListSplit', x);
      const vector = tensorInput('ListSplit', lengths).shape;
      if (shape?.length === 0) throw new TypeError('ListSplit: expected a tensor of rank 1 or more, got a scalar.');
      if (vector !== undefined && vector.length !== 1) {
        throw new TypeError(`ListSplit: expected lengths to be a vector, got ${showSpec(lengths.spec)}.`);
      }
      const [first = null, ...others] = lengths.value ?? [];
      return [listSpec(dtype, shape && [others.every((n) => n === first) ? first : null, ...shape.slice(1)])];
    },
  }),
  /** (list, lengths?, shape?): the elements joined along their first axis; where none was set, zeros, as many rows as `lengths` says. */
  concat: makeOp<{ readonly elementShape: Shape }>({
    name: 'ListConcat',
    hostInputs: [1, 2],
    onHost: true,
    infer([l, , given]) {
      const { dtype, elementShape, depth } = listInput('ListConcat', l);
      if (depth > 1) throw new TypeError(`ListConcat: expected a list of tensors, got ${showSpec(l.spec)}.`);
      if (elementShape?.length === 0) {
        throw new TypeError('ListConcat: expected elements of rank 1 or more, got scalars. Use stack().');
      }
      return [tensorSpec(dtype, shapeWith('ListConcat', elementShape && [null, ...elementShape.slice(1)], given))];
    },
    show: () => '',
  }),
  /** (a, b): the sums of the elements of two lists; what lies beyond the end of one is the other's. */
  add: makeOp({
    name: 'ListAdd',
    onHost: true,
    infer(inputs) {
      const [a, b] = inputs.map((i) => listInput('ListAdd', i));
      const shape = mergeShapes(a.elementShape, b.elementShape);
      if (shape === null || a.dtype !== b.dtype || a.depth !== b.depth)
        throw new TypeError(`ListAdd: ${showSpec(a)} and ${showSpec(b)} differ.`);
      return [listSpec(a.dtype, shape, a.depth)];
    },
  }),
};

const asList = (edge: Edge): List => {
  if (edge.kind !== 'list') throw new TypeError(`${edge.name}: expected a list, got a tensor.`);
  return edge;
};
const optional = (x: Tensor | undefined): readonly Tensor[] => (x === undefined ? [] : [x]);

/** The number of rows of x, an int32 scalar, whatever is known of its shape. */
export const rowsOf = (x: Tensor): Tensor =>
  x.shape === undefined ? apply1(shape.dim, [x], { axis: 0 }) : dimOf(x, 0);

/** A list of `length` elements, none of them set. */
export const listReserve = (spec: ListSpec, length: Tensor, name?: string): List =>
  asList(apply(list.reserve, [length], { spec }, name).outputs[0]);
/** The first `length` elements of a list as one tensor; zeros beyond the list's end, of shape `row` where it is given. */
export const listStack = (l: List, length: Tensor, row?: Tensor): Tensor =>
  apply1(list.stack, [l, length, ...optional(row)], {});
/** The first `length` rows of a tensor as a list. */
export const listUnstack = (x: Tensor, length: Tensor): List => asList(apply(list.unstack, [x, length], {}).outputs[0]);
/** The number of elements, an int32 scalar. */
export const listLength = (l: List): Tensor => apply1(list.length, [l], {});
/** The first dimension of each element, an int32 vector: as many rows as each has in what `listConcat` gives. */
export const listLengths = (l: List): Tensor => apply1(list.lengths, [l], { elementShape: l.elementShape });
/** The element at `index`: a tensor, or a list of a list of lists. Given a shape, zeros of it where there is none. */
export const listGet = (l: List, index: Tensor, given?: Tensor): Edge =>
  apply(list.get, [l, index, ...optional(given)], {}).outputs[0];
/** A list with `item` put at `index`. */
export const listPut = (l: List, item: Edge, index: Tensor, attrs: PutAttrs): List =>
  asList(apply(list.put, [l, item, index], attrs).outputs[0]);
/** The elements at `indices`, a vector. */
export const listPick = (l: List, indices: Tensor, bounded: boolean): List =>
  asList(apply(list.pick, [l, indices], { bounded }).outputs[0]);
/** A list with the elements of `items` put at `indices`. */
export const listPlace = (l: List, items: List, indices: Tensor, attrs: PutAttrs): List =>
  asList(apply(list.place, [l, items, indices], attrs).outputs[0]);
/** Consecutive pieces of a tensor's first axis, of the given lengths; `size`, where it is given, is how many there must be. */
export const listSplit = (x: Tensor, lengths: Tensor, size?: Tensor): List =>
  asList(apply(list.split, [x, lengths, ...optional(size)], {}).outputs[0]);
/** The elements joined along their first axis; `lengths` and the shape `whole` of the result say what stands for elements never set. */
export const listConcat = (l: List, lengths?: Tensor, whole?: Tensor): Tensor =>
  apply1(list.concat, [l, ...optional(lengths), ...optional(whole)], { elementShape: l.elementShape });
/** A list like `l` with no element set: zeros at any length. */
export const listZerosLike = (l: List): List => listReserve(l.spec, toInts(0, 'ListReserve'));

const puts = (n: Node): n is Node<PutAttrs> => n.op === list.put || n.op === list.place;
/** The node of the current graph that made a list by adding at an index, if one did. */
const addition = ({ op, graph }: List): Node<PutAttrs> | null =>
  puts(op) && op.attrs.adds && graph === defaultGraph() ? op : null;
const isReserve = (n: Node): n is Node<{ readonly spec: ListSpec }> => n.op === list.reserve;
const isZeros = (l: List): boolean => isReserve(l.op);

/**
 * Element-by-element sums of two lists. A list that was made by adding at an index is not made and then added, but added at that
 * index: so a loop that reads one element in each iteration has a gradient of constant cost in each.
 */
export function listAdd(a: List, b: List): List {
  if (isZeros(b)) return a;
  if (isZeros(a)) return b;
  const [into, added] = addition(b) === null && addition(a) !== null ? [b, a] : [a, b];
  const steps: Node<PutAttrs>[] = [];
  let rest = added;
  for (let step = addition(rest); step !== null; step = addition(rest)) {
    steps.push(step);
    rest = asList(step.inputs[0]);
  }
  const start = isZeros(rest) ? into : asList(apply(list.add, [into, rest], {}).outputs[0]);
  return steps.reduceRight(
    (sum, { op, inputs, attrs }) => asList(apply(op, [sum, ...inputs.slice(1)], attrs).outputs[0]),
    start,
  );
}
