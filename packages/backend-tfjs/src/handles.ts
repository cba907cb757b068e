import * as tf from '@tensorflow/tfjs-core';
import { type DType, bytesPerElement } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, MemoryStats } from '@tensorloom/runtime';
import type { EngineName } from './engine.js';

/** One reference: a tensor object of tfjs, which counts the references to its data itself. */
export class Handle {
  freed = false;
  constructor(
    readonly owner: Handles,
    readonly tensor: tf.Tensor,
  ) {}
}

/** A tensor on a tfjs engine. */
export type TfjsTensor = DeviceTensor<Handle>;

/** The dtypes that tfjs holds; it has no float64. */
export type HeldDType = Exclude<DType, 'float64'>;

export const isHeld = (dtype: string): dtype is HeldDType =>
  dtype === 'float32' || dtype === 'int32' || dtype === 'bool';

/** The handles of one backend, on one engine. */
export class Handles {
  #live = 0;
  /** References and bytes of each piece of data that tfjs holds for us. */
  readonly #data = new Map<object, { refs: number; readonly bytes: number }>();

  constructor(readonly engine: EngineName) {}

  /** A handle that owns `tensor`. */
  wrap(tensor: tf.Tensor): TfjsTensor {
    const { dtype, shape, dataId } = tensor;
    if (!isHeld(dtype)) throw new Error(`tfjs: a kernel returned ${dtype}, expected float32, int32 or bool.`);
    this.#live++;
    const data = this.#data.get(dataId);
    if (data === undefined) this.#data.set(dataId, { refs: 1, bytes: tensor.size * bytesPerElement(dtype) });
    else data.refs++;
    return { dtype, shape, buffer: new Handle(this, tensor) };
  }

  /** The tensor behind a handle. Throws when it was freed. */
  tensor({ buffer }: TfjsTensor): tf.Tensor {
    if (buffer.freed) throw new Error('tfjs: use of a tensor that was freed before. Retain it once for each free.');
    return buffer.tensor;
  }

  retain(x: TfjsTensor): TfjsTensor {
    return this.wrap(this.tensor(x).clone());
  }

  free(x: TfjsTensor): void {
    const tensor = this.tensor(x);
    x.buffer.freed = true;
    this.#live--;
    const data = this.#data.get(tensor.dataId);
    if (data !== undefined && --data.refs === 0) this.#data.delete(tensor.dataId);
    tensor.dispose();
  }

  stats(): MemoryStats {
    let bytes = 0;
    for (const d of this.#data.values()) bytes += d.bytes;
    return { handles: this.#live, bytes };
  }
}

/** A new tensor of tfjs with a copy of the elements. */
export const fromHost = ({ dtype, shape, data }: HostTensor): tf.Tensor => {
  if (!isHeld(dtype) || data instanceof Float64Array)
    throw new TypeError(`tfjs: holds float32, int32 and bool, got ${dtype}. Use cast().`);
  return tf.tensor(data.slice(), [...shape], dtype);
};

/** The elements of a tensor, given as tfjs reads them, copied. */
export const toHost = (x: TfjsTensor, data: Float32Array | Int32Array | Uint8Array): HostTensor => ({
  dtype: x.dtype,
  shape: x.shape,
  data: data.slice(),
});
