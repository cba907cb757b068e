import type { DType } from '@tensorloom/graph';
import { elementSize } from '../element-size.js';
import { type Expression, input } from '../emit/expression.js';
import type { Access } from '../emit/generate.js';
import { type Axis, mergeAxes, strideAlong } from './axes.js';
import type { Planner } from './planner.js';
import { type Call, Unsupported, type View, int, rows } from './program.js';

/** Elementwise ops with results of one shape, which are computed in one pass. */
export class Region {
  /** What each result is computed by. */
  readonly values = new Map<number, Expression>();
  /** The values that it reads, and the inputs that they are. */
  readonly inputs = new Map<number, Expression>();

  constructor(
    readonly shape: readonly number[],
    readonly isBatched: boolean,
  ) {}

  /** A value as an operand of another one. */
  operand(v: number, dtype: DType): Expression {
    const known = this.values.get(v) ?? this.inputs.get(v);
    if (known !== undefined) return known;
    const added = input(this.inputs.size, dtype);
    this.inputs.set(v, added);
    return added;
  }
}

/** A tensor that a region reads or writes, along its axes. */
interface Walked {
  readonly view: View;
  readonly size: number;
  readonly strides: readonly number[];
}

/** The call that computes `outputs` of a region. */
export function regionCall(region: Region, outputs: readonly number[], planner: Planner): Call {
  const { shape, isBatched } = region;
  const reads = [...region.inputs.keys()];
  const walk = (v: number, view: View): Walked => ({
    view,
    size: elementSize(planner.type(v).dtype),
    strides: strideAlong(shape, planner.type(v).shape, view.strides),
  });
  const writes = outputs.map((v) => walk(v, planner.target(v)));
  let walked = [...writes, ...reads.map((v) => walk(v, planner.view(v)))];
  // An operand whose elements are apart is copied first.
  const walkedAxes = shape.flatMap((d, axis) => (d !== 1 && (axis > 0 || !isBatched) ? [axis] : []));
  const last = walkedAxes.at(-1);
  const apart = (w: Walked): boolean => last !== undefined && w.strides[last] !== 0 && w.strides[last] !== w.size;
  // A result whose elements are apart has rows of one element.
  const isNarrow = writes.some(apart);
  walked = walked.map((w, i) =>
    i >= writes.length && !isNarrow && apart(w)
      ? walk(reads[i - writes.length], planner.dense(reads[i - writes.length]))
      : w,
  );
  const outer = isBatched ? 1 : 0;
  const inner = mergeAxes(
    shape.slice(outer),
    walked.map((w) => w.strides.slice(outer)),
  );
  const [row, column] = rowsAndColumns(region, isNarrow, inner, walked);
  const access = walked.map((w, i): Access => {
    if (column.length > 1) return column.strides[i] === 0 ? 'splat' : 'vector';
    return row.strides[i] === 0 ? 'splat' : 'vector';
  });
  // Rows that follow each other are one long row.
  const isOne = walked.every((w, i) =>
    access[i] === 'splat' ? row.strides[i] === 0 : row.strides[i] === column.length * w.size,
  );
  const expressions = outputs.map((v) => {
    const e = region.values.get(v);
    if (e === undefined) throw new Error('loop: a region computes what it does not hold.');
    return e;
  });
  const compiled = planner.cpu.compiler.compile(expressions, access.slice(writes.length));
  const counts = isOne
    ? [int(1), isBatched ? rows(column.length) : int(row.length * column.length)]
    : [isBatched ? rows() : int(row.length), int(column.length)];
  const operands = walked.flatMap((w, i) => [
    { kind: 'address' as const, pointer: w.view.pointer, offset: w.view.offset, row: isBatched ? w.strides[0] : 0 },
    int(isOne ? 0 : row.strides[i]),
  ]);
  return { target: compiled, operands: [...counts, ...operands] };
}

/** The two axes that a pass walks. */
function rowsAndColumns(
  { shape, isBatched }: Region,
  isNarrow: boolean,
  inner: readonly Axis[],
  walked: readonly Walked[],
): readonly [Axis, Axis] {
  const one = { length: 1, strides: walked.map(() => 0) };
  if (isNarrow) {
    if (isBatched || inner.length > 1) throw new Unsupported('a result whose elements are apart');
    return [inner[0], one];
  }
  if (isBatched) {
    if (inner.length > 1) throw new Unsupported('a pass over three axes');
    return [{ length: shape[0], strides: walked.map((w) => w.strides[0]) }, inner[0] ?? one];
  }
  if (inner.length > 2) throw new Unsupported('a pass over three axes');
  if (inner.length === 2) return [inner[0], inner[1]];
  return [one, inner[0] ?? one];
}
