import {
  type Tensor,
  TensorArray,
  add,
  cast,
  cond,
  constant,
  dimOf,
  div,
  isKnown,
  less,
  mod,
  mul,
  reduceSum,
  reshape,
  sin,
  slice,
  stack,
  whileLoop,
} from '@tensorloom/graph';
import type { Expression, Memory } from './description.js';

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

const int = (n: number): Tensor => constant(n, { dtype: 'int32' });

/** What is written into an array: computed from the value written before, the number of the trip and the array so far, or all at once. */
type Item = (loop?: { readonly before: Tensor; readonly trip: Tensor; readonly soFar?: TensorArray }) => Tensor;

/** How an array comes about. */
export interface ArrayOf {
  readonly how: Of<'array'>['how'];
  readonly size: number;
  readonly memory: Memory | undefined;
  /** What a loop that writes begins with. */
  readonly first: Tensor;
  /** How many elements an array of dynamic size gets: 1 or more. */
  readonly trips: Tensor;
  readonly item: Item;
}

/** An array of elements like `first`, of at least one. */
export function arrayOf({ how, size, memory, first, trips, item: next }: ArrayOf): TensorArray {
  const { shape } = first;
  const empty = new TensorArray('float64', how === 'nested' ? 2 * size : size, { elementShape: shape });
  // Elements not written yet can be read only where their shape is known.
  const readable = isKnown(shape);
  const item = (...[loop]: Parameters<Item>): Tensor => {
    if (loop === undefined) return next();
    const { soFar, ...rest } = loop;
    return next(readable && soFar !== undefined ? { ...rest, soFar } : rest);
  };
  const all = (): Tensor => stack(Array.from({ length: size }, (_, i) => mul(item(), 1 - 0.3 * i)));
  switch (how) {
    case 'unstack':
      return empty.unstack(all());
    case 'scatter':
      return empty.scatter(
        Array.from({ length: size }, (_, i) => size - 1 - i),
        all(),
      );
    case 'split':
      return empty.split(reshape(all(), [-1, 2]), stack(Array.from({ length: size }, () => dimOf(first, 0))));
    case 'nested': {
      const [, array] = whileLoop(
        (i: Tensor) => i.less(2),
        (i: Tensor, written: TensorArray, x: Tensor): [Tensor, TensorArray, Tensor] => {
          const [, inner, last] = whileLoop(
            (j: Tensor) => j.less(size),
            (j: Tensor, soFar: TensorArray, before: Tensor): [Tensor, TensorArray, Tensor] => {
              const next = item({ before, trip: j, soFar });
              return [j.add(1), soFar.write(i.mul(size).add(j), next), next];
            },
            [int(0), written, x],
          );
          return [i.add(1), inner, last];
        },
        [int(0), empty, first],
        memory,
      );
      return array;
    }
    case 'dynamic': {
      const [, array] = whileLoop(
        (i: Tensor) => i.less(trips),
        (i: Tensor, written: TensorArray, before: Tensor): [Tensor, TensorArray, Tensor] => {
          const next = item({ before, trip: i });
          return [i.add(1), written.write(i, next), next];
        },
        [int(0), new TensorArray('float64', 0, { elementShape: shape, dynamicSize: true }), first],
        memory,
      );
      return array;
    }
    default: {
      const [, array] = whileLoop(
        (i: Tensor) => i.less(how === 'partly' && readable ? size - 1 : size),
        (i: Tensor, soFar: TensorArray, before: Tensor): [Tensor, TensorArray, Tensor] => {
          const next = item({ before, trip: i, soFar });
          const write = (): TensorArray => soFar.write(i, next);
          const written =
            how === 'branch' && readable ? cond(less(reduceSum(next), 0.1234567), write, () => soFar) : write();
          return [i.add(1), written, next];
        },
        [int(0), empty, first],
        memory,
      );
      return array;
    }
  }
}

/** Something like the elements of an array, `batch` rows each, some of it from the element at `index`, which may exceed the last. */
export function readOf(how: Of<'read'>['how'], array: TensorArray, index: Tensor, batch: Tensor): Tensor {
  const at = mod(index, array.size());
  switch (how) {
    case 'read':
      return array.read(at);
    case 'twice':
      return mul(array.read(at), add(array.read(at), 0.5));
    case 'stack':
      return mul(reduceSum(array.stack(), 0), 0.4);
    case 'gather':
      return mul(reduceSum(array.gather(stack([at, int(0), at])), 0), 0.3);
    case 'size':
      return mul(array.read(0), div(cast(array.size(), 'float64'), 4));
    case 'concat': {
      const joined = array.concat();
      const own = slice(joined, [mul(at, batch), 0], [batch, 2]);
      return mul(add(slice(joined, [0, 0], [batch, 2]), sin(mul(own, cast(dimOf(joined, 0), 'float64')))), 0.4);
    }
  }
}
