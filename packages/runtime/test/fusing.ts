import { type DType, type Op, allocate, elementwise, mixed, sizeOf } from '@tensorloom/graph';
import type { Backend, ElementwiseRegion, HostTensor, Kernel } from '../src/backend.js';
import { broadcastStrides, offsetsOf } from '../src/host/broadcast.js';

const scalars = new Map<Op, (...xs: number[]) => number>(
  Object.values(elementwise).map((op) => [op, op.scalar] as const),
);
const rounded = (dtype: DType, x: number): number =>
  dtype === 'float32' ? Math.fround(x) : dtype === 'bool' ? Number(x !== 0) : x;

/** The shape to which shapes broadcast. */
function broadcastAll(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, i) => {
    const lengths = shapes.map((s) => s[i - rank + s.length] ?? 1).filter((d) => d !== 1);
    if (new Set(lengths).size > 1) throw new RangeError('the shapes do not broadcast');
    return lengths[0] ?? 1;
  });
}

/** `backend`, whose tensors are at hand at once, computing regions element by element; `ran` is told the ops of each. */
export function fusing(backend: Backend, ran: (ops: readonly string[]) => void = () => undefined): Backend {
  const fuse = ({ inputs, steps }: ElementwiseRegion): Kernel<unknown> => {
    return (given) => {
      const tensors = given.map((x) => backend.download(x) as HostTensor);
      const shape = broadcastAll(tensors.map((x) => x.shape));
      const offsets = tensors.map((x) => offsetsOf(shape, broadcastStrides(x.shape, shape)));
      const { dtype } = steps[steps.length - 1];
      const data = allocate(dtype, sizeOf(shape));
      data.forEach((_, k) => {
        const values = tensors.map((x, i) => x.data[offsets[i][k]]);
        for (const { op, operands, dtype: d } of steps) {
          const xs = operands.map((i) => values[i]);
          const [c, x, y] = xs;
          if (op === mixed.select) values.push(c !== 0 ? x : y);
          else values.push(rounded(d, op === mixed.cast ? c : (scalars.get(op)?.(...xs) ?? NaN)));
        }
        data[k] = values[inputs.length + steps.length - 1];
      });
      ran(steps.map(({ op }) => op.name));
      return backend.upload({ dtype, shape, data });
    };
  };
  return { ...backend, fuse };
}
