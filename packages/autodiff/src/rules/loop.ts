import {
  type Edge,
  Graph,
  type List,
  type LoopAttrs,
  type Node,
  type Spec,
  type SubGraph,
  type Tensor,
  add,
  apply,
  control,
  isFloating,
  isNarrower,
  listAdd,
  listZerosLike,
  loop,
  neededNodes,
  withGraph,
  zerosLike,
} from '@tensorloom/graph';
import { JointBody } from '../body.js';
import { forward } from '../forward.js';
import { dependents } from '../gradients.js';
import type { Rule } from '../rule.js';
import { stackLike } from './list.js';

const split = <T>(all: readonly T[], { consts, carry }: LoopAttrs): [readonly T[], readonly T[], readonly T[]] => [
  all.slice(0, consts),
  all.slice(consts, consts + carry),
  all.slice(consts + carry),
];

const zerosOf = (t: Edge): Edge => (t.kind === 'list' ? listZerosLike(t) : zerosLike(t));
const sum = (a: Edge, b: Edge): Edge => (a.kind === 'list' ? listAdd(a, b as List) : add(a, b as Tensor));

const boundTo = (bound: ReadonlyMap<Edge, Edge>, t: Edge): Edge => {
  const to = bound.get(t);
  if (to === undefined) throw new Error(`gradients: '${t.name}' does not reach the way back.`);
  return to;
};

/** A gradient has the shape of what it is the gradient of, whatever inference could make of it. */
const assumed = (d: Edge, spec: Spec): Edge =>
  isNarrower(d.spec, spec) ? d : apply(control.assumeShape, [d], { spec }).outputs[0];

/**
 * The gradient of a loop is two loops: the same one again, saving what the way back reads, and one that runs back over what was
 * saved. Both are loops like any other, so gradients of gradients need nothing more.
 */
