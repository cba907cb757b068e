import {
  type Edge,
  List,
  type Op,
  type Tensor,
  asTensors,
  constantOf,
  isKnown,
  list,
  listConcat,
  listGet,
  listLengths,
  listPick,
  listPlace,
  listPut,
  listSplit,
  listStack,
  listUnstack,
  listZerosLike,
  rowsOf,
  shapeOf,
  slice,
} from '@tensorloom/graph';
import type { Rule } from '../rule.js';

const asList = (t: Edge): List => {
  if (!(t instanceof List)) throw new TypeError(`${t.name} is a tensor, expected a list.`);
  return t;
};
const tensor = (t: Edge): Tensor => asTensors([t])[0];

const intsOf = (dims: readonly number[]): Tensor => constantOf('int32', [dims.length], Int32Array.from(dims));

/** Sums, at any index: how gradients of lists come together. */
const sums = { adds: true, grows: true };

/** A rule that is asked only when the gradient of its one output is there. */
const given =
  (rule: (inputs: readonly Edge[], dy: Edge) => readonly (Edge | null)[]): Rule =>
  ({ inputs }, [dy]) =>
    dy === null ? inputs.map(() => null) : rule(inputs, dy);

/** The element of a gradient that belongs to `item`; where there is none, zeros of its shape. */
const elementFor = (item: Edge, dy: List, index: Tensor): Edge =>
  item.kind === 'list' ? listGet(dy, index) : listGet(dy, index, shapeOf(item));

/** The rows of a gradient as a tensor like x; zeros for those that are not there. */
export function stackLike(x: Tensor, dy: List): Tensor {
  if (isKnown(dy.elementShape)) return listStack(dy, rowsOf(x));
  const row = x.shape?.slice(1);
  return listStack(dy, rowsOf(x), isKnown(row) ? intsOf(row) : slice(shapeOf(x), [1], [-1]));
}

const rules: { readonly [K in keyof typeof list]: Rule | null } = {
  reserve: null,
  stack: given((_, dy) => [listUnstack(tensor(dy), rowsOf(tensor(dy))), null, null]),
  unstack: given(([x], dy) => [stackLike(tensor(x), asList(dy)), null]),
  length: null,
  lengths: null,
  get: given(([l, index], dy) => [listPut(listZerosLike(asList(l)), dy, tensor(index), sums), null, null]),
  put: given(([, item, index], dy) => [dy, elementFor(item, asList(dy), tensor(index)), null]),
  pick: given(([l, indices], dy) => [listPlace(listZerosLike(asList(l)), asList(dy), tensor(indices), sums), null]),
  place: given(([, , indices], dy) => [dy, listPick(asList(dy), tensor(indices), false), null]),
  split: given(([x, lengths], dy) => [listConcat(asList(dy), tensor(lengths), shapeOf(tensor(x))), null, null]),
  concat: given(([l, lengths], dy) => [
    listSplit(tensor(dy), lengths === undefined ? listLengths(asList(l)) : tensor(lengths)),
    null,
    null,
  ]),
  add: given((_, dy) => [dy, dy]),
};

/** Gradients of the list family; the gradient of a list is a list. */
export const listRules: readonly (readonly [Op, Rule | null])[] = Object.entries(rules).map(([key, rule]) => [
  list[key as keyof typeof list] as Op,
  rule,
]);
