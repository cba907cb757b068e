import {
  type CondAttrs,
  type Edge,
  type LoopAttrs,
  type Node,
  type Shape,
  type SubGraph,
  type control,
  listOf,
} from '@tensorloom/graph';
import type { Merged } from '@tensorloom/runtime';
import { type Emitter, type Ref, output, shapeOfEdge, typeAttr, typeOfEdge } from '../emitter.js';
import { type Argument, writeFunction } from '../function.js';
import { getItem, listSpecOf, newList, setItem } from './list.js';
import { type Translations, Unavailable, inputsOf } from './translation.js';

const int32 = { type: 'int32' } as const;
const scalar: Argument = { type: 'int32', shape: [] };
const argumentOf = (edge: Edge): Argument => ({ type: typeOfEdge(edge), shape: shapeOfEdge(edge) });

/** Control flow but for loops and branches, whose copies are written once. */
export const controlTranslations: Omit<Translations<typeof control>, 'loop' | 'cond'> = {
  identity: (node, e) => [e.main('Identity', inputsOf(node, e), { T: typeAttr(node.inputs[0]) })],
  assumeShape: (node, e) => [e.main('Identity', inputsOf(node, e), { T: typeAttr(node.inputs[0]) })],
  placeholderWithDefault: (node, e) => [
    e.main('PlaceholderWithDefault', inputsOf(node, e), {
      dtype: typeAttr(node.inputs[0]),
      shape: { shape: shapeOfEdge(node.outputs[0]) },
    }),
  ],
  stopGradient: (node, e) => [e.main('StopGradient', inputsOf(node, e), { T: typeAttr(node.inputs[0]) })],
  // Its gradient is in the graph already, where it was asked for.
  customGradient: (node, e) => {
    const own = inputsOf(node, e).slice(0, node.attrs.ys);
    return own.map((x, i) => {
      const attrs = { T: typeAttr(node.inputs[i]) };
      return i === own.length - 1 ? e.main('Identity', [x], attrs) : e.beside('Identity', 'Identity', [x], attrs);
    });
  },
};

/** The number of trips that sequences and a given number allow; `undefined` where only a condition ends the loop. */
function limitOf(e: Emitter, xs: readonly Edge[], counted: Edge | undefined): Ref | undefined {
  const rows = xs.map((t): Ref => {
    const x = e.at(t);
    if (t.kind === 'list') return e.beside('length', 'TensorListLength', [x], {});
    return e.entry('rows', e.shapeOf('Shape', x, t.dtype), 0);
  });
  const all = counted === undefined ? rows : [...rows, e.at(counted)];
  return all.reduce<Ref | undefined>(
    (least, n) => (least === undefined ? n : e.beside('limit', 'Minimum', [least, n], { T: int32 })),
    undefined,
  );
}

/** The row of a sequence that belongs to a trip. */
function rowOf(e: Emitter, x: Edge, ref: Ref, index: Ref, row: Edge): Ref {
  if (x.kind === 'list') return getItem(e, listSpecOf(x), ref, index, undefined, 'row');
  return e.beside('row', 'GatherV2', [ref, index, e.ints('axis', 0)], {
    batch_dims: { int: 0 },
    Tparams: { type: typeOfEdge(row) },
    Tindices: int32,
    Taxis: int32,
  });
}

/**
 * A loop and its copies as one While: (trip, limit?, consts, sequences, carry, lists). Returns where its carry, its lists and its number
 * of trips are.
 */
