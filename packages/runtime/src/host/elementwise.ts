import { type DType, type ElementwiseOp, type Op, allocate, elementwise, mixed, toTypedArray } from '@tensorloom/graph';
import { broadcastStrides, offsetsOf } from './broadcast.js';
import { type HostKernel, type HostLoops, hostKernel, hostLoopsOf } from './host-kernel.js';

/** Throws `RangeError` when y is 0, which no int32 can be divided by. */
const dividing =
  (op: ElementwiseOp) =>
  (x: number, y: number): number => {
    if (y === 0)
      throw new RangeError(`${op.name}: ${x} divided by 0, expected another int32 divisor. Guard it with where().`);
    return op.scalar(x, y);
  };

function integerPower(x: number, y: number): number {
  if (y < 0) {
    throw new RangeError(
      `Pow: ${x} to the power ${y}, expected an exponent from 0 for int32. Use cast() for fractions.`,
    );
  }
  let power = 1;
  for (let [base, rest] = [x, y]; rest > 0; rest >>= 1, base = Math.imul(base, base)) {
    if (rest & 1) power = Math.imul(power, base);
  }
  return power;
}

/**
 * int32 arithmetic that differs from that of doubles: products that a double does not hold wrap, and only `Math.imul` still has
 * their low bits; what has no result throws.
 */
const integers: ReadonlyMap<Op, (...xs: number[]) => number> = new Map<Op, (...xs: number[]) => number>([
  [elementwise.mul, Math.imul],
  [elementwise.square, (x) => Math.imul(x, x)],
  [elementwise.squaredDifference, (x, y) => Math.imul(x - y, x - y)],
  [elementwise.floorDiv, dividing(elementwise.floorDiv)],
  [elementwise.floorMod, dividing(elementwise.floorMod)],
  [elementwise.pow, integerPower],
]);

/** The scalar meaning of `op` on elements of `dtype`. An int32 result may be out of range: storing it wraps. */
export const scalarOf = (op: ElementwiseOp, dtype: DType): ((...xs: number[]) => number) =>
  (dtype === 'int32' ? integers.get(op) : undefined) ?? ((...xs) => op.scalar(...xs));

const elementByElement =
  (op: ElementwiseOp): HostLoops =>
  (inputs, [y]) => {
    const scalar = scalarOf(op, inputs[0].dtype);
    const offsets = inputs.map((x) => offsetsOf(y.shape, broadcastStrides(x.shape, y.shape)));
    for (let i = 0; i < y.data.length; i++) y.data[i] = scalar(...inputs.map((x, k) => x.data[offsets[k][i]]));
  };

const mixedLoops = hostLoopsOf(mixed, {
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

/** Host loops of the elementwise and mixed families. */
export const elementwiseLoops: readonly [Op, HostLoops][] = [
  ...Object.values(elementwise).map((op): [Op, HostLoops] => [op, elementByElement(op)]),
  ...mixedLoops,
];

/**
 * The host kernel of an elementwise op: loop counters and conditions are scalars, and mostly all it gets, so these skip inference and
 * broadcasting.
 */
export function elementwiseKernel(op: ElementwiseOp): HostKernel {
  const general = hostKernel(op, elementByElement(op));
  const resultDType = new Map<DType, DType>();
  return (inputs, attrs) => {
    const [{ dtype }] = inputs;
    const to = resultDType.get(dtype);
    if (to === undefined || inputs.some((x) => x.shape.length > 0 || x.dtype !== dtype)) {
      const outputs = general(inputs, attrs);
      resultDType.set(dtype, outputs[0].dtype);
      return outputs;
    }
    const data = allocate(to, 1);
    data[0] = scalarOf(op, dtype)(...inputs.map((x) => x.data[0]));
    return [{ dtype: to, shape: [], data }];
  };
}
