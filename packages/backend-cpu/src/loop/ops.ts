import {
  type AttrsOf,
  type DType,
  type Family,
  type Op,
  create,
  elementwise,
  matrix,
  mixed,
  reduce,
  sameShape,
  shape as shapes,
} from '@tensorloom/graph';
import type { StaticStep, StaticTensor } from '@tensorloom/runtime';
import { elementSize } from '../element-size.js';
import { definitions } from '../emit/definitions.js';
import { add, cast, select } from '../emit/expression.js';
import { planReduction } from '../kernels/reduce.js';
import { rowMajor, strideAlong } from './axes.js';
import type { Planner } from './planner.js';
import { type KernelName, Unsupported, type View, float, int, rows } from './program.js';

/** How a compiled loop does an op. */
export interface LoopOp {
  /**
   * Whether the outputs consist of rows, each computed from that row of the inputs that do: those in `batched`. `null` when rows
   * depend on each other.
   */
  rows(step: StaticStep, values: readonly StaticTensor[], batched: ReadonlySet<number>): boolean | null;
  /** Adds the calls that compute the outputs, or says where they lie. */
  plan(step: StaticStep, planner: Planner): void;
}

type Step<A> = StaticStep & { readonly attrs: A };

/** An entry of the table. Steps of an op have its attributes. */
function entry<A>(
  op: Op<A>,
  rowsOf: (step: Step<A>, values: readonly StaticTensor[], batched: ReadonlySet<number>) => boolean | null,
  plan: (step: Step<A>, planner: Planner) => void,
): [Op, LoopOp] {
  const of = (step: StaticStep): step is Step<A> => step.op === op;
  return [
    op,
    {
      rows: (step, values, batched) => (of(step) ? rowsOf(step, values, batched) : null),
      plan: (step, planner) => {
        if (of(step)) plan(step, planner);
      },
    },
  ];
}

const anyBatched = ({ inputs }: StaticStep, batched: ReadonlySet<number>): boolean =>
  inputs.some((v) => batched.has(v));

/** Rows of the result are those of the inputs, which other inputs broadcast to. */
function rowByRow(step: StaticStep, values: readonly StaticTensor[], batched: ReadonlySet<number>): boolean | null {
  const { shape } = values[step.outputs[0]];
  const aligned = step.inputs
    .filter((v) => batched.has(v))
    .every((v) => values[v].shape.length === shape.length && values[v].shape[0] === shape[0]);
  return aligned ? anyBatched(step, batched) : null;
}

/** Rows stay rows as long as an op leaves the first axis alone. */
const unlessFirst =
  <A>(touchesFirst: (step: Step<A>, values: readonly StaticTensor[]) => boolean) =>
  (step: Step<A>, values: readonly StaticTensor[], batched: ReadonlySet<number>): boolean | null => {
    if (!anyBatched(step, batched)) return false;
    return touchesFirst(step, values) ? null : true;
  };

/** Ops that may have no result for some int32 operands, which a loop could not report. */
const checked: ReadonlySet<Op> = new Set([elementwise.floorDiv, elementwise.floorMod, elementwise.pow]);
const family: Family = elementwise;

const elementwiseEntries = Object.entries(definitions).map(([key, define]): [Op, LoopOp] => {
  const op = family[key];
  return [
    op,
    {
      rows: rowByRow,
      plan: (step, planner) => {
        if (checked.has(op) && planner.type(step.inputs[0]).dtype === 'int32') throw new Unsupported(op.name);
        planner.elementwise(step, define);
      },
    },
  ];
});

/** The result is the first input, seen with other strides. */
function seen(
  { inputs: [x], outputs: [y] }: StaticStep,
  planner: Planner,
  by: (view: View) => Pick<View, 'strides'> & Partial<View>,
): void {
  const view = planner.view(x);
  planner.define(y, { ...view, ...by(view) });
}

/** The first input's elements in order, in another shape. */
function reshaped({ inputs: [x], outputs: [y] }: StaticStep, planner: Planner): void {
  planner.define(y, { ...planner.dense(x), strides: rowMajor(planner.type(y).shape, planner.sizeOf(x)) });
}

/** The parts of a result that its inputs are, along an axis: `lengths` of them. */
function parts(target: View, lengths: readonly number[], axis: number): View[] {
  let from = 0;
  return lengths.map((length) => {
    const offset = target.offset + from * target.strides[axis];
    from += length;
    return { ...target, offset };
  });
}

/** Where each input of a concat or pack lies in the result. */
export function partsOf(step: StaticStep, target: View, planner: Pick<Planner, 'type'>): View[] | undefined {
  if (isStep(shapes.concat, step)) {
    const { axis } = step.attrs;
    return parts(
      target,
      step.inputs.map((v) => planner.type(v).shape[axis]),
      axis,
    );
  }
  if (!isStep(shapes.pack, step)) return undefined;
  const { axis } = step.attrs;
  const whole = parts(
    target,
    step.inputs.map(() => 1),
    axis,
  );
  return whole.map((v) => ({ ...v, strides: v.strides.filter((_, i) => i !== axis) }));
}

