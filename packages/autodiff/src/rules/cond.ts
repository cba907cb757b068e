import {
  type CondAttrs,
  type Edge,
  Graph,
  type List,
  type Node,
  type SubGraph,
  apply,
  constantOf,
  control,
  isFloating,
  listGet,
  listZerosLike,
  withGraph,
  zerosLike,
} from '@tensorloom/graph';
import { JointBody } from '../body.js';
import type { Rule } from '../rule.js';

const zerosOf = (t: Edge): Edge => (t.kind === 'list' ? listZerosLike(t) : zerosLike(t));
const first = (l: Edge): Edge => listGet(l as List, constantOf('int32', [], Int32Array.of(0)));

/** What the gradient needs of one branch. */
interface Branch {
  readonly body: SubGraph;
  readonly joint: JointBody;
  /** The captures that the way back reads. */
  readonly params: readonly number[];
  /** What it reads of the branch apart from them. */
  readonly kept: readonly Edge[];
  /** Gradients of what the branch saved for another gradient, with the seeds they come in through. */
  readonly dSaved: readonly { readonly seed: Edge; readonly list: Edge }[];
}

/**
 * The gradient of a branch is a branch on the same predicate; the one taken on the way there saves what the way back reads, in
 * lists of one element (the other's stay empty).
 */
export const condRule: Rule = (untyped, dys, differentiate) => {
  const node = untyped as Node<CondAttrs>;
  const { attrs } = node;
  const [pred, ...captures] = node.inputs;
  const results = attrs.then.outputs.length;
  const branch = (body: SubGraph, saved: readonly Edge[], from: number): Branch => {
    const outputs = [...body.outputs, ...saved];
    const dOf = (i: number): Edge | null => dys[i < results ? i : from + i - results];
    const joint = new JointBody(
      untyped,
      body,
      outputs,
      outputs.map((_, i) => dOf(i) !== null),
      differentiate,
    );
    const dSaved = saved.flatMap((_, k) => {
      const [seed, list] = [joint.seeds[results + k], dOf(results + k)];
      return seed === null || list === null ? [] : [{ seed, list }];
    });
    return { body, joint, ...joint.reads(() => true), dSaved };
  };
  const then = branch(attrs.then, attrs.savedThen, results);
  const otherwise = branch(attrs.otherwise, attrs.savedOtherwise, results + attrs.savedThen.length);

  const addedThen = then.kept.filter((t) => !attrs.savedThen.includes(t));
  const addedOtherwise = otherwise.kept.filter((t) => !attrs.savedOtherwise.includes(t));
  const savedThen = [...attrs.savedThen, ...addedThen];
  const savedOtherwise = [...attrs.savedOtherwise, ...addedOtherwise];
  const wide =
    addedThen.length + addedOtherwise.length === 0
      ? node
      : apply(control.cond, node.inputs, { ...attrs, savedThen, savedOtherwise, widens: node }, 'forward');
  const keptThen = then.kept.map((t) => wide.outputs[results + savedThen.indexOf(t)]);
  const keptOtherwise = otherwise.kept.map((t) => wide.outputs[results + savedThen.length + savedOtherwise.indexOf(t)]);

  const dResults = dys.slice(0, results).flatMap((d, i) => (d === null ? [] : [{ d, i }]));
  const wanted = captures.flatMap((c, k) =>
    isFloating(c.dtype) && (then.joint.dParams[k] ?? otherwise.joint.dParams[k]) !== null ? [k] : [],
  );
  if (wanted.length === 0) return node.inputs.map(() => null);
  // A capture that is not read is not passed: a loop around would keep it. Zeros take a tensor for its shape.
  const zeros = wanted.filter((k) => (then.joint.dParams[k] === null) !== (otherwise.joint.dParams[k] === null));
  const used = new Set([...then.params, ...otherwise.params, ...zeros.filter((k) => captures[k].kind === 'tensor')]);
  const read = [...used].sort((a, b) => a - b);
  const inputs = [
    ...read.map((k) => captures[k]),
    ...dResults.map(({ d }) => d),
    ...keptThen,
    ...keptOtherwise,
    ...then.dSaved.map((s) => s.list),
    ...otherwise.dSaved.map((s) => s.list),
  ];

  const backBranch = (own: Branch, isThen: boolean): SubGraph => {
    const graph = new Graph(node.graph);
    return withGraph(graph, () => {
      const params = inputs.map((t) => graph.param(t.spec, 'param'));
      const bound = new Map<Edge, Edge>();
      read.forEach((k, i) => bound.set(own.joint.copy(own.body.params[k]), params[i]));
      let at = read.length;
      dResults.forEach(({ i }) => {
        const seed = own.joint.seeds[i];
        if (seed !== null) bound.set(seed, params[at]);
        at++;
      });
      const keptAt = at + (isThen ? 0 : keptThen.length);
      own.kept.forEach((t, k) => bound.set(own.joint.copy(t), first(params[keptAt + k])));
      const savedAt = at + keptThen.length + keptOtherwise.length + (isThen ? 0 : then.dSaved.length);
      own.dSaved.forEach(({ seed }, k) => bound.set(seed, first(params[savedAt + k])));
      const outputs = wanted.map((k) => {
        const d = own.joint.dParams[k];
        if (d !== null) return own.joint.move(d, bound, graph);
        return zerosOf(captures[k].kind === 'list' ? captures[k] : params[read.indexOf(k)]);
      });
      return { graph, params, outputs };
    });
  };
  const back = apply(
    control.cond,
    [pred, ...inputs],
    {
      then: backBranch(then, true),
      otherwise: backBranch(otherwise, false),
      savedThen: [],
      savedOtherwise: [],
      widens: null,
    },
    'backward',
  );
  return [null, ...captures.map((_, k) => (wanted.includes(k) ? back.outputs[wanted.indexOf(k)] : null))];
};
