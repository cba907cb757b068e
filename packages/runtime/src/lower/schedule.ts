import {
  type CondAttrs,
  Const,
  type LoopAttrs,
  type Node,
  NoOp,
  type Op,
  control,
  isKnown,
  list,
  random,
  state,
} from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { type Device, type Devices, oneDevice } from './device.js';
import { type IrFunction, type IrNode, type IrValue, applies } from './ir.js';
import type { Places } from './place.js';
import { type Program, type Register, type Slot, type Step, reads, writes } from './program.js';

type Where = 'host' | Device;

/** How a function is called: where each argument and result is, and whether arguments are the callee's to release. */
export interface Calling {
  readonly params: readonly Where[];
  readonly owned: readonly boolean[];
  readonly results: readonly Where[];
}

const assignments = Object.values(state).filter((op) => op.effect === 'write');
const lists: ReadonlySet<Op> = new Set<Op>(Object.values(list));

/** Turns a function's nodes into steps over registers, inserts transfers where a value is used elsewhere than it is, and releases. */
export function schedule(f: IrFunction, places: Places, calling: Calling, devices: Devices = oneDevice): Program {
  const s = new Schedule(places, devices);
  f.params.forEach((p, i) => s.define(p, calling.params[i]));
  const params = f.params.map((p, i) => ({ slot: s.at(p, calling.params[i]), owned: calling.owned[i] }));
  for (const n of f.nodes) s.emit(n);
  const results = f.results.map((r, i) => s.at(r, calling.results[i]));
  return withReleases(params, s.steps, results, s.slots);
}

class Schedule {
  readonly steps: Step[] = [];
  readonly slots: Register[] = [];
  readonly #slots = new Map<Where, Map<IrValue, Slot>>();
  readonly #constants = new Map<IrValue, { readonly value: HostTensor; readonly origin: Node }>();

  constructor(
    readonly places: Places,
    readonly devices: Devices,
  ) {}

  define(v: IrValue, where: Where): Slot {
    const holds = v.spec.kind === 'list' ? 'list' : where === 'host' ? 'host' : 'device';
    const device = where === 'host' || where === this.devices.first ? {} : { device: where.name };
    const slot = this.slots.push({ holds, ...device, spec: v.spec, origin: v.origin }) - 1;
    this.#at(where).set(v, slot);
    return slot;
  }