const isStep = <A>(op: Op<A>, step: StaticStep): step is Step<A> => step.op === op;

function joined(step: StaticStep, planner: Planner): void {
  const [out] = step.outputs;
  const target = planner.wanted(out) ?? planner.allocate(planner.type(out), planner.isBatched(out));
  const isBatched = planner.isBatched(out);
  partsOf(step, target, planner)?.forEach((part, i) => {
    const v = step.inputs[i];
    const view = planner.view(v);
    const isThere = view.pointer === part.pointer && view.offset === part.offset;
    if (!isThere) planner.copy(view, part, planner.type(v), isBatched);
  });
  planner.define(out, target);
}

const capital = (dtype: DType): 'Float32' | 'Float64' | 'Int32' | 'Bool' =>
  (({ float32: 'Float32', float64: 'Float64', int32: 'Int32', bool: 'Bool' }) as const)[dtype];

/** Reduces axes by one pass of a kernel. */
function reduced(
  { inputs: [x], outputs: [y] }: StaticStep,
  planner: Planner,
  name: 'sum' | 'prod' | 'max' | 'min',
  isReduced: (axis: number) => boolean,
  mean = false,
): void {
  const type = planner.type(x);
  const { dtype } = type;
  const { shape } = planner.type(y);
  const isBatched = planner.isBatched(y);
  const plan = planReduction(type, isReduced, shape);
  if (plan.passes.length === 0) {
    reshaped({ op: reduce.sum, attrs: {}, inputs: [x], host: [], outputs: [y] }, planner);
    return;
  }
  if (plan.passes.length > 1 || plan.count === 0) throw new Unsupported('a reduction of axes apart');
  if (dtype === 'bool' && (name === 'sum' || name === 'prod')) throw new Unsupported(name);
  if (mean && dtype === 'int32') throw new Unsupported('mean');
  const [{ outer, reduced: count, inner }] = plan.passes;
  const from = planner.dense(x);
  const target = planner.wanted(y);
  const to =
    target !== undefined && planner.isDense(y, target)
      ? planner.target(y)
      : planner.allocate(planner.type(y), isBatched);
  const outerRows = isBatched ? rows(outer / shape[0]) : int(outer);
  const divides = name === 'sum' && (dtype === 'float32' || dtype === 'float64');
  // The pass exists: bool has max and min only.
  const kernel = `${name}${capital(dtype)}` as KernelName;
  planner.call(
    kernel,
    planner.address(from, isBatched),
    planner.address(to, isBatched),
    outerRows,
    int(count),
    int(inner),
    ...(divides ? [float(mean ? plan.count : 1)] : []),
  );
  planner.define(y, to);
}

const reduction = (
  op: Op<AttrsOf<typeof reduce.sum>>,
  name: 'sum' | 'prod' | 'max' | 'min',
  mean = false,
): [Op, LoopOp] =>
  entry(
    op,
    unlessFirst(({ attrs: { axes } }) => axes === null || axes.includes(0)),
    (step, planner) => {
      const { axes } = step.attrs;
      reduced(step, planner, name, (axis) => axes === null || axes.includes(axis), mean);
    },
  );

function product(step: Step<AttrsOf<typeof matrix.matmul>>, planner: Planner): void {
  const {
    inputs: [a, b],
    outputs: [c],
    attrs: { transposeA, transposeB },
  } = step;
  const { dtype } = planner.type(a);
  if (dtype === 'bool') throw new Unsupported('MatMul');
  const size = elementSize(dtype);
  const operand = (v: number): View => {
    const view = planner.view(v);
    return view.strides.includes(size) ? view : planner.dense(v);
  };
  const [left, right] = [operand(a), operand(b)];
  const elements = ({ strides: [r, k] }: View, transposed: boolean): number[] =>
    (transposed ? [k, r] : [r, k]).map((s) => s / size);
  const [m, n] = planner.type(c).shape;
  const k = planner.type(a).shape[transposeA ? 0 : 1];
  const isBatched = planner.isBatched(c);
  planner.work += 2 * m * n * k;
  const leftAt = [planner.address(left, isBatched), ...elements(left, transposeA).map(int)];
  const lengths = [isBatched ? rows() : int(m), int(n), int(k)];
  const [row, column] = elements(right, transposeB);
  const wanted = planner.wanted(c);
  const isPacked = dtype === 'float32' && planner.loop.consts.includes(b);
  const fits = wanted !== undefined && (isPacked ? n === 1 || wanted.strides[1] === size : planner.isDense(c, wanted));
  const to = fits ? planner.target(c) : planner.allocate(planner.type(c), isBatched);
  const target = planner.address(to, isBatched);
  if (dtype === 'float32') {
    const scratch = planner.scratch(planner.cpu.wasm.matmulScratch(m, n, k));
    if (isPacked) {
      const packed = planner.packed(b, row, column, n, k);
      planner.call('matmulPacked', ...leftAt, packed, target, int(to.strides[0] / size), ...lengths, scratch);
    } else {
      const rightAt = [planner.address(right, false), int(row), int(column)];
      planner.call('matmulFloat32', ...leftAt, ...rightAt, target, ...lengths, scratch);
    }
  } else {
    const rightAt = [planner.address(right, false), int(row), int(column)];
    const kernel = dtype === 'float64' ? 'matmulFloat64' : 'matmulInt32';
    planner.call(kernel, ...leftAt, ...rightAt, target, ...lengths);
  }
  planner.define(c, to);
}

