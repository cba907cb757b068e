import {
  type CondAttrs,
  type DType,
  GraphError,
  type LoopAttrs,
  type Op,
  type VariableAttrs,
  control,
  explain,
  list,
  messageOf,
  state,
} from '@tensorloom/graph';
import type { Device, Devices } from './device.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import type { Place } from './place.js';
import { updateOf } from './update-of.js';

const lists: ReadonlySet<Op> = new Set<Op>(Object.values(list));
const onVariables: readonly Op<VariableAttrs>[] = Object.values(state);

/** What is known of a body beforehand: for each value, the device of an op that reads it, and the op that computes it. */
interface Uses {
  readonly readBy: ReadonlyMap<IrValue, Device>;
  readonly madeBy: ReadonlyMap<IrValue, IrNode>;
}

/** On which devices ops are to run, and where the bodies of loops and branches want what they are given, so that no trip moves it. */
export class Wishes {
  readonly #uses = new WeakMap<IrFunction, Uses>();

  constructor(readonly devices: Devices) {}

  /** The device of an op that runs on one: a variable's where it has one, otherwise that which it was made for. */
  of(n: IrNode): Device {
    const { devices } = this;
    if (devices.count === 1) return devices.first;
    const values = [...n.inputs.filter((_, i) => !n.op.hostInputs.includes(i)), ...n.outputs];
    const dtypes: DType[] = values.map((v) => v.spec.dtype);
    if (applies(n, ...onVariables)) return this.#choose(n, n.attrs.variable.device, updateOf(n.op), dtypes);
    return this.#choose(n, n.origin.device, lists.has(n.op) ? null : n.op, dtypes);
  }

  #choose({ op, origin }: IrNode, spec: string | undefined, needed: Op | null, dtypes: readonly DType[]): Device {
    try {
      return this.devices.choose(spec, needed, dtypes);
    } catch (e) {
      throw new GraphError(explain(`${op.name}: ${messageOf(e)}`, origin.toString(), origin.location), { cause: e });
    }
  }

  /** The device on which the bodies of a loop or branch want input `i`, which is at `p` now. */
  ofParam(n: IrNode<LoopAttrs> | IrNode<CondAttrs>, i: number, p: Place): Device {
    const { devices } = this;
    if (devices.count === 1) return devices.first;
    const wanted = this.#wanted(n, i);
    if (wanted !== undefined) return wanted;
    return typeof p === 'object' ? p : devices.choose(undefined, null, [n.inputs[i].spec.dtype]);
  }

  #wanted(n: IrNode, i: number): Device | undefined {
    const maker = this.#carriedBy(n, i);
    if (maker !== undefined && this.#runsOnDevice(maker)) return this.of(maker);
    const param = applies(n, control.loop) ? i : i - 1;
    for (const b of n.bodies) {
      const at = b.params.at(param);
      const device = at && this.#usesOf(b).readBy.get(at);
      if (device !== undefined) return device;
    }
    return undefined;
  }

  /** The op in a loop's body that computes the next value of what input `i` carries. */
  #carriedBy(n: IrNode, i: number): IrNode | undefined {
    if (!applies(n, control.loop) || i < n.attrs.consts || i >= n.attrs.consts + n.attrs.carry) return undefined;
    const [body] = n.bodies;
    return this.#usesOf(body).madeBy.get(body.results[i - n.attrs.consts]);
  }

  #runsOnDevice({ op, bodies }: IrNode): boolean {
    return bodies.length === 0 && !op.onHost && !lists.has(op) && op.effect !== 'random';
  }

  #usesOf(f: IrFunction): Uses {
    const known = this.#uses.get(f);
    if (known !== undefined) return known;
    const readBy = new Map<IrValue, Device>();
    const madeBy = new Map<IrValue, IrNode>();
    this.#uses.set(f, { readBy, madeBy });
    for (const n of f.nodes) {
      n.outputs.forEach((o) => madeBy.set(o, n));
      n.inputs.forEach((v, i) => {
        if (readBy.has(v) || n.op.hostInputs.includes(i)) return;
        const device = n.bodies.length > 0 ? this.#wantedBelow(n, i) : this.#runsOnDevice(n) ? this.of(n) : undefined;
        if (device !== undefined) readBy.set(v, device);
      });
    }
    return { readBy, madeBy };
  }

  /** What a loop or branch in a body wants; its predicate and length are read on the host. */
  #wantedBelow(n: IrNode, i: number): Device | undefined {
    const [body] = n.bodies;
    const arrives = applies(n, control.loop) ? i < body.params.length : i > 0;
    return arrives ? this.#wanted(n, i) : undefined;
  }
}
