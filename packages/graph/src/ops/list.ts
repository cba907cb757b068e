import { apply, apply1 } from '../context.js';
import { type InputSpec, makeOp, tensorInput } from '../op.js';
import { mergeShapes } from '../shape.js';
import { type ListSpec, elementOf, listOf, listSpec, showSpec, tensorSpec } from '../spec.js';
import type { Edge, List, Tensor } from '../tensor.js';

function listInput(op: string, { spec }: InputSpec): ListSpec {
  if (spec.kind !== 'list') throw new TypeError(`${op}: expected a list, got a tensor.`);
  return spec;
}

/** The family of lists: immutable sequences of tensors (or of lists) of one dtype, kept by the runtime. An element never set reads as zeros. */
export const list = {
  /** (list, length): a tensor of the first `length` elements; beyond the list's end, zeros. */
  stack: makeOp({
    name: 'ListStack',
    hostInputs: [1],
    onHost: true,
    infer([l, length]) {
      const { dtype, elementShape, depth } = listInput('ListStack', l);
      if (depth > 1) throw new TypeError(`ListStack: expected a list of tensors, got ${showSpec(l.spec)}.`);
      return [tensorSpec(dtype, elementShape && [length.value?.[0] ?? null, ...elementShape])];
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
  /** (list, index): one element. */
  get: makeOp({
    name: 'ListGet',
    hostInputs: [1],
    onHost: true,
    infer: ([l]) => [elementOf(listInput('ListGet', l))],
  }),
  /** (item, index, length): a list of that length with one element set. */
  single: makeOp({
    name: 'ListSingle',
    hostInputs: [1, 2],
    onHost: true,
    infer: ([x]) => [listOf(x.spec)],
  }),
  /** (list): one of the same length with no element set. */
  zerosLike: makeOp({ name: 'ListZerosLike', onHost: true, infer: ([l]) => [listInput('ListZerosLike', l)] }),
  /** (a, b): the sums of elements of lists of one length. */
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

/** The first `length` elements of a list as one tensor; zeros beyond the list's end. */
export const listStack = (l: List, length: Tensor): Tensor => apply1(list.stack, [l, length], {});
/** The first `length` rows of a tensor as a list. */
export const listUnstack = (x: Tensor, length: Tensor): List => asList(apply(list.unstack, [x, length], {}).outputs[0]);
/** The number of elements, an int32 scalar. */
export const listLength = (l: List): Tensor => apply1(list.length, [l], {});
/** The element at `index`: a tensor, or a list of a list of lists. */
export const listGet = (l: List, index: Tensor): Edge => apply(list.get, [l, index], {}).outputs[0];
/** A list of `length` elements of which only the one at `index` is set. */
export const listSingle = (x: Edge, index: Tensor, length: Tensor): List =>
  asList(apply(list.single, [x, index, length], {}).outputs[0]);
/** A list as long as `l` with no element set. */
export const listZerosLike = (l: List): List => asList(apply(list.zerosLike, [l], {}).outputs[0]);
/** Element-by-element sums of two lists. */
export const listAdd = (a: List, b: List): List => asList(apply(list.add, [a, b], {}).outputs[0]);