/** The ops that a compiled loop can do. */
export const loopOps: ReadonlyMap<Op, LoopOp> = new Map([
  ...elementwiseEntries,
  entry(mixed.select, rowByRow, (step, planner) => planner.elementwise(step, select)),
  entry(mixed.cast, rowByRow, (step, planner) => planner.elementwise(step, (x) => cast(x, step.attrs.to))),
  entry(matrix.biasAdd, rowByRow, (step, planner) => planner.elementwise(step, add)),
  entry(
    matrix.matmul,
    ({ inputs: [a, b], attrs }, _, batched) => {
      if (batched.has(b) || (batched.has(a) && attrs.transposeA)) return null;
      return batched.has(a);
    },
    product,
  ),
  reduction(reduce.sum, 'sum'),
  reduction(reduce.mean, 'sum', true),
  reduction(reduce.prod, 'prod'),
  reduction(reduce.max, 'max'),
  reduction(reduce.min, 'min'),
  reduction(reduce.all, 'min'),
  reduction(reduce.any, 'max'),
  entry(
    shapes.reshape,
    unlessFirst(({ inputs: [x], outputs: [y] }, values) => values[x].shape[0] !== values[y].shape[0]),
    reshaped,
  ),
  entry(
    shapes.expandDims,
    unlessFirst(({ attrs }) => attrs.axes.includes(0)),
    (step, planner) => {
      const { attrs, outputs } = step;
      let next = 0;
      const { shape } = planner.type(outputs[0]);
      seen(step, planner, ({ strides }) => ({
        strides: shape.map((_, axis) => (attrs.axes.includes(axis) ? 0 : strides[next++])),
      }));
    },
  ),
  entry(
    shapes.squeeze,
    unlessFirst(({ attrs }) => attrs.axes.includes(0)),
    (step, planner) => {
      const { axes } = step.attrs;
      seen(step, planner, ({ strides }) => ({ strides: strides.filter((_, axis) => !axes.includes(axis)) }));
    },
  ),
  entry(
    shapes.transpose,
    unlessFirst(({ attrs }) => attrs.perm[0] !== 0),
    (step, planner) => {
      const { perm } = step.attrs;
      seen(step, planner, ({ strides }) => ({ strides: perm.map((p) => strides[p]) }));
    },
  ),
  entry(shapes.broadcastTo, rowByRow, (step, planner) => {
    const from = planner.type(step.inputs[0]).shape;
    const to = planner.type(step.outputs[0]).shape;
    seen(step, planner, ({ strides }) => ({ strides: strideAlong(to, from, strides) }));
  }),
  entry(
    shapes.sumTo,
    unlessFirst(
      ({ inputs: [x], outputs: [y] }, values) =>
        values[x].shape[0] !== values[y].shape[0] || values[x].shape.length !== values[y].shape.length,
    ),
    (step, planner) => {
      const [from, to] = [step.inputs[0], step.outputs[0]].map((v) => planner.type(v).shape);
      if (sameShape(from, to)) {
        seen(step, planner, ({ strides }) => ({ strides }));
        return;
      }
      const missing = from.length - to.length;
      reduced(step, planner, 'sum', (axis) => axis < missing || (to[axis - missing] === 1 && from[axis] !== 1));
    },
  ),
  entry(
    shapes.split,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    ({ inputs: [x], outputs, attrs: { axis } }, planner) => {
      const view = planner.view(x);
      const lengths = outputs.map((v) => planner.type(v).shape[axis]);
      parts(view, lengths, axis).forEach((part, i) => planner.define(outputs[i], part));
    },
  ),
  entry(
    shapes.unpack,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    ({ inputs: [x], outputs, attrs: { axis } }, planner) => {
      const view = planner.view(x);
      const lengths = outputs.map(() => 1);
      const strides = view.strides.filter((_, i) => i !== axis);
      parts(view, lengths, axis).forEach((part, i) => planner.define(outputs[i], { ...part, strides }));
    },
  ),
  entry(
    shapes.slice,
    unlessFirst(({ inputs: [x], outputs: [y] }, values) => values[x].shape[0] !== values[y].shape[0]),
    (step, planner) => {
      const [begin] = step.host;
      seen(step, planner, ({ offset, strides }) => ({
        strides,
        offset: strides.reduce((sum, s, axis) => sum + s * begin.data[axis], offset),
      }));
    },
  ),
  entry(
    shapes.concat,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    joined,
  ),
  entry(
    shapes.pack,
    unlessFirst(({ attrs }) => attrs.axis === 0),
    joined,
  ),
  entry(
    create.fill,
    () => false,
    (step, planner) => {
      const { shape } = planner.type(step.outputs[0]);
      seen(step, planner, () => ({ strides: shape.map(() => 0) }));
    },
  ),
]);
