import type { Spec, TensorSpec } from './spec.js';
import type { SubGraph } from './subgraph.js';

/**
 * What running an op does besides computing its outputs: nothing, reading state, writing state, drawing random numbers,
 * or something outside the graph (printing, failing).
 */
export type Effect = 'pure' | 'read' | 'write' | 'random' | 'external';

/** Elements of a small tensor, `null` where only a run knows them. */
export type KnownValue = readonly (number | null)[];

/** Shapes, axes and small indices are followed statically; anything larger is data. */
export const MOST_KNOWN_ELEMENTS = 64;

/** Inference's view of one input. */
export interface InputSpec<S extends Spec = Spec> {
  readonly spec: S;
  /** The elements that are known while the graph is built, `null` for each that is not: constants, and what follows from static shapes. */
  readonly value: KnownValue | undefined;
}

/**
 * What an operation *is*. How to differentiate it or to run it lives in tables keyed by this object.
 *
 * `A` is the type of its attributes: plain data, the same for every run.
 */
export interface Op<A = unknown> {
  readonly name: string;
  readonly effect: Effect;
  /** Indices of the inputs that kernels get as plain numbers: shapes, axes, indices, sizes. */
  readonly hostInputs: readonly number[];
  /** Runs on the host whatever the backend: shapes, random bits, lists. */
  readonly onHost: boolean;
  /** Moves elements without computing; gradients recompute it rather than save its result. */
  readonly layout: boolean;
  /** Static types of the outputs. Throws when the inputs do not fit. */
  infer(inputs: readonly InputSpec[], attrs: A): readonly Spec[];
  /** The elements of the only output, as far as they follow from static shapes or values. */
  fold?(inputs: readonly InputSpec[], attrs: A): KnownValue | undefined;
  /** Nested graphs held in the attributes, for passes and printers that walk into them. */
  subgraphs?(attrs: A): readonly SubGraph[];
  /** How the attributes print; default: as JSON. */
  show?(attrs: A): string;
}

/** The attributes of an op. */
export type AttrsOf<O> = O extends Op<infer A> ? A : never;

/** The ops of one family, as one file of `ops/` exports them. */
export type Family = Readonly<Record<string, Op>>;

/** Makes an op from its name, its inference, and whatever differs from a pure op that runs on the device. */
export const makeOp = <A = NoAttrs>(definition: Pick<Op<A>, 'name' | 'infer'> & Partial<Op<A>>): Op<A> => ({
  effect: 'pure',
  hostInputs: [],
  onHost: false,
  layout: false,
  ...definition,
});

/** Attributes of ops that have none. */
export type NoAttrs = Readonly<Record<never, never>>;

/** The spec of a tensor input; throws when it is a list. */
export function tensorInput(op: string, { spec }: InputSpec): TensorSpec {
  if (spec.kind !== 'tensor') throw new TypeError(`${op}: expected a tensor, got a list. Stack the list first.`);
  return spec;
}
