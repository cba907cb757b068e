import { broadcastShapes, isKnown, showShape } from '@tensorloom/graph';
import type { Access } from './emit/generate.js';

/**
 * How operands run along the elements of an output: rows of contiguous elements, along each of which an operand advances with
 * the output or stays, and which an operand steps through by a constant stride; axes before those are walked in JavaScript.
 */
export interface Broadcast {
  readonly shape: readonly number[];
  /** Elements of the output. */
  readonly size: number;
  readonly columns: number;
  readonly rows: number;
  readonly access: readonly Access[];
  /** Elements from one row to the next, of each operand. */
  readonly strides: readonly number[];
  /** Lengths of the axes before the rows; mostly there are none. */
  readonly outer: readonly number[];
  /** Elements from one index to the next along each of those axes, of each operand. */
  readonly outerStrides: readonly (readonly number[])[];
}

/** The shape to which `shapes` broadcast. Throws `RangeError`, naming `op`, when they do not. */
export function broadcastShape(op: string, shapes: readonly (readonly number[])[]): readonly number[] {
  let shape: readonly number[] = [];
  for (const s of shapes) {
    const next = broadcastShapes(shape, s);
    if (next === null || !isKnown(next)) {
      throw new RangeError(
        `${op}: shapes ${shapes.map(showShape).join(' and ')} do not broadcast. From the last axis backwards, lengths must be equal or 1.`,
      );
    }
    shape = next;
  }
  return shape;
}

/** How operands of `shapes`, which broadcast to `shape`, run along its elements. */
export function broadcast(shape: readonly number[], shapes: readonly (readonly number[])[]): Broadcast {
  const strides = shapes.map((s) => stridesAlong(shape, s));
  // Axes that every operand walks as if they were one are merged, from the last backwards.
  const lengths: number[] = [];
  const merged: number[][] = shapes.map(() => []);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1) continue;
    const [length] = lengths;
    if (length !== undefined && strides.every((s, i) => s[axis] === merged[i][0] * length)) {
      lengths[0] *= shape[axis];
    } else {
      lengths.unshift(shape[axis]);
      merged.forEach((m, i) => m.unshift(strides[i][axis]));
    }
  }
  while (lengths.length < 2) {
    lengths.unshift(1);
    merged.forEach((m) => m.unshift(0));
  }
  const last = lengths.length - 1;
  return {
    shape,
    size: lengths.reduce((a, b) => a * b, 1),
    columns: lengths[last],
    rows: lengths[last - 1],
    access: merged.map((m) => (m[last] === 0 ? 'splat' : 'vector')),
    strides: merged.map((m) => m[last - 1]),
    outer: lengths.slice(0, -2),
    outerStrides: merged.map((m) => m.slice(0, -2)),
  };
}

/** Elements from one index to the next along each axis of `shape` of an operand that broadcasts to it: 0 where it repeats. */
function stridesAlong(shape: readonly number[], operand: readonly number[]): readonly number[] {
  const strides = shape.map(() => 0);
  const missing = shape.length - operand.length;
  let stride = 1;
  for (let axis = operand.length - 1; axis >= 0; axis--) {
    if (operand[axis] !== 1) strides[missing + axis] = stride;
    stride *= operand[axis];
  }
  return strides;
}
