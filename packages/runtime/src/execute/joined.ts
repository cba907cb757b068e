import type { DType, Op } from '@tensorloom/graph';
import type { Backend, DeviceTensor, ElementwiseRegion, Kernel, MaybePromise } from '../backend.js';
import { type Run, drive, settle } from './machine.js';

/** A handle that knows whose it is, so that any of the joined backends can keep or free it. */
class Owned {
  constructor(
    readonly owner: Joined,
    readonly tensor: DeviceTensor,
  ) {}
}

/**
 * Backends as one session has them: a tensor of one may be retained, freed and downloaded by way of any other, and a kernel copies
 * inputs that are elsewhere. Programs say where things run, so that this is seldom needed: lists may hold tensors of several.
 */
export const joined = (backends: ReadonlyMap<string, Backend>): ReadonlyMap<string, Backend> =>
  new Map(Array.from(backends, ([name, backend]) => [name, new Joined(backend)]));

/** One of them. */
export class Joined implements Backend<Owned> {
  readonly name: string;
  readonly description: string;
  readonly dtypes: Backend['dtypes'];
  readonly kernels: ReadonlyMap<Op, Kernel<Owned>>;

  constructor(readonly backend: Backend) {
    this.name = backend.name;
    this.description = backend.description;
    this.dtypes = backend.dtypes;
    this.kernels = new Map(Array.from(backend.kernels, ([op, kernel]) => [op, this.kernel(kernel)]));
  }

  inHostMemory(op: Op, dtype: DType): string | undefined {
    return this.backend.inHostMemory?.(op, dtype);
  }

  /** A kernel of the backend on joined handles. */
  kernel(run: Kernel<unknown>): Kernel<Owned> {
    return (inputs, call) => {
      if (inputs.every(({ buffer }) => buffer.owner === this)) {
        const own = inputs.map(({ buffer }) => buffer.tensor);
        return then(run(own, call), (made) => this.#ownAll(made));
      }
      return drive(this.#moving(run, inputs, call));
    };
  }

  fuse(region: ElementwiseRegion): Kernel<Owned> | undefined {
    const own = this.backend.fuse?.(region);
    return own && this.kernel(own);
  }

  upload(tensor: Parameters<Backend['upload']>[0]): DeviceTensor<Owned> {
    return this.own(this.backend.upload(tensor));
  }
  download({ buffer: { owner, tensor } }: DeviceTensor<Owned>): ReturnType<Backend['download']> {
    return owner.backend.download(tensor);
  }
  retain({ buffer: { owner, tensor } }: DeviceTensor<Owned>): DeviceTensor<Owned> {
    return owner.own(owner.backend.retain(tensor));
  }
  free({ buffer: { owner, tensor } }: DeviceTensor<Owned>): void {
    owner.backend.free(tensor);
  }
  stats(): ReturnType<Backend['stats']> {
    return this.backend.stats();
  }
  dispose(): void {
    this.backend.dispose();
  }

  own(tensor: DeviceTensor): DeviceTensor<Owned> {
    return { dtype: tensor.dtype, shape: tensor.shape, buffer: new Owned(this, tensor) };
  }

  #ownAll(made: DeviceTensor | readonly DeviceTensor[]): DeviceTensor<Owned> | readonly DeviceTensor<Owned>[] {
    return 'buffer' in made ? this.own(made) : made.map((y) => this.own(y));
  }

  *#moving(
    run: Kernel<unknown>,
    inputs: readonly DeviceTensor<Owned>[],
    call: Parameters<Kernel<unknown>>[1],
  ): Run<DeviceTensor<Owned> | readonly DeviceTensor<Owned>[]> {
    const copies: DeviceTensor[] = [];
    try {
      const here: DeviceTensor[] = [];
      for (const x of inputs) {
        if (x.buffer.owner === this) here.push(x.buffer.tensor);
        else {
          const copy = this.backend.upload(yield* settle(this.download(x)));
          copies.push(copy);
          here.push(copy);
        }
      }
      return this.#ownAll(yield* settle(run(here, call)));
    } finally {
      copies.forEach((x) => this.backend.free(x));
    }
  }
}

const then = <A, B>(value: MaybePromise<A>, f: (value: A) => B): MaybePromise<B> =>
  value instanceof Promise ? value.then(f) : f(value);