  /** The registers at a place. */
  #at(where: Where): Map<IrValue, Slot> {
    const known = this.#slots.get(where) ?? new Map<IrValue, Slot>();
    this.#slots.set(where, known);
    return known;
  }

  /** Where a value lives when it is computed. */
  home(v: IrValue): Where {
    const p = this.places.get(v);
    return p === undefined || p === 'either' ? this.devices.first : p;
  }

  /** The register that holds `v` at `where`; transfers it there the first time. */
  at(v: IrValue, where: Where): Slot {
    const slot = this.#at(where).get(v);
    if (slot !== undefined) return slot;
    const constant = this.#constants.get(v);
    if (constant !== undefined) {
      const output = this.define(v, where);
      this.steps.push({ kind: 'const', value: constant.value, output, origin: constant.origin });
      return output;
    }
    const hosted = this.#at('host').get(v);
    const input = hosted ?? this.#anywhere(v);
    if (input === undefined) throw new Error(`lower: '${v.origin.name}' is used before it is computed.`);
    // A list stays where its elements are; rows are moved when read.
    if (v.spec.kind === 'list') return input;
    const output = this.define(v, where);
    const kind = where === 'host' ? 'download' : hosted === undefined ? 'copy' : 'upload';
    this.steps.push({ kind, input, output });
    return output;
  }

  /** A register that holds `v`, wherever. */
  somewhere(v: IrValue): Slot {
    return this.#at('host').get(v) ?? this.#anywhere(v) ?? this.at(v, 'host');
  }

  #anywhere(v: IrValue): Slot | undefined {
    for (const slots of this.#slots.values()) {
      const slot = slots.get(v);
      if (slot !== undefined) return slot;
    }
    return undefined;
  }

  emit(n: IrNode): void {
    const { op, attrs, origin } = n;
    const result = (where: Where): Slot => this.define(n.outputs[0], where);
    if (op === NoOp) return;
    if (applies(n, Const)) {
      const { spec, data } = n.attrs;
      if (spec.kind === 'list' || !isKnown(spec.shape)) {
        throw new Error(`lower: constant '${origin.name}' has no known shape.`);
      }
      this.#constants.set(n.outputs[0], { value: { dtype: spec.dtype, shape: spec.shape, data }, origin });
    } else if (applies(n, state.read)) {
      this.steps.push({ kind: 'read', variable: n.attrs.variable, output: result(this.home(n.outputs[0])), origin });
    } else if (applies(n, ...assignments)) {
      const home = this.home(n.outputs[0]);
      const inputs = n.inputs.map((v) => this.at(v, home));
      const { variable } = n.attrs;
      this.steps.push({ kind: 'assign', op, variable, inputs, output: result(home), origin });
    } else if (applies(n, ...Object.values(random))) {
      const inputs = n.inputs.map((v) => this.at(v, 'host'));
      this.steps.push({ kind: 'random', op, attrs: n.attrs, inputs, output: result('host'), origin });
    } else if (applies(n, control.loop)) this.#loop(n);
    else if (applies(n, control.cond)) this.#cond(n);
    else if (lists.has(op)) {
      const inputs = n.inputs.map((v, i) => this.at(v, op.hostInputs.includes(i) ? 'host' : this.home(n.outputs[0])));
      this.steps.push({ kind: 'list', op, attrs, inputs, outputs: this.#defineAll(n), origin });
    } else if (op.onHost) {
      // Of other inputs only the shape is read, which either copy tells.
      const inputs = n.inputs.map((v, i) => (op.hostInputs.includes(i) ? this.at(v, 'host') : this.somewhere(v)));
      this.steps.push({ kind: 'host', op, attrs, inputs, outputs: this.#defineAll(n), origin });
    } else if (this.home(n.outputs[0]) === 'host') {
      const inputs = n.inputs.map((v) => this.at(v, 'host'));
      this.steps.push({ kind: 'host', op, attrs, inputs, outputs: this.#defineAll(n), origin });
    } else {
      const home = this.#homeOf(n);
      const inputs = n.inputs.filter((_, i) => !op.hostInputs.includes(i)).map((v) => this.at(v, home));
      const host = n.inputs.filter((_, i) => op.hostInputs.includes(i)).map((v) => this.at(v, 'host'));
      const donated = inputs.map(() => false);
      this.steps.push({ kind: 'kernel', op, attrs, inputs, host, outputs: this.#defineAll(n), donated, origin });
    }
  }

  /** The device on which a node runs. */
  #homeOf(n: IrNode): Where {
    return n.outputs.length > 0 ? this.home(n.outputs[0]) : this.devices.first;
  }

  #defineAll(n: IrNode): Slot[] {
    return n.outputs.map((o) => this.define(o, this.home(o)));
  }

  #loop(n: IrNode<LoopAttrs>): void {
    const { consts, carry, counted, reverse } = n.attrs;
    const [body, cond] = n.bodies;
    const homes = body.params.map((p) => this.home(p));
    const end = n.inputs.length - (counted ? 1 : 0);
    const inputs = n.inputs.slice(0, end).map((v, i) => this.at(v, homes[i]));
    const outputs = n.outputs.map((o) => this.home(o));
    const owned = homes.map((_, i) => i >= consts);
    const results = body.results.map((_, i): Where => (i < carry ? homes[consts + i] : outputs[i]));
    this.steps.push({
      kind: 'loop',
      body: schedule(body, this.places, { params: homes, owned, results }, this.devices),
      cond:
        cond === undefined
          ? null
          : schedule(
              cond,
              this.places,
              {
                params: homes.slice(0, consts + carry),
                owned: cond.params.map(() => false),
                results: ['host'],
              },
              this.devices,
            ),
      consts: inputs.slice(0, consts),
      carry: inputs.slice(consts, consts + carry),
      xs: inputs.slice(consts + carry),
      length: counted ? this.at(n.inputs[end], 'host') : null,
      reverse,
      outputs: this.#defineAll(n),
      origin: n.origin,
    });
  }

  #cond(n: IrNode<CondAttrs>): void {
    const [then, otherwise] = n.bodies;
    const homes = then.params.map((p) => this.home(p));
    const out = n.outputs.map((o) => this.home(o));
    const results = n.attrs.then.outputs.length;
    const owned = homes.map(() => false);
    const saved = then.results.length - results;
    this.steps.push({
      kind: 'cond',
      pred: this.at(n.inputs[0], 'host'),
      captures: n.inputs.slice(1).map((v, i) => this.at(v, homes[i])),
      then: schedule(then, this.places, { params: homes, owned, results: out.slice(0, results + saved) }, this.devices),
      otherwise: schedule(
        otherwise,
        this.places,
        {
          params: homes,
          owned,
          results: [...out.slice(0, results), ...out.slice(results + saved)],
        },
        this.devices,
      ),
      outputs: this.#defineAll(n),
      results,
      origin: n.origin,
    });
  }
}

/** Releases every register after its last use, and marks the inputs that a kernel may overwrite. Constants stay from run to run. */
function withReleases(
  params: Program['params'],
  code: readonly Step[],
  results: readonly Slot[],
  slots: Program['slots'],
): Program {
  const borrowed = new Set(params.flatMap((p) => (p.owned ? [] : [p.slot])));
  const fixed = new Set(code.flatMap((step) => (step.kind === 'const' ? [step.output] : [])));
  const counted = (s: Slot): boolean => slots[s].holds !== 'host' && !borrowed.has(s) && !fixed.has(s);
  const live = new Set(results);
  const steps: Step[] = [];
  for (let k = code.length - 1; k >= 0; k--) {
    const step = code[k];
    const last = [...new Set([...writes(step), ...reads(step)])].filter((s) => counted(s) && !live.has(s));
    if (last.length > 0) steps.push({ kind: 'release', slots: last });
    last.forEach((s) => live.add(s));
    steps.push(
      step.kind === 'kernel'
        ? {
            ...step,
            donated: step.inputs.map((s) => last.includes(s) && step.inputs.indexOf(s) === step.inputs.lastIndexOf(s)),
          }
        : step,
    );
  }
  const unused = params.flatMap((p) => (counted(p.slot) && !live.has(p.slot) ? [p.slot] : []));
  if (unused.length > 0) steps.push({ kind: 'release', slots: unused });
  return {
    params,
    steps: steps.reverse(),
    results: results.map((slot, i) => ({ slot, move: counted(slot) && results.lastIndexOf(slot) === i })),
    slots,
  };
}
