import {
  type Op,
  type RandomAttrs,
  isKnown,
  random,
  sameShape,
  shape as shapes,
  sizeOf,
  tensorSpec,
} from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { inOrder } from '../host/host-kernel.js';
import { hostKernels } from '../host/index.js';
import { type FusedAttrs, fused } from '../lower/fuse.js';
import type { KernelStep, LoopStep, PlainStep, Program, RandomStep, Slot } from '../lower/program.js';
import type { StaticBlock, StaticLoop, StaticStep, StaticTensor } from '../static-loop.js';

/** What is known of what a loop is given: its dtype and shape (of a sequence, those of a row) and, where it is so at every trip, its elements. */
export interface Given extends StaticTensor {
  readonly value?: HostTensor;
}

/** A loop for given shapes. */
export interface Specialised {
  readonly loop: StaticLoop;
  /** Which of the givens hold for their elements too, not only for their shapes. */
  readonly elements: ReadonlySet<number>;
  /** Of each output sequence, the row that it consists of, where that is known. */
  readonly rows: readonly (HostTensor | undefined)[];
  /** What has to be drawn for every trip, in this order: sequences of the loop that follow on those it is given. */
  readonly draws: readonly Drawing[];
}

/** Random numbers that a loop draws once a trip. */
export interface Drawing {
  readonly op: Op;
  readonly attrs: RandomAttrs;
  readonly inputs: readonly HostTensor[];
}

/** Why a loop is not static: it is run step by step then. */
class NotStatic extends Error {}

/**
 * The loop that `step` is when it is given `given` (constants, carry, rows of sequences), if everything in it has a static shape.
 * Elements of what is given are taken to be always the same only where shapes or kernels depend on them.
 */
export function specialise(step: LoopStep, given: readonly Given[]): Specialised | undefined {
  try {
    const elements = new Specialising(step, given).needed();
    return new Specialising(
      step,
      given.map(({ dtype, shape, value }, i) =>
        value !== undefined && elements.has(i) ? { dtype, shape, value } : { dtype, shape },
      ),
    ).specialised(elements);
  } catch (e) {
    if (e instanceof NotStatic) return undefined;
    throw e;
  }
}

/** What is refused here is refused again, with names and places, when it runs step by step. */
function orNotStatic<T>(f: () => T): T {
  try {
    return f();
  } catch {
    throw new NotStatic();
  }
}

/** What a register holds: a value of the loop, or elements that are known, and the givens that they follow from. */
type Held =
  | { readonly kind: 'value'; readonly index: number }
  | { readonly kind: 'known'; readonly tensor: HostTensor; readonly from: ReadonlySet<number> };

const NONE: ReadonlySet<number> = new Set();
const dim: Op = shapes.dim;
/** The distributions whose results have the shape that they are told. */
const drawn: ReadonlySet<Op> = new Set([random.uniform, random.normal, random.truncatedNormal, random.uniformInt]);

class Specialising {
  readonly #values: StaticTensor[] = [];
  readonly #constants = new Map<number, HostTensor>();
  /** The givens whose elements something depends on. */
  readonly #elements = new Set<number>();
  readonly #params: readonly Held[];
  readonly #draws: (Drawing & { readonly value: number })[] = [];
  #steps: StaticStep[] = [];

