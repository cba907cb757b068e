import type { Edge, Node, Op, RandomAttrs, Spec, Variable } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';

/** A register of a program. */
export type Slot = number;

/** What a register holds: a tensor in host memory, a tensor on the device, or a list. */
type Holds = 'host' | 'device' | 'list';

/** What is known of a register; `origin` is the edge of the graph that it stands for. */
export interface Register {
  readonly holds: Holds;
  /** The device on which it is, or the elements of a list are; nothing for the session's first one, and for host memory. */
  readonly device?: string;
  readonly spec: Spec;
  readonly origin: Edge;
}

/** One step of a program. `origin` is the node of the graph it came from. */
export type Step =
  | { readonly kind: 'const'; readonly value: HostTensor; readonly output: Slot; readonly origin: Node }
  | MoveStep
  | KernelStep
  | PlainStep
  | RandomStep
  | { readonly kind: 'read'; readonly variable: Variable; readonly output: Slot; readonly origin: Node }
  | AssignStep
  | LoopStep
  | CondStep
  | { readonly kind: 'release'; readonly slots: readonly Slot[] };

/** Draws random numbers. */
export interface RandomStep {
  readonly kind: 'random';
  readonly op: Op;
  readonly attrs: RandomAttrs;
  readonly inputs: readonly Slot[];
  readonly output: Slot;
  readonly origin: Node;
}

/** Moves a tensor to a device, to the host, or from one device to another. */
export interface MoveStep {
  readonly kind: 'upload' | 'download' | 'copy';
  readonly input: Slot;
  readonly output: Slot;
}

/** An op on tensors in host memory, or on lists. */
export interface PlainStep {
  readonly kind: 'host' | 'list';
  readonly op: Op;
  readonly attrs: unknown;
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
  readonly origin: Node;
}

/** Sets a variable, or changes it; `output` is its new value. */
export interface AssignStep {
  readonly kind: 'assign';
  readonly op: Op;
  readonly variable: Variable;
  readonly inputs: readonly Slot[];
  readonly output: Slot;
  readonly origin: Node;
}

/** A kernel of the backend. */
export interface KernelStep {
  readonly kind: 'kernel';
  readonly op: Op;
  readonly attrs: unknown;
  readonly inputs: readonly Slot[];
  readonly host: readonly Slot[];
  readonly outputs: readonly Slot[];
  /** Per input: whether this is its last use and nobody else holds the reference. */
  readonly donated: readonly boolean[];
  readonly origin: Node;
}

export interface LoopStep {
  readonly kind: 'loop';
  readonly body: Program;
  readonly cond: Program | null;
  readonly consts: readonly Slot[];
  readonly carry: readonly Slot[];
  readonly xs: readonly Slot[];
  readonly length: Slot | null;
  readonly reverse: boolean;
  /** Carries, then lists, then the number of trips. */
  readonly outputs: readonly Slot[];
  readonly origin: Node;
}

export interface CondStep {
  readonly kind: 'cond';
  readonly pred: Slot;
  readonly captures: readonly Slot[];
  readonly then: Program;
  readonly otherwise: Program;
  /** Results, then lists of what each branch saves. */
  readonly outputs: readonly Slot[];
  readonly results: number;
  readonly origin: Node;
}

/** What runs: plain steps over registers, with every release written out. */
export interface Program {
  /** Registers that arguments arrive in; owned ones are the program's to release. */
  readonly params: readonly { readonly slot: Slot; readonly owned: boolean }[];
  readonly steps: readonly Step[];
  /** Registers that are returned; `move` gives the register's own reference away, otherwise a new one is made. */
  readonly results: readonly { readonly slot: Slot; readonly move: boolean }[];
  readonly slots: readonly Register[];
}

/** The registers a step reads. */
export function reads(s: Step): readonly Slot[] {
  switch (s.kind) {
    case 'const':
    case 'read':
      return [];
    case 'upload':
    case 'download':
    case 'copy':
      return [s.input];
    case 'kernel':
      return [...s.inputs, ...s.host];
    case 'host':
    case 'list':
    case 'random':
    case 'assign':
      return s.inputs;
    case 'loop':
      return [...s.consts, ...s.carry, ...s.xs, ...(s.length === null ? [] : [s.length])];
    case 'cond':
      return [s.pred, ...s.captures];
    case 'release':
      return s.slots;
  }
}

/** The registers a step fills. */
export function writes(s: Step): readonly Slot[] {
  switch (s.kind) {
    case 'release':
      return [];
    case 'kernel':
    case 'host':
    case 'list':
    case 'loop':
    case 'cond':
      return s.outputs;
    default:
      return [s.output];
  }
}
