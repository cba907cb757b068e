import type { Slot } from '../lower/program.js';
import type { BoundProgram, BoundStep } from './bind.js';
import { itemOrZeros, rows } from './list-tensors.js';
import type { Machine, Run } from './machine.js';
import { type ListValue, type Value, isHost, isList, release, retain } from './values.js';

type Loop = Extract<BoundStep, { kind: 'loop' }>;
type Cond = Extract<BoundStep, { kind: 'cond' }>;
/** Runs a body; the executor, which control flow is part of. */
type Execute = (program: BoundProgram, args: readonly Value[], m: Machine) => Run<Value[]>;

/** A sequence that a loop reads: its rows, which the loop holds references to. */
function* sequence(v: Value, length: number | null, m: Machine): Run<ListValue> {
  if (isList(v)) {
    retain(m.backend, v);
    return v;
  }
  if (v.shape.length === 0)
    throw new Error(`Loop: expected sequences with a first axis to run over, got ${v.dtype}[].`);
  return { dtype: v.dtype, items: yield* rows(v, length ?? Infinity, m), refs: 1 };
}

/** Runs a loop; see `LoopAttrs` for what it means. */
export function* runLoop(step: Loop, get: (s: Slot) => Value, m: Machine, execute: Execute): Run<Value[]> {
  const { backend } = m;
  const { body, cond, reverse } = step;
  const consts = step.consts.map(get);
  const limit = step.length === null ? null : counter(get(step.length));
  const xs: ListValue[] = [];
  let carry: Value[] = [];
  let row: Value[] = [];
  const ys: Value[][] = body.results.slice(step.carry.length).map(() => []);
  try {
    for (const s of step.xs) xs.push(yield* sequence(get(s), limit, m));
    carry = step.carry.map((s) => retain(backend, get(s)));
    const lengths = xs.map((x) => x.items.length);
    // Where the trips are counted, a list may be shorter, as gradients are: beyond its end it reads as zeros.
    const ending = limit === null ? lengths : lengths.filter((_, i) => !isList(get(step.xs[i])));
    const trips = Math.max(0, Math.min(limit ?? Infinity, ...ending));
    if (limit === null && lengths.some((n) => n !== lengths[0])) {
      throw new Error(
        `Loop: expected sequences of one length, got ${lengths.join(', ')}. Slice them to the same length.`,
      );
    }
    let t = 0;
    for (; t < trips; t++) {
      if (cond !== null) {
        const [go] = yield* execute(cond, [...consts, ...carry], m);
        if (counter(go) === 0) break;
      }
      const index = reverse ? trips - 1 - t : t;
      for (const [i, x] of xs.entries())
        row.push(yield* itemOrZeros(x, index, m, body.slots[body.params[consts.length + step.carry.length + i].slot]));
      const args = [...consts, ...carry, ...row];
      // From here on the body owns the carry and the rows.
      carry = [];
      row = [];
      const out = yield* execute(body, args, m);
      carry = out.slice(0, step.carry.length);
      out.slice(step.carry.length).forEach((y, j) => ys[j].push(y));
    }
    if (reverse) ys.forEach((items) => items.reverse());
    const lists = ys.map((items, j): ListValue => ({
      dtype: body.slots[body.results[step.carry.length + j].slot].spec.dtype,
      items,
      refs: 1,
    }));
    const results: Value[] = [...carry, ...lists, { dtype: 'int32', shape: [], data: Int32Array.of(t) }];
    carry = [];
    xs.forEach((x) => release(backend, x));
    return results;
  } catch (e) {
    [...carry, ...row].forEach((v) => release(backend, v));
    xs.forEach((x) => release(backend, x));
    ys.flat().forEach((y) => release(backend, y));
    throw e;
  }
}

/** Runs the branch that the predicate chooses. */
export function* runCond(step: Cond, get: (s: Slot) => Value, m: Machine, execute: Execute): Run<Value[]> {
  const taken = counter(get(step.pred)) !== 0;
  const branch = taken ? step.then : step.otherwise;
  const out = yield* execute(branch, step.captures.map(get), m);
  const own = out.slice(step.results);
  const savedThen = step.then.results.length - step.results;
  const lists = step.outputs.slice(step.results).map((_, i): ListValue => {
    const mine = taken === i < savedThen;
    const item = mine ? own[taken ? i : i - savedThen] : undefined;
    const { results, slots } = i < savedThen ? step.then : step.otherwise;
    const { dtype } = slots[results[step.results + (i < savedThen ? i : i - savedThen)].slot].spec;
    return { dtype, items: item === undefined ? [] : [item], refs: 1 };
  });
  return [...out.slice(0, step.results), ...lists];
}

const counter = (v: Value): number => {
  if (!isHost(v)) throw new Error('execute: a counter or condition is not on the host.');
  return v.data[0];
};
