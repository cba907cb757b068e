import {
  type Edge,
  List,
  type Op,
  type Tensor,
  asTensors,
  dimOf,
  list,
  listGet,
  listLength,
  listSingle,
  listStack,
  listUnstack,
} from '@tensorloom/graph';
import type { Rule } from '../rule.js';

const asList = (t: Edge): List => {
  if (!(t instanceof List)) throw new TypeError(`${t.name} is a tensor, expected a list.`);
  return t;
};
const tensor = (t: Edge): Tensor => asTensors([t])[0];

/** A rule that is asked only when the gradient of its one output is there. */
const given =
  (rule: (inputs: readonly Edge[], dy: Edge) => readonly (Edge | null)[]): Rule =>
  ({ inputs }, [dy]) =>
    dy === null ? inputs.map(() => null) : rule(inputs, dy);

const rules: { readonly [K in keyof typeof list]: Rule | null } = {
  stack: given(([l], dy) => [listUnstack(tensor(dy), listLength(asList(l))), null]),
  unstack: given(([x], dy) => [listStack(asList(dy), dimOf(tensor(x), 0)), null]),
  length: null,
  get: given(([l, index], dy) => [listSingle(dy, tensor(index), listLength(asList(l))), null]),
  single: given(([, index], dy) => [listGet(asList(dy), tensor(index)), null, null]),
  zerosLike: null,
  add: given((_, dy) => [dy, dy]),
};

/** Gradients of the list family; the gradient of a list is a list. */
export const listRules: readonly (readonly [Op, Rule | null])[] = Object.entries(rules).map(([key, rule]) => [
  list[key as keyof typeof list] as Op,
  rule,
]);
