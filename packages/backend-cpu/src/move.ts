import type { Cpu } from './cpu.js';
import type { ElementSize } from './element-size.js';

/** A copy of a block of elements between two places, each with its own step along each axis; steps may be 0 or negative. */
export interface Move {
  readonly elementSize: ElementSize;
  /** Lengths of the last four axes, then their steps in the source and in the target, in bytes. */
  readonly axes: readonly number[];
  /** The axes before those; mostly there are none. */
  readonly outer: readonly { readonly length: number; readonly source: number; readonly target: number }[];
  readonly isEmpty: boolean;
}

/** A move along axes with these lengths and steps, in elements. */
export function planMove(
  elementSize: ElementSize,
  lengths: readonly number[],
  source: readonly number[],
  target: readonly number[],
): Move {
  const axes: { length: number; source: number; target: number }[] = [];
  for (let i = lengths.length - 1; i >= 0; i--) {
    const [next] = axes;
    if (lengths[i] === 1) continue;
    const axis = { length: lengths[i], source: source[i] * elementSize, target: target[i] * elementSize };
    if (next !== undefined && axis.source === next.source * next.length && axis.target === next.target * next.length) {
      next.length *= axis.length;
    } else axes.unshift(axis);
  }
  // Without the innermost axis there is one element, which is a run of one.
  if (axes.length === 0) axes.push({ length: 1, source: elementSize, target: elementSize });
  while (axes.length < 4) axes.unshift({ length: 1, source: 0, target: 0 });
  const inner = axes.slice(-4);
  return {
    elementSize,
    axes: [...inner.map((a) => a.length), ...inner.map((a) => a.source), ...inner.map((a) => a.target)],
    outer: axes.slice(0, -4),
    isEmpty: lengths.includes(0),
  };
}

/** Moves elements from the address `source` to the address `target`. */
export function runMove({ wasm }: Pick<Cpu, 'wasm'>, move: Move, source: number, target: number): void {
  if (move.isEmpty) return;
  const run = move.elementSize === 1 ? wasm.move1 : move.elementSize === 4 ? wasm.move4 : wasm.move8;
  const { axes: a, outer } = move;
  const index = outer.map(() => 0);
  for (let axis = 0; axis >= 0;) {
    let from = source;
    let to = target;
    for (let i = 0; i < outer.length; i++) {
      from += index[i] * outer[i].source;
      to += index[i] * outer[i].target;
    }
    run(from, to, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
    for (axis = outer.length - 1; axis >= 0 && ++index[axis] === outer[axis].length; axis--) index[axis] = 0;
  }
}

/** Elements from one index to the next along each axis of a row-major tensor. */
export function rowMajorSteps(shape: readonly number[]): number[] {
  const steps = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) steps[i] = steps[i + 1] * shape[i + 1];
  return steps;
}
