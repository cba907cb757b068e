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
    for (const item of v.items) if (item !== null) release(backend, item);
  }
}
