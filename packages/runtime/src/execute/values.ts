import type { DType } from '@tensorloom/graph';
import type { Backend, DeviceTensor, HostTensor } from '../backend.js';

/** A tensor in host memory or on the device. */
export type TensorValue = HostTensor | DeviceTensor;

/** Elements of a list, tensors or lists; `null` was never set and reads as zeros. Changed in place only while there is one reference to it. */
export interface ListValue {
  readonly dtype: DType;
  readonly items: (Value | null)[];
  refs: number;
}

/** The rows of one tensor as a list, told apart when somebody asks for them: a stack of them is that tensor again. */
export class Rows implements ListValue {
  refs = 1;
  #items: Value[] | undefined;

  /** Takes the reference to `stack`, whose rows `unstack` gives. */
  constructor(
    readonly stack: DeviceTensor,
    readonly unstack: (stack: DeviceTensor) => readonly DeviceTensor[],
  ) {}

  get dtype(): DType {
    return this.stack.dtype;
  }

  get length(): number {
    return this.stack.shape[0];
  }

  get items(): Value[] {
    return (this.#items ??= [...this.unstack(this.stack)]);
  }

  /** Gives up the tensor, and the rows that were asked for. */
  release(backend: Backend): void {
    backend.free(this.stack);
    this.#items?.forEach((x) => release(backend, x));
  }
}

/** How many elements a list has. */
export const lengthOf = (l: ListValue): number => (l instanceof Rows ? l.length : l.items.length);

/** What a register can hold. */
export type Value = TensorValue | ListValue;

export const isDevice = (v: Value): v is DeviceTensor => 'buffer' in v;
export const isHost = (v: Value): v is HostTensor => 'data' in v;
export const isList = (v: Value): v is ListValue => 'items' in v;

/** Another reference to `v`. */
export function retain(backend: Backend, v: Value): Value {
  if (isDevice(v)) return backend.retain(v);
  if (isList(v)) v.refs++;
  return v;
}

/** Gives up one reference to `v`; a list's last one gives up its elements. */
export function release(backend: Backend, v: Value): void {
  if (isDevice(v)) backend.free(v);
  else if (isList(v) && --v.refs === 0) {
    if (v instanceof Rows) v.release(backend);
    else for (const item of v.items) if (item !== null) release(backend, item);
  }
}