  constructor(
    readonly step: LoopStep,
    readonly given: readonly Given[],
  ) {
    this.#params = given.map(({ dtype, shape, value }, i): Held =>
      value === undefined ? this.#value(dtype, shape) : { kind: 'known', tensor: value, from: new Set([i]) },
    );
  }

  /** The givens whose elements are needed. */
  needed(): ReadonlySet<number> {
    this.#whole();
    return this.#elements;
  }

  specialised(elements: ReadonlySet<number>): Specialised {
    const { consts, carry } = this.step;
    const { body, cond, rows } = this.#whole();
    const among = (from: number, to?: number): number[] =>
      this.#params.slice(from, to).flatMap((p) => (p.kind === 'value' ? [p.index] : []));
    const first = consts.length + carry.length;
    const loop: StaticLoop = {
      values: this.#values,
      constants: this.#constants,
      consts: among(0, consts.length),
      carry: among(consts.length, first),
      xs: [...among(first), ...this.#draws.map(({ value }) => value)],
      body,
      cond,
      reverse: this.step.reverse,
    };
    return { loop, elements, rows, draws: this.#draws };
  }

  #whole(): { body: StaticBlock; cond: StaticBlock | null; rows: readonly (HostTensor | undefined)[] } {
    const { step } = this;
    const { length: carries } = step.carry;
    const results = this.#run(step.body, this.#params);
    const next = results.slice(0, carries).map((r) => this.#indexOf(r));
    next.forEach((v, i) => {
      const [now, then] = [this.given[step.consts.length + i], this.#values[v]];
      if (now.dtype !== then.dtype || !sameShape(now.shape, then.shape)) throw new NotStatic();
    });
    const rows = results.slice(carries).map((r) => (r.kind === 'known' ? r.tensor : undefined));
    for (const r of results.slice(carries)) if (r.kind === 'known') this.#depend(r.from);
    const ys = results.slice(carries).flatMap((r) => (r.kind === 'value' ? [r.index] : []));
    const body = { steps: this.#steps, results: [...next, ...ys] };
    if (step.cond === null) return { body, cond: null, rows };
    this.#steps = [];
    const [go] = this.#run(step.cond, this.#params.slice(0, step.consts.length + carries));
    return { body, cond: { steps: this.#steps, results: [this.#indexOf(go)] }, rows };
  }

  /** Walks a program, and returns what its results are. */
  #run(program: Program, params: readonly Held[]): Held[] {
    const held = new Map<Slot, Held>(program.params.map(({ slot }, i) => [slot, params[i]]));
    const at = (s: Slot): Held => {
      const h = held.get(s);
      if (h === undefined) throw new NotStatic();
      return h;
    };
    for (const step of program.steps) {
      switch (step.kind) {
        case 'release':
          break;
        case 'const':
          held.set(step.output, { kind: 'known', tensor: step.value, from: NONE });
          break;
        case 'upload':
        case 'download': {
          const h = at(step.input);
          // What is meant to wait in host memory should not be kept on the device.
          if (step.kind === 'download' && h.kind === 'value' && this.#typeOf(h).shape.length > 0) throw new NotStatic();
          held.set(step.output, h);
          break;
        }
        case 'host':
          this.#host(step, step.inputs.map(at)).forEach((h, i) => held.set(step.outputs[i], h));
          break;
        case 'random':
          held.set(step.output, this.#random(step, step.inputs.map(at)));
          break;
        case 'kernel':
          this.#kernel(step, step.inputs.map(at), step.host.map(at)).forEach((h, i) => held.set(step.outputs[i], h));
          break;
        default:
          throw new NotStatic();
      }
    }
    return program.results.map(({ slot }) => at(slot));
  }

  #random({ op, attrs }: RandomStep, inputs: readonly Held[]): Held {
    // How often a loop with a condition draws is known only when it has ended.
    if (!drawn.has(op) || this.step.cond !== null) throw new NotStatic();
    const known = inputs.map((h) => {
      if (h.kind === 'value') throw new NotStatic();
      this.#depend(h.from);
      return h.tensor;
    });
    const value = this.#value(attrs.dtype, Array.from(known[0].data));
    this.#draws.push({ op, attrs, inputs: known, value: value.index });
    return value;
  }

  #host({ op, attrs }: PlainStep, inputs: readonly Held[]): readonly Held[] {
    if (op.effect !== 'pure') throw new NotStatic();
    if (op.onHost) {
      const value = op.fold?.(
        inputs.map((h) => ({ spec: this.#specOf(h), value: undefined })),
        attrs,
      );
      if (value === undefined || value.includes(null)) throw new NotStatic();
      const data = Int32Array.from(value, Number);
      const shape = op === dim ? [] : [data.length];
      return [{ kind: 'known', tensor: { dtype: 'int32', shape, data }, from: NONE }];
    }
    const kernel = hostKernels.get(op);
    if (kernel !== undefined && inputs.every((h) => h.kind === 'known')) {
      const from = new Set(inputs.flatMap((h) => [...h.from]));
      const tensors = inputs.map((h) => h.tensor);
      return orNotStatic(() => kernel(tensors, attrs)).map((tensor) => ({ kind: 'known', tensor, from }));
    }
    const onHost = (_: Held, i: number): boolean => op.hostInputs.includes(i);
    return this.#apply(
      op,
      attrs,
      inputs.filter((h, i) => !onHost(h, i)),
      inputs.filter(onHost),
    );
  }

  #kernel(step: KernelStep, inputs: readonly Held[], host: readonly Held[]): readonly Held[] {
    if (!isFused(step)) return this.#apply(step.op, step.attrs, inputs, host);
    const held = [...inputs];
    for (const { op, attrs, operands } of step.attrs.region.steps) {
      held.push(
        ...this.#apply(
          op,
          attrs,
          operands.map((k) => held[k]),
          [],
        ),
      );
    }
    return held.slice(-1);
  }

  /** An op of the loop. */
  #apply(op: Op, attrs: unknown, inputs: readonly Held[], host: readonly Held[]): readonly Held[] {
    if (op.effect !== 'pure') throw new NotStatic();
    const device = inputs.map((h) => this.#indexOf(h));
    const values = host.map((h) => {
      if (h.kind === 'value') throw new NotStatic();
      this.#depend(h.from);
      return h.tensor;
    });
    const given = inOrder<{ readonly tensor: StaticTensor; readonly value: readonly number[] | undefined }>(
      op,
      device.map((i) => ({ tensor: this.#values[i], value: undefined })),
      values.map((tensor) => ({ tensor, value: Array.from(tensor.data) })),
    );
    const specs = orNotStatic(() =>
      op.infer(
        given.map(({ tensor: { dtype, shape }, value }) => ({ spec: tensorSpec(dtype, shape), value })),
        attrs,
      ),
    );
    const outputs = specs.map((spec) => {
      if (spec.kind === 'list' || !isKnown(spec.shape)) throw new NotStatic();
      return this.#value(spec.dtype, spec.shape);
    });
    this.#steps.push({ op, attrs, inputs: device, host: values, outputs: outputs.map(({ index }) => index) });
    return outputs;
  }

  #depend(from: Iterable<number>): void {
    for (const i of from) this.#elements.add(i);
  }

  #value(dtype: StaticTensor['dtype'], shape: readonly number[]): Held & { readonly kind: 'value' } {
    return { kind: 'value', index: this.#values.push({ dtype, shape }) - 1 };
  }

  /** The value of the loop that something is; what is known becomes a constant. */
  #indexOf(h: Held): number {
    if (h.kind === 'value') return h.index;
    for (const [index, tensor] of this.#constants) if (tensor === h.tensor) return index;
    const { index } = this.#value(h.tensor.dtype, h.tensor.shape);
    this.#constants.set(index, h.tensor);
    return index;
  }

  #typeOf(h: Held): StaticTensor {
    return h.kind === 'value' ? this.#values[h.index] : h.tensor;
  }

  #specOf(h: Held): ReturnType<typeof tensorSpec> {
    const { dtype, shape } = this.#typeOf(h);
    return tensorSpec(dtype, shape);
  }
}

const isFused = (step: KernelStep): step is KernelStep & { readonly attrs: FusedAttrs } => step.op === fused;

/** Whether two tensors have the same elements. */
export const sameElements = (a: HostTensor, b: HostTensor): boolean =>
  a === b ||
  (a.dtype === b.dtype &&
    sameShape(a.shape, b.shape) &&
    sizeOf(a.shape) === a.data.length &&
    a.data.every((x, i) => Object.is(x, b.data[i])));