export function writeLoop(node: Node<LoopAttrs>, { attrs, bodies }: Merged, e: Emitter): readonly Ref[] {
  const { cond, consts, carry, counted, reverse } = attrs as LoopAttrs;
  const [body] = bodies;
  const last = node.inputs.length - (counted ? 1 : 0);
  const constEdges = node.inputs.slice(0, consts);
  const carryEdges = node.inputs.slice(consts, consts + carry);
  const xs = node.inputs.slice(consts + carry, last);
  const limit = limitOf(e, xs, counted ? node.inputs[last] : undefined);
  const collected = body.outputs.slice(carry).map((t) => listOf(t.spec));
  const fixed = cond === null ? limit : undefined;
  const lists = collected.map((spec) => newList(e, spec, fixed, 'list'));
  const limits = limit === undefined ? [] : [limit];
  const carried: Argument[] = body.params.slice(consts, consts + carry).map((p) => argumentOf(p));
  const args: Argument[] = [
    scalar,
    ...limits.map(() => scalar),
    ...[...constEdges, ...xs].map(argumentOf),
    ...carried,
    ...collected.map((): Argument => ({ type: 'variant', shape: [] })),
  ];
  const at = { consts: 1 + limits.length, xs: 1 + limits.length + consts, carry: 0, lists: 0 };
  at.carry = at.xs + xs.length;
  at.lists = at.carry + carry;
  const given = (refs: readonly Ref[], { params }: Pick<SubGraph, 'params'>, rows: readonly Ref[]): [Edge, Ref][] => {
    const values = [...refs.slice(at.consts, at.xs), ...refs.slice(at.carry, at.lists), ...rows];
    return params.map((p, i) => [p, values[i]]);
  };
  const condition = writeFunction(e.library, `${node.name}/cond`, args, (inner, refs) => {
    const more = limit === undefined ? undefined : inner.beside('more', 'Less', [refs[0], refs[1]], { T: int32 });
    if (cond === null) return more === undefined ? [] : [{ ref: more, type: 'bool' }];
    const [holds] = inner.body(cond, given(refs, cond, []));
    const both = more === undefined ? holds : inner.beside('both', 'LogicalAnd', [more, holds], {});
    return [{ ref: both, type: 'bool' }];
  });
  const turn = writeFunction(e.library, `${node.name}/body`, args, (inner, refs) => {
    const trip = refs[0];
    const one = inner.ints('one', 1);
    let index = trip;
    if (reverse) {
      if (limit === undefined) throw new Unavailable('Loop: one that runs backwards must be counted');
      const left = inner.beside('left', 'Sub', [refs[1], trip], { T: int32 });
      index = inner.beside('index', 'Sub', [left, one], { T: int32 });
    }
    const rows = xs.map((x, i) => rowOf(inner, x, refs[at.xs + i], index, body.params[consts + carry + i]));
    const results = inner.body(body, given(refs, body, rows));
    const next = inner.beside('next', 'AddV2', [trip, one], { T: int32 });
    const filled = collected.map((spec, i) => {
      const [l, item] = [refs[at.lists + i], results[carry + i]];
      if (fixed !== undefined) return setItem(inner, spec, l, index, item, 'filled');
      const element_dtype = { type: typeOfEdge(body.outputs[carry + i]) };
      return inner.beside('pushed', 'TensorListPushBack', [l, item], { element_dtype });
    });
    const all = [next, ...refs.slice(1, at.carry), ...results.slice(0, carry), ...filled];
    return all.map((ref, i) => ({ ref, type: args[i].type }));
  });
  const start = [e.ints('trip', 0), ...limits, ...[...constEdges, ...xs, ...carryEdges].map((t) => e.at(t)), ...lists];
  const loop = e.main(turn.isStateful || condition.isStateful ? 'While' : 'StatelessWhile', start, {
    T: { types: args.map(({ type }) => type) },
    cond: { func: condition.name },
    body: { func: turn.name },
    output_shapes: { shapes: args.map(({ shape }) => shape) },
    parallel_iterations: { int: 32 },
    _lower_using_switch_merge: { bool: true },
  });
  const outputs = Array.from({ length: carry + collected.length }, (_, i) => output(loop, at.carry + i));
  return [...outputs, output(loop, 0)];
}

/** A branch and its copies as one If. Returns its results, and the lists of what each branch saved: of one element, or none. */
export function writeCond(node: Node<CondAttrs>, { attrs }: Merged, e: Emitter): readonly Ref[] {
  const { then, otherwise, savedThen, savedOtherwise } = attrs as CondAttrs;
  const [pred, ...captures] = inputsOf(node, e);
  const args = node.inputs.slice(1).map(argumentOf);
  const saved = [...savedThen, ...savedOtherwise].map((t) => listOf(t.spec));
  const branch = (
    suffix: string,
    { params, outputs }: SubGraph,
    own: readonly Edge[],
    from: number,
  ): ReturnType<typeof writeFunction> =>
    writeFunction(e.library, `${node.name}/${suffix}`, args, (inner, refs) => {
      const results = inner.body(
        { outputs: [...outputs, ...own] },
        params.map((p, i) => [p, refs[i]]),
      );
      const lists = saved.map((spec, i) => {
        const empty = newList(inner, spec, undefined, 'list');
        if (i < from || i >= from + own.length) return empty;
        const item = results[outputs.length + i - from];
        return inner.beside('saved', 'TensorListPushBack', [empty, item], { element_dtype: typeAttr(own[i - from]) });
      });
      return [
        ...results.slice(0, outputs.length).map((ref, i) => ({ ref, type: typeOfEdge(outputs[i]) })),
        ...lists.map((ref) => ({ ref, type: 'variant' as const })),
      ];
    });
  const yes = branch('then', then, savedThen, 0);
  const no = branch('otherwise', otherwise, savedOtherwise, savedThen.length);
  const types = [...then.outputs.map(typeOfEdge), ...saved.map(() => 'variant' as const)];
  const shapes: Shape[] = [...node.outputs.slice(0, then.outputs.length).map(shapeOfEdge), ...saved.map(() => [])];
  const chosen = e.main(yes.isStateful || no.isStateful ? 'If' : 'StatelessIf', [pred, ...captures], {
    Tcond: { type: 'bool' },
    Tin: { types: args.map(({ type }) => type) },
    Tout: { types },
    then_branch: { func: yes.name },
    else_branch: { func: no.name },
    output_shapes: { shapes },
    _lower_using_switch_merge: { bool: true },
  });
  return types.map((_, i) => output(chosen, i));
}
