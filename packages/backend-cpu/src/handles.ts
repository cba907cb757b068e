import { type DType, bytesPerElement, sizeOf } from '@tensorloom/graph';
import type { DeviceTensor, HostTensor, MemoryStats } from '@tensorloom/runtime';
import type { Block, Memory } from './memory.js';

/** What a handle of this backend holds: its place in a block of memory, which other handles may share. */
export interface CpuBuffer {
  readonly owner: Handles;
  readonly block: Block;
  /** Address of the first element. */
  readonly address: number;
  freed: boolean;
}

/** A handle of this backend. */
export type CpuTensor = DeviceTensor<CpuBuffer>;

/** The handles of one backend, in a memory that all backends of the process share. */
export class Handles {
  #handles = 0;
  #bytes = 0;
  readonly #blocks = new Set<Block>();

  constructor(readonly memory: Memory) {}

  /** A new tensor of `bytes` bytes; its elements are undefined. */
  allocate(dtype: DType, shape: readonly number[], bytes: number): CpuTensor {
    const block = this.memory.allocate(bytes);
    this.#blocks.add(block);
    this.#bytes += block.capacity;
    this.#handles++;
    return { dtype, shape, buffer: { owner: this, block, address: block.address, freed: false } };
  }

  /** A new reference to elements of `x`, those from byte `offset` on, as another tensor. */
  view(x: CpuTensor, dtype: DType, shape: readonly number[], offset = 0): CpuTensor {
    this.#check(x.buffer, 'retain');
    const { block, address } = x.buffer;
    block.references++;
    this.#handles++;
    return { dtype, shape, buffer: { owner: this, block, address: address + offset, freed: false } };
  }

  /** Whether `x` is the only reference to its block. */
  isOnly(x: CpuTensor): boolean {
    return x.buffer.block.references === 1;
  }

  /** Gives up a handle, and its block with the last one. Throws when it was freed before. */
  free({ buffer }: CpuTensor): void {
    this.#check(buffer, 'free');
    buffer.freed = true;
    this.#handles--;
    const { block } = buffer;
    if (--block.references === 0 && this.#blocks.delete(block)) {
      this.#bytes -= block.capacity;
      this.memory.release(block);
    }
  }

  upload({ dtype, shape, data }: HostTensor): CpuTensor {
    const size = bytesPerElement(dtype);
    const tensor = this.allocate(dtype, shape, data.length * size);
    this.memory.views[dtype].set(data, tensor.buffer.address / size);
    return tensor;
  }

  download({ dtype, shape, buffer }: CpuTensor): HostTensor {
    this.#check(buffer, 'download');
    const start = buffer.address / bytesPerElement(dtype);
    return { dtype, shape, data: this.memory.views[dtype].slice(start, start + sizeOf(shape)) };
  }

  stats(): MemoryStats {
    return { handles: this.#handles, bytes: this.#bytes };
  }

  /** Takes back every block; handles must not be used afterwards. */
  dispose(): void {
    for (const block of this.#blocks) this.memory.release(block);
    this.#blocks.clear();
    this.#handles = this.#bytes = 0;
  }

  #check(buffer: CpuBuffer, action: string): void {
    if (buffer.owner !== this) {
      throw new Error(
        `cpu: ${action} of a tensor that belongs to another backend. Download it there and upload it here.`,
      );
    }
    if (buffer.freed) {
      throw new Error(`cpu: ${action} of a tensor that was freed before. Retain it once for each free.`);
    }
  }
}
