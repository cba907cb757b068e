import type { DType } from '@tensorloom/graph';
import type { HostTensor } from '@tensorloom/runtime';

/** What a plan depends on. */
type Operand = Pick<HostTensor, 'dtype' | 'shape'>;

interface Entry<P> {
  readonly dtypes: readonly DType[];
  readonly shapes: readonly (readonly number[])[];
  readonly more: readonly number[];
  readonly plan: P;
}

const dtypeCodes: Readonly<Record<DType, number>> = { float32: 1, float64: 2, int32: 3, bool: 4 };
const none: readonly number[] = [];

/**
 * What a kernel worked out about operands of the same dtypes and shapes before. Looking it up makes no garbage: a training
 * step asks about a thousand times.
 */
export class PlanCache<P> {
  readonly #entries = new Map<number, Entry<P>[]>();
  #size = 0;

  constructor(readonly limit = 1024) {}

  /** The plan for these operands and, where it depends on them, `more` numbers: axes, a target shape. */
  find(operands: readonly Operand[], more: ArrayLike<number> = none): P | undefined {
    const entries = this.#entries.get(hash(operands, more));
    if (entries === undefined) return undefined;
    for (const entry of entries) if (matches(entry, operands, more)) return entry.plan;
    return undefined;
  }

  /** Keeps a plan and gives it back; past its limit, the cache starts anew. */
  add(operands: readonly Operand[], plan: P, more: ArrayLike<number> = none): P {
    if (this.#size === this.limit) {
      this.#entries.clear();
      this.#size = 0;
    }
    this.#size++;
    const key = hash(operands, more);
    const entry = {
      dtypes: operands.map((x) => x.dtype),
      shapes: operands.map((x) => x.shape),
      more: Array.from(more),
      plan,
    };
    const entries = this.#entries.get(key);
    if (entries === undefined) this.#entries.set(key, [entry]);
    else entries.push(entry);
    return plan;
  }
}

function hash(operands: readonly Operand[], more: ArrayLike<number>): number {
  let h = operands.length;
  for (const { dtype, shape } of operands) {
    h = (Math.imul(h, 31) + dtypeCodes[dtype]) | 0;
    for (const d of shape) h = (Math.imul(h, 31) + d) | 0;
  }
  for (let i = 0; i < more.length; i++) h = (Math.imul(h, 31) + more[i]) | 0;
  return h;
}

function matches<P>(entry: Entry<P>, operands: readonly Operand[], more: ArrayLike<number>): boolean {
  if (entry.dtypes.length !== operands.length || !sameNumbers(entry.more, more)) return false;
  for (let i = 0; i < operands.length; i++) {
    if (operands[i].dtype !== entry.dtypes[i] || !sameNumbers(entry.shapes[i], operands[i].shape)) return false;
  }
  return true;
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
