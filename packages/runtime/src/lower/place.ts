import {
  type CondAttrs,
  Const,
  type LoopAttrs,
  type Op,
  type Spec,
  control,
  create,
  isFloating,
  isKnown,
  list,
  sizeOf,
} from '@tensorloom/graph';
import { hostKernels } from '../host/index.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import { isLoop } from './merge.js';

/**
 * Where a value is: in host memory, on the device, or either (constants and feeds, which are put where they are used). Lists
 * are where their elements are.
 */
export type Place = 'host' | 'device' | 'either';

/** Where each value of a function, and of the bodies in it, is. */
export type Places = ReadonlyMap<IrValue, Place>;

const lists: ReadonlySet<Op> = new Set<Op>(Object.values(list));
const creating: ReadonlySet<Op> = new Set<Op>(Object.values(create));

/** Host arithmetic is for shapes, counters and conditions, not for data. */
const SMALL = 64;

/**
 * Decides what runs on the host: shapes, and integer and boolean arithmetic on host values. So loop counters and conditions on
 * them cost no transfer.
 */
export function place(f: IrFunction, params: readonly Place[], places: Map<IrValue, Place>): void {
  f.params.forEach((p, i) => places.set(p, params[i]));
  for (const n of f.nodes) {
    if (applies(n, Const)) places.set(n.outputs[0], 'either');
    else if (applies(n, control.loop)) placeLoop(n, places);
    else if (applies(n, control.cond)) placeCond(n, places);
    else {
      const where = placeOf(
        n,
        n.inputs.map((v) => places.get(v) ?? 'device'),
      );
      n.outputs.forEach((o) => places.set(o, where));
    }
  }
}

function placeOf(n: IrNode, inputs: readonly Place[]): Place {
  if (n.op.effect === 'random') return 'host';
  if (lists.has(n.op)) return listPlace(inputs, n);
  if (n.op.onHost) return 'host';
  if (
    n.op.effect !== 'pure' ||
    !hostKernels.has(n.op) ||
    !n.outputs.every(({ spec }) => isCounter(spec, n.op)) ||
    inputs.includes('device')
  )
    return 'device';
  const constant = inputs.every((p) => p === 'either') && n.inputs.every(({ spec }) => isCounter(spec, n.op));
  return inputs.includes('host') || constant ? 'host' : 'device';
}

/** Lists follow the values they are made of. */
function listPlace(inputs: readonly Place[], n: IrNode): Place {
  if (n.op === list.length) return 'host';
  const data = inputs.filter((_, i) => !n.op.hostInputs.includes(i));
  return data.every((p) => p === 'host') ? 'host' : 'device';
}

/** Whether a value can be a counter, a condition or a shape. */
function isCounter(spec: Spec, op: Op): boolean {
  if (spec.kind === 'list' || isFloating(spec.dtype) || spec.shape === undefined) return false;
  if (isKnown(spec.shape)) return sizeOf(spec.shape) <= SMALL;
  return spec.shape.length <= 1 && !creating.has(op);
}

const isScalarCounter = (spec: Spec): boolean =>
  spec.kind === 'tensor' && !isFloating(spec.dtype) && spec.shape?.length === 0;

/** What a body gets for an outer value: scalars of integers and booleans come to the host once, before the loop. */
const constPlace = (v: IrValue, p: Place): Place => (isScalarCounter(v.spec) || p === 'host' ? 'host' : 'device');

/** Whether an output of a loop is a list saved for a gradient that is to wait in host memory. Lists in it stay where they are. */
function isSwapped({ origin: { op, index }, spec }: IrValue): boolean {
  if (!isLoop(op) || op.attrs.swapMemory !== true || spec.kind !== 'list' || spec.depth > 1) return false;
  return index >= op.attrs.body.outputs.length && index < op.outputs.length - 1;
}

function placeLoop(n: IrNode<LoopAttrs>, places: Map<IrValue, Place>): void {
  const { consts, carry, counted } = n.attrs;
  const [body, cond] = n.bodies;
  const inputs = n.inputs.map((v) => places.get(v) ?? 'device');
  const xs = inputs
    .slice(consts + carry, inputs.length - (counted ? 1 : 0))
    .map((p): Place => (p === 'host' ? 'host' : 'device'));
  const fixed = n.inputs.slice(0, consts).map((v, i) => constPlace(v, inputs[i]));
  let carried = n.inputs
    .slice(consts, consts + carry)
    .map((v, i): Place =>
      inputs[consts + i] === 'host' || (inputs[consts + i] === 'either' && isScalarCounter(v.spec)) ? 'host' : 'device',
    );
  // A carry that starts on the host but comes back on the device is on the device throughout.
  for (let changed = true; changed;) {
    place(body, [...fixed, ...carried, ...xs], places);
    const now = carried.map((p, i): Place => (p === 'host' && places.get(body.results[i]) === 'device' ? 'device' : p));
    changed = now.some((p, i) => p !== carried[i]);
    carried = now;
  }
  if (cond !== undefined) place(cond, [...fixed, ...carried], places);
  n.outputs.forEach((o, i) => {
    if (i === n.outputs.length - 1 || isSwapped(o)) places.set(o, 'host');
    else places.set(o, i < carry ? carried[i] : places.get(body.results[i]) === 'host' ? 'host' : 'device');
  });
}

function placeCond(n: IrNode<CondAttrs>, places: Map<IrValue, Place>): void {
  const params = n.inputs.slice(1).map((v) => constPlace(v, places.get(v) ?? 'device'));
  for (const b of n.bodies) place(b, params, places);
  const [then, otherwise] = n.bodies.map((b) => b.results.map((r) => places.get(r) ?? 'device'));
  const { length: results } = n.attrs.then.outputs;
  const saved = [...then.slice(results), ...otherwise.slice(results)];
  n.outputs.forEach((o, i) => {
    const branches = i < results ? [then[i], otherwise[i]] : [saved[i - results]];
    const cheap = branches.includes('host') || isScalarCounter(o.spec);
    places.set(o, cheap && !branches.includes('device') ? 'host' : 'device');
  });
}