export const loopRule: Rule = (untyped, dys, differentiate) => {
  const node = untyped as Node<LoopAttrs>;
  const { attrs } = node;
  const { body } = attrs;
  const inputs = node.inputs.slice(0, body.params.length);
  const [consts, carry, xs] = split(inputs, attrs);
  const outputs = [...body.outputs, ...attrs.saved];

  // 1. The body and its gradient.
  const active = activeCarries(attrs, outputs, dys);
  const wanted = outputs.map((_, i) => (i < attrs.carry ? active.has(i) : dys[i] !== null));
  const joint = new JointBody(untyped, body, outputs, wanted, differentiate);
  const [dConsts, dCarry, dXs] = split(joint.dParams, attrs);

  // 2. There: the loop again, saving what the way back reads. Where a carry is read as it enters a trip and as it leaves it, only
  // the first is saved: the way back carries what entered the trip after.
  const isCarry = (k: number): boolean => k >= attrs.consts && k < attrs.consts + attrs.carry;
  const { params, kept: read } = joint.reads((k) => !isCarry(k));
  const readConsts = params.filter((k) => k < attrs.consts);
  const readXs = params.filter((k) => k >= attrs.consts + attrs.carry);
  const entering = params.filter(isCarry).map((k) => k - attrs.consts);
  const leaving = new Map(entering.map((i) => [body.outputs[i], i]));
  const computed = read.filter((t) => !leaving.has(t));
  const left = read.flatMap((t) => leaving.get(t) ?? []);
  const kept = [...entering.map((i) => body.params[attrs.consts + i]), ...computed];
  const there = forward(node, kept);

  const carrySpec = (i: number): Spec => body.params[attrs.consts + i].spec;

  // 3. Back: carries the gradients of the carry and the sums of those of the constants.
  const sums = dConsts.flatMap((d, k) => (d === null ? [] : [{ d, k }]));
  const carried = [...active].sort((a, b) => a - b);
  const dRows = outputs.flatMap((_, i) =>
    i >= attrs.carry && joint.seeds[i] !== null && dys[i] !== null ? [{ seed: joint.seeds[i], list: dys[i] }] : [],
  );
  const back = new Graph(node.graph);
  const bound = new Map<Edge, Edge>();
  const bind = (from: Edge, name: string): Edge => {
    const p = back.param(from.spec, name);
    bound.set(from, p);
    return p;
  };
  const backBody: SubGraph = withGraph(back, () => {
    const cs = readConsts.map((k) => bind(joint.copy(body.params[k]), 'const'));
    const ds = carried.map((i) => {
      const p = back.param(carrySpec(i), 'd_carry');
      const seed = joint.seeds[i];
      if (seed !== null) bound.set(seed, p);
      return p;
    });
    const after = left.map((i) => {
      const p = back.param(carrySpec(i), 'left');
      bound.set(joint.copy(outputs[i]), assumed(p, outputs[i].spec));
      return p;
    });
    const ss = sums.map(({ k }) => back.param(body.params[k].spec, 'd_const'));
    const rows = [
      ...readXs.map((k) => bind(joint.copy(body.params[k]), 'row')),
      ...kept.map((t) => bind(joint.copy(t), 'saved')),
      ...dRows.map(({ seed }) => bind(seed, 'd_row')),
    ];
    const move = (d: Edge): Edge => joint.move(d, bound, back);
    const entered = left.map((i) => boundTo(bound, joint.copy(body.params[attrs.consts + i])));
    const results = [
      ...carried.map((i, j) => {
        const d = dCarry[i];
        return d === null ? zerosOf(ds[j]) : assumed(move(d), carrySpec(i));
      }),
      ...sums.map(({ d, k }, j) => assumed(sum(ss[j], move(d)), body.params[k].spec)),
      ...entered,
      ...dXs.flatMap((d) => (d === null ? [] : [move(d)])),
    ];
    return { graph: back, params: [...cs, ...ds, ...ss, ...after, ...rows], outputs: results };
  });
  const out = loop(
    {
      body: backBody,
      cond: null,
      consts: readConsts.length,
      carry: carried.length + sums.length + left.length,
      counted: true,
      reverse: !attrs.reverse,
      saved: [],
      widens: null,
      recomputed: attrs.recomputed ?? false,
      swapMemory: attrs.swapMemory ?? false,
      names: [
        ...carried.map((i) => `d ${attrs.names[i]}`),
        ...sums.map(({ k }) => `d ${consts[k].name}`),
        ...left.map((i) => attrs.names[i]),
      ],
    },
    [
      ...readConsts.map((k) => node.inputs[k]),
      ...carried.map((i) => dys[i] ?? zerosOf(node.outputs[i])),
      ...sums.map(({ k }) => zerosOf(consts[k])),
      ...left.map((i) => there.carry[i]),
      ...readXs.map((k) => node.inputs[k]),
      ...there.saved,
      ...dRows.map(({ list }) => list),
      there.trips,
    ],
    'backward',
  );

  // 4. Hand each input its gradient.
  const next = out.outputs[Symbol.iterator]();
  const take = (): Edge => {
    const r = next.next();
    if (r.done) throw new Error('gradients: the backward loop has too few outputs.');
    return r.value;
  };
  const gCarry = new Map(carried.map((i) => [i, take()]));
  const gConsts = new Map(sums.map(({ k }) => [k, take()]));
  left.forEach(take);
  const gXs = dXs.map((d, i) => {
    if (d === null) return null;
    const rows = take();
    const x = xs[i];
    // The rows that the loop did not reach have no gradient.
    return x.kind === 'list' || rows.kind === 'tensor' ? rows : stackLike(x, rows);
  });
  return [...consts.map((_, k) => gConsts.get(k) ?? null), ...carry.map((_, i) => gCarry.get(i) ?? null), ...gXs];
};

/** The carried values with a gradient: those that have one at the end, and those that such a value is computed from in the body. */
function activeCarries(
  { body, consts, carry }: LoopAttrs,
  outputs: readonly Edge[],
  dys: readonly (Edge | null)[],
): Set<number> {
  const active = new Set<number>();
  outputs.forEach((_, i) => {
    if (i < carry && dys[i] !== null) active.add(i);
  });
  const nodes = neededNodes(outputs);
  const influence = Array.from({ length: carry }, (_, i) => {
    const p = body.params[consts + i];
    const reached = new Set(isFloating(p.dtype) ? dependents(nodes, [p]) : []);
    return (t: Edge): boolean => isFloating(t.dtype) && (t === p || reached.has(t.op));
  });
  for (let before = -1; before !== active.size;) {
    before = active.size;
    const ends = outputs.filter((_, i) => (i < carry ? active.has(i) : dys[i] !== null));
    influence.forEach((reaches, i) => {
      if (ends.some(reaches)) active.add(i);
    });
  }
  return active;
}
