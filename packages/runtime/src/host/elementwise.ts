import { type DType, type ElementwiseOp, type Op, elementwise, mixed, toTypedArray } from '@tensorloom/graph';
import { broadcastStrides, offsetsOf } from './broadcast.js';
import { type HostKernel, type HostLoops, hostKernel, hostKernelsOf } from './host-kernel.js';

/** Products of int32 that a double does not hold: they wrap, and only `Math.imul` still has their low bits. */
const wrapping: ReadonlyMap<Op, (...xs: number[]) => number> = new Map<Op, (...xs: number[]) => number>([
  [elementwise.mul, Math.imul],
  [elementwise.square, (x) => Math.imul(x, x)],
]);

/** The scalar meaning of `op` on elements of `dtype`. An int32 result may be out of range: storing it wraps. */
export const scalarOf = (op: ElementwiseOp, dtype: DType): ((...xs: number[]) => number) =>
  (dtype === 'int32' ? wrapping.get(op) : undefined) ?? ((...xs) => op.scalar(...xs));

const elementByElement =
  (op: ElementwiseOp): HostLoops =>
  (inputs, [y]) => {
    const scalar = scalarOf(op, inputs[0].dtype);
    const offsets = inputs.map((x) => offsetsOf(y.shape, broadcastStrides(x.shape, y.shape)));
    for (let i = 0; i < y.data.length; i++) y.data[i] = scalar(...inputs.map((x, k) => x.data[offsets[k][i]]));
  };

const mixedKernels = hostKernelsOf(mixed, {
  select([condition, x, z], [y]) {
    const [atCondition, atX, atZ] = [condition, x, z].map((t) =>
      offsetsOf(y.shape, broadcastStrides(t.shape, y.shape)),
    );
    for (let i = 0; i < y.data.length; i++) {
      y.data[i] = condition.data[atCondition[i]] !== 0 ? x.data[atX[i]] : z.data[atZ[i]];
    }
  },
  cast: ([x], [y], { to }) => y.data.set(toTypedArray(to, x.data)),
});

/** Host kernels of the elementwise and mixed families. */
export const elementwiseKernels: readonly [Op, HostKernel][] = [
  ...Object.values(elementwise).map((op) => hostKernel(op, elementByElement(op))),
  ...mixedKernels,
];
