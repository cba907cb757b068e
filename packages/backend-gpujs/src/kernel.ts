import { type AttrsOf, type Family, type Op, allocate, sizeOf } from '@tensorloom/graph';
import {
  type DeviceTensor,
  type HostKernel,
  type HostTensor,
  type Kernel,
  type MaybePromise,
  hostKernels,
  inOrder,
  outputsOf,
} from '@tensorloom/runtime';
import type { GpujsTensor, Handle, Handles } from './handles.js';
import type { Launch, Source } from './launch.js';
import { all, chain } from './maybe-promise.js';
import type { Resident } from './resident.js';

/** The dtype and the shape of a result. */
export type Result = Omit<HostTensor, 'data'>;

/**
 * How an op computes its results, one launch for each; none of them is empty. Of the inputs there are dtypes and shapes, and the
 * elements of those that the host knows: host inputs and positions. Results are float32 or bool, which is 0 or 1, unless the rule
 * says otherwise; so are the other inputs.
 */
export type Plan<A = unknown> = (
  inputs: readonly HostTensor[],
  outputs: readonly Result[],
  attrs: A,
) => readonly (Launch | undefined)[];

/** A plan, and what integers it may meet: float32 holds them up to 2^24, so that all others are the host's. */
export interface Rule<A = unknown> {
  readonly plan: Plan<A>;
  /** The int32 inputs that name positions: the host reads them first. */
  readonly positions?: readonly number[];
  /** Whether positions are in range; what is wrong with them the host's own kernel says. Default: they are. */
  readonly inRange?: (inputs: readonly HostTensor[], outputs: readonly Result[], attrs: A) => boolean;
  /** The int32 inputs that may be rounded to float32. */
  readonly rounded?: readonly number[];
  /** Whether int32 results are numbers that float32 holds. */
  readonly exactIntegers?: boolean;
}

/** Rules of one family, under the family's keys, as entries of a table. */
export function rulesOf<F extends Family>(
  family: F,
  rules: { readonly [K in keyof F]?: Rule<AttrsOf<F[K]>> },
): [Op, Rule][] {
  // The table's type has matched attributes to ops; a map over all ops cannot say that.
  const untyped = rules as Readonly<Record<string, Rule>>;
  return Object.entries(untyped).map(([key, rule]) => [family[key], rule]);
}

/** The runtime's own loops for an op: exact, in host memory. */
export function onHost(op: Op): HostKernel {
  const kernel = hostKernels.get(op);
  if (kernel === undefined) throw new Error(`gpujs: ${op.name} has no host kernel.`);
  return kernel;
}

/** A kernel that computes in host memory. */
export const hostKernel =
  (op: Op, handles: Handles): Kernel<Handle> =>
  (inputs, { attrs, host }) =>
    chain(all(inputs.map((x) => handles.read(x))), (device) =>
      onHost(op)(inOrder(op, device, host), attrs).map((y) => handles.hold(y)),
    );

/** What is known of a device input without reading it. */
export const described = ({ dtype, shape }: DeviceTensor): HostTensor => ({ dtype, shape, data: allocate(dtype, 0) });

/** A kernel that computes by gpu.js, and in host memory where its rule does not reach. */
export const gpuKernel =
  (op: Op, rule: Rule, handles: Handles): Kernel<Handle> =>
  (inputs, call) => {
    const { positions = [], inRange = () => true } = rule;
    const device = inOrder<GpujsTensor | undefined>(
      op,
      inputs,
      call.host.map(() => undefined),
    );
    const known = device.map((x, i) =>
      x === undefined ? call.host[op.hostInputs.indexOf(i)] : positions.includes(i) ? handles.read(x) : described(x),
    );
    return chain(all(known), (operands) => {
      const outputs = outputsOf(op, operands, call.attrs);
      const launches =
        reaches(rule, op, operands, outputs) && inRange(operands, outputs, call.attrs)
          ? planned(rule, operands, outputs, call.attrs)
          : undefined;
      if (launches === undefined) return hostKernel(op, handles)(inputs, call);
      return chain(all(launches.map((l, i) => (l === undefined ? empty(outputs[i]) : run(l, outputs[i])))), (ys) =>
        ys.map((y, i) => (isResident(y) ? handles.place(outputs[i].dtype, outputs[i].shape, y) : handles.hold(y))),
      );
    });

    function run(launch: Launch, { shape }: Result): MaybePromise<Resident> {
      return handles.launch(launch, device, sizeOf(shape));
    }
  };

const empty = ({ dtype, shape }: Result): HostTensor => ({ dtype, shape, data: allocate(dtype, 0) });
const isResident = (y: Resident | HostTensor): y is Resident => 'argument' in y;

/** Whether the rule computes these dtypes. */
export function reaches(
  { positions = [], rounded = [], exactIntegers = false }: Rule,
  op: Op,
  operands: readonly Result[],
  outputs: readonly Result[],
): boolean {
  const elements = operands.filter((_, i) => ![...op.hostInputs, ...positions, ...rounded].includes(i));
  return [...elements, ...(exactIntegers ? [] : outputs)].every(({ dtype }) => dtype === 'float32' || dtype === 'bool');
}

/** The launches, `undefined` in place of those whose result is empty; none at all when one reads an empty input. */
function planned(
  { plan }: Rule,
  operands: readonly HostTensor[],
  outputs: readonly Result[],
  attrs: unknown,
): readonly (Launch | undefined)[] | undefined {
  const isEmpty = outputs.map(({ shape }) => sizeOf(shape) === 0);
  if (!isEmpty.includes(false)) return outputs.map(() => undefined);
  const launches = plan(operands, outputs, attrs).map((l, i) => (isEmpty[i] ? undefined : l));
  const sources = launches.flatMap((l) => Object.values(l?.arrays ?? {}));
  return sources.every((source) => isWhole(source, operands)) ? launches : undefined;
}

/** Whether there is something to read. */
function isWhole(source: Source, operands: readonly HostTensor[]): boolean {
  if (typeof source === 'number') return sizeOf(operands[source].shape) > 0;
  if (source instanceof Float32Array) return source.length > 0;
  return Object.values(source.launch.arrays).every((s) => isWhole(s, operands));
}
