import { type Op, elementwise, shape } from '@tensorloom/graph';
import type { Emitter } from './emit.js';
import { type IrNode, type IrValue, applies } from './ir.js';
import type { Loop } from './loop.js';

const perElement: ReadonlySet<Op> = new Set<Op>(Object.values(elementwise));

/** The rank of a tensor, as far as it is known. */
const rankOf = ({ spec }: IrValue): number | undefined => (spec.kind === 'tensor' ? spec.shape?.length : undefined);

/**
 * Values that a body computes from the rows of sequences alone, as whole sequences: for all trips at once, the trips along a new first
 * axis. Only what can be written so: rows themselves, joins of them, and operations element by element.
 */
export class Sequences {
  readonly #outer = new Map<IrValue, IrValue>();
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
    if (this.loop.xs.some(({ inner }) => inner === v)) return v.spec.kind === 'tensor' && rankOf(v) !== undefined;
    const n = this.#makers.get(v);
    if (n === undefined || n.outputs.length > 1) return false;
    const movable = applies(n, shape.concat) || perElement.has(n.op);
    return movable && n.inputs.every((x) => this.has(x) && rankOf(x) === rankOf(v));
  }

  /** The sequence of a value that there is one of. */
  of(v: IrValue): IrValue {
    const known = this.#outer.get(v);
    if (known !== undefined) return known;
    const made = this.#make(v);
    this.#outer.set(v, made);
    return made;
  }

  #make(v: IrValue): IrValue {
    const source = this.loop.xs.find(({ inner }) => inner === v);
    if (source !== undefined) return this.#rows(source.outer);
    const n = this.#makers.get(v);
    if (n === undefined) throw new Error(`lower: '${v.origin.name}' is no sequence.`);
    const inputs = n.inputs.map((x) => this.of(x));
    if (applies(n, shape.concat)) return this.emit.apply(n.op, inputs, { axis: n.attrs.axis + 1 });
    return this.emit.apply(n.op, inputs, n.attrs);
  }

  /** The rows of a sequence that the loop reads. */
  #rows(outer: IrValue): IrValue {
    const { emit } = this;
    const { length } = this.loop;
    if (length === undefined) return emit.stacked(outer);
    if (outer.spec.kind === 'list') return emit.stacked(outer, length);
    this.#length ??= emit.apply(elementwise.minimum, [length, emit.dim(outer, 0)], {});
    const rank = rankOf(outer) ?? 1;
    const rest = Array.from({ length: rank - 1 }, () => emit.ints(-1));
    const size = emit.apply(shape.pack, [this.#length, ...rest], { axis: 0 });
    return emit.apply(shape.slice, [outer, emit.ints(new Array<number>(rank).fill(0)), size], {});
  }
}
