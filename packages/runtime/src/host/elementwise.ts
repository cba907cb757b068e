import {
  type DType,
  type ElementwiseOp,
  type Op,
  type Spec,
  elementwise,
  mixed,
  toTypedArray,
} from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { broadcastStrides, offsetsOf } from './broadcast.js';
import { type HostLoops, hostLoopsOf } from './host-kernel.js';
import { hostScalar } from './host-scalar.js';

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
  (dtype === 'int32' ? integers.get(op) : undefined) ?? op.scalar;

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

const elementwiseOps: ReadonlyMap<Op, ElementwiseOp> = new Map(Object.values(elementwise).map((op) => [op, op]));

/**
 * What an elementwise op of one or two scalars computes (the second is ignored where there is one), `undefined` for other ops and
 * operands. Loop counters and conditions are scalars: these skip inference, broadcasting and arrays.
 */
export function scalarKernel(op: Op, inputs: readonly Spec[]): ((x: number, y: number) => HostTensor) | undefined {
  const known = elementwiseOps.get(op);
  const [{ dtype }] = inputs;
  const scalars = inputs.every((s) => s.kind === 'tensor' && s.shape?.length === 0 && s.dtype === dtype);
  if (known === undefined || !scalars || inputs.length > 2) return undefined;
  const [to] = known.infer(
    inputs.map((spec) => ({ spec, value: undefined })),
    {},
  );
  const scalar = scalarOf(known, dtype);
  return inputs.length === 1 ? (x) => hostScalar(to.dtype, scalar(x)) : (x, y) => hostScalar(to.dtype, scalar(x, y));
}
