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
import { type Device, type Devices, oneDevice } from './device.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import { isLoop } from './merge.js';
import { Wishes } from './wishes.js';

/**
 * Where a value is: in host memory, on a device, or either (constants and feeds, which are put where they are used). Lists
 * are where their elements are.
 */
export type Place = 'host' | 'either' | Device;

/** Where each value of a function, and of the bodies in it, is. */
export type Places = ReadonlyMap<IrValue, Place>;

const lists: ReadonlySet<Op> = new Set<Op>(Object.values(list));
const creating: ReadonlySet<Op> = new Set<Op>(Object.values(create));

/** Host arithmetic is for shapes, counters and conditions, not for data. */
const SMALL = 64;

/**
 * Decides what runs on the host: shapes, and integer and boolean arithmetic on host values, so that loop counters and conditions on
 * them cost no transfer. The rest runs on the device that it was made for.
 */
export function place(
  f: IrFunction,
  params: readonly Place[],
  places: Map<IrValue, Place>,
  devices: Devices = oneDevice,
): void {
  new Placing(places, devices, new Wishes(devices)).place(f, params);
}

/** Whether a place is a device. */
export const isOnDevice = (p: Place): p is Device => typeof p === 'object';

class Placing {
  constructor(
    readonly places: Map<IrValue, Place>,
    readonly devices: Devices,
    readonly wishes: Wishes,
  ) {}

  place(f: IrFunction, params: readonly Place[]): void {
    const { places } = this;
    f.params.forEach((p, i) => places.set(p, params[i]));
    for (const n of f.nodes) {
      if (applies(n, Const)) places.set(n.outputs[0], 'either');
      else if (applies(n, control.loop)) this.#loop(n);
      else if (applies(n, control.cond)) this.#cond(n);
      else {
        const where = this.#placeOf(n, this.#of(n.inputs));
        n.outputs.forEach((o) => places.set(o, where));
      }
    }
  }

  #of(values: readonly IrValue[]): Place[] {
    return values.map((v) => this.places.get(v) ?? this.devices.first);
  }

  #placeOf(n: IrNode, inputs: readonly Place[]): Place {
    if (n.op.effect === 'random') return 'host';
    if (lists.has(n.op)) return this.#listPlace(n, inputs);
    if (n.op.onHost) return 'host';
    const onDevice =
      n.op.effect !== 'pure' ||
      !hostKernels.has(n.op) ||
      !n.outputs.every(({ spec }) => isCounter(spec, n.op)) ||
      inputs.some(isOnDevice);
    if (onDevice) return this.wishes.of(n);
    const constant = inputs.every((p) => p === 'either') && n.inputs.every(({ spec }) => isCounter(spec, n.op));
    return inputs.includes('host') || constant ? 'host' : this.wishes.of(n);
  }

  /** Lists follow the values they are made of; what is read of a list is where it is. */
  #listPlace(n: IrNode, inputs: readonly Place[]): Place {
    if (n.op === list.length) return 'host';
    const data = inputs.filter((_, i) => !n.op.hostInputs.includes(i));
    if (data.every((p) => p === 'host')) return 'host';
    return data.find(isOnDevice) ?? this.wishes.of(n);
  }

  #loop(n: IrNode<LoopAttrs>): void {
    const { places, devices, wishes } = this;
    const { consts, carry, counted } = n.attrs;
    const [body, cond] = n.bodies;
    const inputs = this.#of(n.inputs);
    const end = inputs.length - (counted ? 1 : 0);
    const wanted = (i: number): Device => wishes.ofParam(n, i, inputs[i]);
    const xs = n.inputs.slice(consts + carry, end).map((v, k): Place => {
      const p = inputs[consts + carry + k];
      return p === 'host' || (v.spec.kind === 'list' && isOnDevice(p)) ? p : wanted(consts + carry + k);
    });
    const fixed = n.inputs.slice(0, consts).map((v, i) => constPlace(v, inputs[i], wanted(i)));
    let carried = n.inputs.slice(consts, consts + carry).map((v, k): Place => {
      const p = inputs[consts + k];
      return p === 'host' || (p === 'either' && isScalarCounter(v.spec)) ? 'host' : wanted(consts + k);
    });
    // A carry that starts on the host but comes back on a device is there throughout.
    for (let changed = true; changed;) {
      this.place(body, [...fixed, ...carried, ...xs]);
      const now = carried.map((p, i): Place => {
        const back = places.get(body.results[i]);
        return p === 'host' && back !== undefined && isOnDevice(back) ? back : p;
      });
      changed = now.some((p, i) => p !== carried[i]);
      carried = now;
    }
    if (cond !== undefined) this.place(cond, [...fixed, ...carried]);
    n.outputs.forEach((o, i) => {
      if (i === n.outputs.length - 1 || isSwapped(o)) places.set(o, 'host');
      else places.set(o, i < carry ? carried[i] : settled(places.get(body.results[i]), devices.first));
    });
  }

  #cond(n: IrNode<CondAttrs>): void {
    const { places, devices, wishes } = this;
    const inputs = this.#of(n.inputs);
    const params = n.inputs
      .slice(1)
      .map((v, i) => constPlace(v, inputs[i + 1], wishes.ofParam(n, i + 1, inputs[i + 1])));
    for (const b of n.bodies) this.place(b, params);
    const [then, otherwise] = n.bodies.map((b) => this.#of(b.results));
    const { length: results } = n.attrs.then.outputs;
    const saved = [...then.slice(results), ...otherwise.slice(results)];
    n.outputs.forEach((o, i) => {
      const branches = i < results ? [then[i], otherwise[i]] : [saved[i - results]];
      const cheap = branches.includes('host') || isScalarCounter(o.spec);
      places.set(o, branches.find(isOnDevice) ?? (cheap ? 'host' : devices.first));
    });
  }
}

/** Where something is that could be anywhere. */
const settled = (p: Place | undefined, device: Device): Place => (p === undefined || p === 'either' ? device : p);

/** Whether a value can be a counter, a condition or a shape. */
function isCounter(spec: Spec, op: Op): boolean {
  if (spec.kind === 'list' || isFloating(spec.dtype) || spec.shape === undefined) return false;
  if (isKnown(spec.shape)) return sizeOf(spec.shape) <= SMALL;
  return spec.shape.length <= 1 && !creating.has(op);
}

const isScalarCounter = (spec: Spec): boolean =>
  spec.kind === 'tensor' && !isFloating(spec.dtype) && spec.shape?.length === 0;

/** What a body gets for an outer value: scalars of integers and booleans come to the host once, before the loop. */
function constPlace(v: IrValue, p: Place, device: Device): Place {
  if (isScalarCounter(v.spec) || p === 'host') return 'host';
  return v.spec.kind === 'list' && isOnDevice(p) ? p : device;
}

/** Whether an output of a loop is a list saved for a gradient that is to wait in host memory. Lists in it stay where they are. */
function isSwapped({ origin: { op, index }, spec }: IrValue): boolean {
  if (!isLoop(op) || op.attrs.swapMemory !== true || spec.kind !== 'list' || spec.depth > 1) return false;
  return index >= op.attrs.body.outputs.length && index < op.outputs.length - 1;
}
