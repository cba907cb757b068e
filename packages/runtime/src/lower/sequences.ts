import { type Op, elementwise, shape } from '@tensorloom/graph';
import type { Emitter } from './emit.js';
import { type IrNode, type IrValue, applies } from './ir.js';
import type { Loop } from './loop.js';

const perElement: ReadonlySet<Op> = new Set<Op>(Object.values(elementwise));

/** The width of a matrix, `null` for what is none or whose width is not known. */
export const widthOf = ({ spec }: IrValue): number | null =>
  spec.kind === 'tensor' && spec.shape?.length === 2 ? spec.shape[1] : null;

/**
 * Matrices that a body computes from the rows of sequences alone, for all trips at once: their rows, one trip after the other, in one
 * matrix. Only what can be written so: rows of sequences themselves, joins of them, and operations element by element.
 */
export class Sequences {
  readonly #whole = new Map<IrValue, IrValue>();
  readonly #makers: ReadonlyMap<IrValue, IrNode>;
  #length: IrValue | undefined;

  constructor(
    readonly loop: Loop,
    readonly emit: Emitter,
  ) {
    this.#makers = new Map(loop.nodes.flatMap((n) => n.outputs.map((o) => [o, n] as const)));
  }

  /** Whether `of` gives a value. */
  has(v: IrValue): boolean {
    if (widthOf(v) === null) return false;
    if (this.#source(v) !== undefined) return true;
    const n = this.#makers.get(v);
    if (n === undefined || n.outputs.length > 1) return false;
    if (!n.inputs.every((x) => this.has(x))) return false;
    if (applies(n, shape.concat)) return n.attrs.axis === 1;
    return perElement.has(n.op) && this.#haveSameRows(n.inputs);
  }

  /** Whether matrices are known to have as many rows each, so that none is repeated for the others. */
  #haveSameRows(xs: readonly IrValue[]): boolean {
    const rows = xs.map(({ spec }) => (spec.kind === 'tensor' ? (spec.shape?.[0] ?? null) : null));
    return rows.every((n) => n !== null && n === rows[0]) || new Set(xs.map((x) => this.#sourceOf(x))).size === 1;
  }

  /** The sequence that tells how many rows a value has at a trip. */
  #sourceOf(v: IrValue): IrValue {
    const source = this.#source(v);
    if (source !== undefined) return source;
    const [first] = this.#makers.get(v)?.inputs ?? [];
    if (first === undefined) throw new Error(`lower: '${v.origin.name}' is no sequence.`);
    return this.#sourceOf(first);
  }

  /** All rows of a value that there are. */
  of(v: IrValue): IrValue {
    const known = this.#whole.get(v);
    if (known !== undefined) return known;
    const made = this.#make(v);
    this.#whole.set(v, made);
    return made;
  }

  /** A sequence with as many trips, of as many rows each, as a value. */
  like(v: IrValue): IrValue {
    return this.#rows(this.#sourceOf(v));
  }

  #source(v: IrValue): IrValue | undefined {
    return this.loop.xs.find(({ inner }) => inner === v)?.outer;
  }

  #make(v: IrValue): IrValue {
    const source = this.#source(v);
    if (source !== undefined) return this.emit.rows(this.#rows(source), widthOf(v) ?? 0);
    const n = this.#makers.get(v);
    if (n === undefined) throw new Error(`lower: '${v.origin.name}' is no sequence.`);
    return this.emit.apply(
      n.op,
      n.inputs.map((x) => this.of(x)),
      n.attrs,
    );
  }

  /** A sequence as far as the loop reads it. */
  #rows(outer: IrValue): IrValue {
    const { emit } = this;
    const { length } = this.loop;
    if (length === undefined) return emit.stacked(outer);
    if (outer.spec.kind === 'list') return emit.stacked(outer, length);
    this.#length ??= emit.apply(elementwise.minimum, [length, emit.dim(outer, 0)], {});
    const rest = Array.from({ length: 2 }, () => emit.ints(-1));
    const size = emit.apply(shape.pack, [this.#length, ...rest], { axis: 0 });
    return emit.apply(shape.slice, [outer, emit.ints([0, 0, 0]), size], {});
  }
}
