import {
  type DType,
  type Node,
  type Op,
  elementwise,
  makeOp,
  matrix,
  mixed,
  tensorSpec,
  tensorInput,
} from '@tensorloom/graph';
import type { ElementwiseRegion, RegionStep } from '../backend.js';
import type { Device, Devices } from './device.js';
import type { IrFunction, IrNode, IrValue } from './ir.js';
import { type Places, isOnDevice } from './place.js';

/** Attributes of a fused region: what it computes, and the node that each of its steps came from. */
export interface FusedAttrs {
  readonly region: ElementwiseRegion;
  readonly origins: readonly Node[];
}

/** Elementwise ops that run as one kernel, over operands that broadcast together. */
export const fused = makeOp<FusedAttrs>({
  name: 'Fused',
  infer(inputs, { region: { steps }, origins }) {
    const specs = inputs.map((x) => tensorInput('Fused', x));
    for (const [i, { operands }] of steps.entries()) {
      const given = operands.map((k) => ({ spec: specs[k], value: undefined }));
      const [spec] = origins[i].op.infer(given, origins[i].attrs);
      specs.push(spec.kind === 'tensor' ? spec : tensorSpec(spec.dtype, undefined));
    }
    return [specs[specs.length - 1]];
  },
  show: ({ region: { steps } }) => steps.map(({ op }) => op.name).join(' '),
});

/** The op that a region has for one of the graph's: a bias along the last axis is added as any operand is. */
const regionOps: ReadonlyMap<Op, Op> = new Map<Op, Op>([
  ...Object.values(elementwise).map((op): [Op, Op] => [op, op]),
  ...Object.values(mixed).map((op: Op): [Op, Op] => [op, op]),
  [matrix.biasAdd, elementwise.add],
]);

/** Larger regions have more operands than a device passes to a kernel, or more text than compiles quickly. */
const MOST_INPUTS = 8;
const MOST_STEPS = 32;

/** Ops that become one; the last of them is what they compute together. */
interface Region {
  readonly root: IrNode;
  readonly device: Device;
  /** From the last to the first. */
  readonly nodes: IrNode[];
  inputs: Set<IrValue>;
}

/**
 * Makes one kernel of elementwise ops that only each other read, on devices that fuse: one pass over memory instead of one for each.
 * Only ops whose results have the same static shape are joined, so that nothing small is computed once per element of something large.
 */
export function fuse(f: IrFunction, places: Places, devices: Devices): IrFunction {
  const nodes = f.nodes.map((n) =>
    n.bodies.length === 0 ? n : { ...n, bodies: n.bodies.map((b) => fuse(b, places, devices)) },
  );
  const users = new Map<IrValue, IrNode[]>();
  for (const n of nodes) for (const v of n.inputs) users.set(v, [...(users.get(v) ?? []), n]);
  const results = new Set(f.results);
  const regions = new Map<IrNode, Region>();
  for (const n of [...nodes].reverse()) {
    const device = deviceOf(n, places, devices);
    if (device === undefined) continue;
    const [first, ...others] = results.has(n.outputs[0])
      ? []
      : (users.get(n.outputs[0]) ?? []).map((u) => regions.get(u));
    const region = first !== undefined && others.every((r) => r === first) ? first : undefined;
    if (region === undefined || !joins(n, device, region)) {
      regions.set(n, { root: n, device, nodes: [n], inputs: new Set(n.inputs) });
      continue;
    }
    region.nodes.push(n);
    region.inputs = inputsWith(n, region);
    regions.set(n, region);
  }
  return {
    ...f,
    nodes: nodes.flatMap((n) => {
      const region = regions.get(n);
      if (region === undefined || region.nodes.length === 1) return [n];
      return n === region.root ? [nodeOf(region)] : [];
    }),
  };
}

/** The device on which an op may be fused, if it may. */
function deviceOf(n: IrNode, places: Places, devices: Devices): Device | undefined {
  if (!regionOps.has(n.op) || n.awaited === true) return undefined;
  const place = places.get(n.outputs[0]);
  const floats = [...n.inputs, ...n.outputs].every(({ spec }) => spec.kind === 'tensor' && spec.dtype !== 'int32');
  return floats && place !== undefined && isOnDevice(place) && devices.fuses(place) ? place : undefined;
}

const joins = (n: IrNode, device: Device, region: Region): boolean =>
  device === region.device &&
  sameStaticShape(n.outputs[0], region.root.outputs[0]) &&
  region.nodes.length < MOST_STEPS &&
  inputsWith(n, region).size <= MOST_INPUTS;

const inputsWith = (n: IrNode, { inputs }: Region): Set<IrValue> =>
  new Set([...inputs].filter((v) => v !== n.outputs[0]).concat(n.inputs));

function sameStaticShape({ spec: a }: IrValue, { spec: b }: IrValue): boolean {
  if (a.kind === 'list' || b.kind === 'list' || a.shape === undefined || b.shape === undefined) return false;
  return a.shape.length === b.shape.length && a.shape.every((d, i) => d === b.shape?.[i]);
}

function nodeOf({ root, nodes, inputs: all }: Region): IrNode<FusedAttrs> {
  const inputs = [...all];
  const at = new Map(inputs.map((v, i) => [v, i]));
  const steps: RegionStep[] = [];
  const ordered = [...nodes].reverse();
  for (const n of ordered) {
    const operands = n.inputs.map((v) => {
      const k = at.get(v);
      if (k === undefined) throw new Error(`fuse: '${v.origin.name}' is no operand of the region.`);
      return k;
    });
    const [{ spec }] = n.outputs;
    steps.push({ op: regionOps.get(n.op) ?? n.op, attrs: n.attrs, operands, dtype: spec.dtype });
    at.set(n.outputs[0], inputs.length + steps.length - 1);
  }
  const dtypes = inputs.map((v): DType => v.spec.dtype);
  return {
    op: fused,
    attrs: { region: { inputs: dtypes, steps }, origins: ordered.map((n) => n.origin) },
    inputs,
    outputs: root.outputs,
    bodies: [],
    origin: root.origin,
  };
}
