import { sizeOf } from '@tensorloom/graph';
import type { StaticLoop, StaticTensor } from '@tensorloom/runtime';
import type { Cpu } from '../cpu.js';
import { elementSize } from '../element-size.js';
import { rowMajor } from './axes.js';
import { batchOf } from './batch.js';
import { partsOf } from './ops/join.js';
import { type Pack, Planner } from './planner.js';
import { type Carry, FIRST_ARGUMENT, type LoopProgram, type Pointer, Unsupported, type View } from './program.js';

/** The rows of an output sequence, which the loop fills. */
export interface Stack {
  readonly row: StaticTensor;
  /** The carry whose beginnings it holds, so that it has one row more than there are trips: what the last one ends with. */
  readonly carry: number | undefined;
  /** The argument with the address of the row with index 0. */
  readonly word: number;
}

/** What a loop is for certain shapes, and how its block of arguments is laid out. */
export interface LoopPlan {
  readonly program: LoopProgram;
  /** The arguments with the addresses of what is given. */
  readonly consts: readonly number[];
  readonly carry: readonly number[];
  readonly xs: readonly number[];
  readonly stacks: readonly Stack[];
  /** Of each output sequence, the stack that holds it; `ahead`: from the next row on. */
  readonly ys: readonly { readonly stack: number; readonly ahead: boolean }[];
  readonly words: number;
  readonly bytes: Planner['bytes'];
  readonly packs: readonly Pack[];
  /** About how many elementary operations a trip takes. */
  readonly work: number;
  /** How many of them are in products with which other threads can help. */
  readonly shared: number;
}

/** Plans a loop. Throws `Unsupported` when something in it cannot be compiled. */
export function planLoop(
  cpu: Pick<Cpu, 'compiler' | 'wasm'>,
  loop: StaticLoop,
  constantAt: (v: number) => number,
): LoopPlan {
  const { values, body, cond, carry, reverse } = loop;
  if (values.some(({ shape }) => sizeOf(shape) === 0)) throw new Unsupported('an empty tensor');
  if (reverse && cond !== null) throw new Unsupported('a condition of a loop that runs backwards');
  const batch = batchOf(loop);
  const planner = new Planner(cpu, loop, batch?.batched ?? new Set(), constantAt);
  let words = FIRST_ARGUMENT;
  const bytesOf = (v: number): number => sizeOf(values[v].shape) * elementSize(values[v].dtype);
  const viewOf = (v: number, pointer: Pointer): View => ({
    pointer,
    offset: 0,
    strides: rowMajor(values[v].shape, elementSize(values[v].dtype)),
  });
  const give = (v: number, pointer: Pointer): void => {
    planner.define(v, viewOf(v, pointer));
  };
  const consts = loop.consts.map((v) => {
    give(v, { kind: 'argument', word: words });
    return words++;
  });
  const carryPointers = carry.map((v) => {
    const pointer = { kind: 'carry' as const, word: words++ };
    give(v, pointer);
    return pointer;
  });
  const xs = loop.xs.map((v) => {
    give(v, { kind: 'row', word: words, bytes: bytesOf(v) });
    return words++;
  });

  // Output sequences: what a carry begins with and what it ends with are the same rows, one apart.
  const next = body.results.slice(0, carry.length);
  const outputs = body.results.slice(carry.length);
  const made = new Set(body.steps.flatMap((step) => step.outputs));
  const stacks: Stack[] = [];
  const rowOf = (stack: number): View =>
    viewOf(outputOf[stack], { kind: 'row', word: stacks[stack].word, bytes: bytesOf(outputOf[stack]) });
  const outputOf: number[] = [];
  const add = (v: number, of: number | undefined): number => {
    outputOf.push(v);
    return stacks.push({ row: values[v], carry: of, word: words++ }) - 1;
  };
  const beginnings = new Map<number, number>();
  for (const v of outputs) {
    const c = carry.indexOf(v);
    if (c >= 0 && !beginnings.has(c)) beginnings.set(c, add(v, c));
  }
  const stackOf = new Map<number, number>();
  const ys = outputs.map((v) => {
    const c = carry.indexOf(v);
    const begun = c >= 0 ? beginnings.get(c) : undefined;
    if (begun !== undefined) return { stack: begun, ahead: false };
    const ended = next.findIndex((r, i) => r === v && beginnings.has(i));
    const behind = ended >= 0 ? beginnings.get(ended) : undefined;
    if (behind !== undefined) return { stack: behind, ahead: true };
    const known = stackOf.get(v) ?? add(v, undefined);
    stackOf.set(v, known);
    return { stack: known, ahead: false };
  });

  // Where results are wanted, so that they need not be moved there.
  const copies: { readonly v: number; readonly to: View }[] = [];
  const deliver = (v: number, to: View): void => {
    if (made.has(v) && planner.wanted(v) === undefined) planner.want(v, to);
    copies.push({ v, to });
  };
  const nexts = next.map((r, i): View => {
    const stack = beginnings.get(i);
    if (stack !== undefined) {
      const row = rowOf(stack);
      const bytes = bytesOf(r);
      const to = { ...row, offset: reverse ? -bytes : bytes };
      deliver(r, to);
      return to;
    }
    const output = stackOf.get(r);
    if (output !== undefined) return rowOf(output);
    if (r === carry[i]) return viewOf(r, carryPointers[i]);
    const x = loop.xs.indexOf(r);
    if (x >= 0) return viewOf(r, { kind: 'row', word: xs[x], bytes: bytesOf(r) });
    const c = loop.consts.indexOf(r);
    if (c >= 0) return viewOf(r, { kind: 'argument', word: consts[c] });
    const to = planner.allocateTurns(values[r], planner.isBatched(carry[i]));
    deliver(r, to);
    return to;
  });
  for (const [v, stack] of stackOf) deliver(v, rowOf(stack));
  const producers = new Map(body.steps.flatMap((step) => step.outputs.map((v) => [v, step] as const)));
  for (const step of [...body.steps].reverse()) {
    const [out] = step.outputs;
    if (partsOf(step, viewOf(out, { kind: 'absolute' }), planner) === undefined) continue;
    if (planner.wanted(out) === undefined) planner.want(out, planner.allocate(values[out], planner.isBatched(out)));
    const target = planner.wanted(out);
    const parts = target && partsOf(step, target, planner);
    step.inputs.forEach((v, i) => {
      if (parts === undefined || !producers.has(v) || planner.wanted(v) !== undefined) return;
      if (planner.isBatched(v) === planner.isBatched(out)) planner.want(v, parts[i]);
    });
  }

  const calls = planner.plan(body, () => {
    for (const { v, to } of copies) {
      const view = planner.view(v);
      const isThere = view.pointer === to.pointer && view.offset === to.offset;
      const isBatched = planner.isBatched(v);
      if (!isThere) planner.copy(view, to, values[v], isBatched);
    }
  });
  const condition =
    cond === null
      ? null
      : {
          calls: planner.plan(cond, () => {
            planner.view(cond.results[0]);
          }),
          result: planner.view(cond.results[0]),
        };
  const carries = carry.map((v, i): Carry => ({
    pointer: carryPointers[i],
    next: nexts[i],
    bytes: bytesOf(v),
    batched: planner.isBatched(v),
    result: words++,
  }));
  return {
    program: { batch: batch?.size ?? null, body: calls, cond: condition, carries, reverse },
    consts,
    carry: carryPointers.map(({ word }) => word),
    xs,
    stacks,
    ys,
    words,
    bytes: planner.bytes,
    packs: planner.packs,
    work: planner.work,
    shared: planner.shared,
  };
}
