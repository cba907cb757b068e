import { gradients } from '@tensorloom/autodiff';
import {
  type DType,
  NDArray,
  type Node,
  type Tensor,
  Variable,
  add,
  apply,
  apply1,
  asTensors,
  assign,
  assignAdd,
  assignSub,
  broadcastShapes,
  cast,
  cond,
  constant,
  controlDependencies,
  isFloating,
  less,
  mod,
  mul,
  placeholder,
  randomNormal,
  randomUniform,
  reduceSum,
  scan,
  setRandomSeed,
  sizeOf,
  truncatedNormal,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import {
  type AssignStep,
  type ControlStep,
  type ElementwiseStep,
  type GraphDescription,
  type Pick,
  type RandomStep,
  type SampledStep,
  type Step,
  isData,
  shapesOf,
} from './description.js';
import {
  type Value,
  decides,
  elementwiseBound,
  fitted,
  isExact,
  pinned,
  prepared,
  settled,
  squashed,
} from './values.js';

/** What a random graph computes, and what it is fed. */
export interface BuiltGraph {
  readonly feeds: readonly (readonly [Tensor, NDArray])[];
  /** Results of all steps, new values of variables, and gradients. */
  readonly fetches: readonly Tensor[];
  readonly initializers: readonly Node[];
  readonly variables: readonly Variable[];
}

/** More elements than this are fetched, but not computed with. */
const LARGEST = 64;

/** Adds the graph of a description to the current one. */
export function buildGraph({ inputs, steps, graphSeed, order }: GraphDescription): BuiltGraph {
  setRandomSeed(graphSeed);
  // Fed with 1: a length that is multiplied by it only a run knows.
  const one = placeholder('int32', [], { name: 'one' });
  const feeds: [Tensor, NDArray][] = [];
  const leaves = inputs.map(({ value, open }, i): Value => {
    const shape = value.shape.map((d, axis) => (open.includes(axis) ? null : d));
    const tensor = placeholder(value.dtype, shape, { name: `input${i}` });
    feeds.push([tensor, value]);
    return { tensor, shape: value.shape, exact: true, bound: 3 };
  });
  const builder = new Builder(leaves, one);
  builder.addAll(steps);
  const { made, variables, writes } = builder;
  const xs = [...leaves.map((v) => v.tensor).filter(isFloat), ...variables];
  const fetches = [...made.map((v) => v.tensor), ...writes];
  for (
    let n = 0,
      ys = made
        .map((v) => v.tensor)
        .filter(isFloat)
        .slice(-4);
    n < order && ys.length > 0;
    n++
  ) {
    ys = gradients(scalar(ys), xs).filter((g) => g !== null);
    fetches.push(...ys);
  }
  return {
    feeds: [[one, new NDArray('int32', [], Int32Array.of(1))], ...feeds],
    fetches,
    initializers: variables.map((v) => v.initializer),
    variables,
  };
}

const isFloat = (t: Tensor): boolean => isFloating(t.dtype);

/** A number that depends on every element of `ys`, and on none too much. */
const scalar = (ys: readonly Tensor[]): Tensor =>
  ys.map((y) => cast(reduceSum(squashed(y)), 'float32')).reduce((a, b) => add(a, b));

/** Builds one list of steps: that of the graph, or of a body in it. */
class Builder {
  /** What the steps of this list made, in order. */
  readonly made: Value[] = [];
  readonly variables: Variable[] = [];
  readonly writes: Tensor[] = [];
  /** The last write and the reads since, per variable: what the next write waits for. */
  readonly #last = new Map<Variable, readonly Tensor[]>();
  readonly #repeatable: (() => readonly Value[])[] = [];

  /** `around` are the values that the steps may read, the oldest first. */
  constructor(
    readonly around: readonly Value[],
    readonly one: Tensor,
  ) {}

  addAll(steps: readonly Step[]): void {
    for (const s of steps) this.made.push(...this.#add(s));
  }

  #add(s: Step): readonly Value[] {
    switch (s.kind) {
      case 'elementwise':
        return this.#repeatably(this.#elementwise(s));
      case 'sampled':
        return this.#repeatably(this.#sampled(s));
      case 'random':
        return this.#repeatably(() => [draw(s)]);
      case 'repeat': {
        const known = this.#repeatable;
        return known.length === 0 ? [] : known[known.length - 1 - (s.pick % known.length)]();
      }
      case 'variable': {
        const v = variable(constant(s.initial));
        this.variables.push(v);
        return [{ tensor: v.value(), shape: s.initial.shape, exact: false, bound: 100 }];
      }
      case 'assign':
        return this.#assign(s);
      case 'cond':
        return [this.#cond(s)];
      case 'while':
        return [this.#while(s)];
      case 'scan':
        return [this.#scan(s)];
    }
  }

  /** A step as the function that makes it, which may be called again. */
  #repeatably(make: () => readonly Value[]): readonly Value[] {
    this.#repeatable.push(make);
    return make();
  }

  #elementwise({ op, dtype, picks }: ElementwiseStep): () => readonly Value[] {
    const to = op.infer(
      picks.slice(0, op.scalar.length).map(() => ({ spec: { kind: 'tensor', dtype, shape: [] }, value: undefined })),
      {},
    )[0].dtype;
    const operands: Value[] = [];
    let shape: readonly number[] = [];
    for (const pick of picks.slice(0, op.scalar.length)) {
      const v = this.#pick(pick, dtype, (x) => {
        const all = operands.length === 0 ? x.shape : broadcast(shape, x.shape);
        return all !== null && sizeOf(all) <= LARGEST && (x.exact || !decides(op, to));
      });
      shape = operands.length === 0 ? v.shape : (broadcast(shape, v.shape) ?? shape);
      operands.push(v);
    }
    return () => {
      const ready = operands.map((v, i) => prepared(op, v, i));
      const bound = elementwiseBound(op, ready);
      const tensor = apply1(
        op,
        ready.map((v) => v.tensor),
        {},
      );
      return [{ tensor, shape, exact: isExact(op, ready, to), bound }];
    };
  }

  #sampled(s: SampledStep): () => readonly Value[] {
    const { op, sample, picks, open } = s;
    const shapes = shapesOf(op, sample);
    const to = resultDTypes(s);
    const picked = sample.inputs.map((x, i) =>
      isData(s, i)
        ? this.#pick(picks[i % picks.length], x.dtype, (v) => v.exact || !to.some((d) => decides(op, d)))
        : null,
    );
    const axes = new Set(open);
    return () => {
      const operands = sample.inputs.map((x, i): Value => {
        const v = picked[i];
        if (v !== null) return fitted(prepared(op, v, i), x.shape, axes, this.one);
        const literal = constant(x);
        const onHost = op.hostInputs.includes(i);
        const isOpen = onHost && open.length > 0 && x.dtype === 'int32';
        return {
          tensor: isOpen ? mul(literal, this.one) : literal,
          shape: x.shape,
          exact: true,
          bound: onHost ? 1 : 3,
        };
      });
      const bound = Math.max(...operands.map((v) => v.bound));
      const grown = operands.reduce((b, v) => b * Math.max(1, v.bound), 1) * Math.max(1, ...operands.map(sizeOfValue));
      const node = apply(
        op,
        operands.map((v) => v.tensor),
        sample.attrs,
      );
      return asTensors(node.outputs).map((tensor, k) => ({
        tensor,
        shape: shapes[k],
        exact: isExact(op, operands, tensor.dtype),
        bound: op.layout ? bound : grown,
      }));
    };
  }

  /** Writes come one after the other, and each read sees one of them: nothing is left to the order of the run. */
  #assign({ how, variable: which, pick }: AssignStep): readonly Value[] {
    if (this.variables.length === 0) return [];
    const v = this.variables[which % this.variables.length];
    const x = pinned(settled(this.#pick(pick, 'float32')), v.shape);
    const write = controlDependencies(this.#last.get(v) ?? [], () => ({ assign, assignAdd, assignSub })[how](v, x));
    const read = controlDependencies([write], () => v.readValue());
    this.#last.set(v, [write, read]);
    this.writes.push(write);
    return [{ tensor: read, shape: v.shape, exact: false, bound: 100 }];
  }

  #cond({ shape, picks, bodies: [then, otherwise] }: ControlStep): Value {
    const pred = pinned(this.#pick(picks[0], 'bool'), []);
    const tensor = cond(
      pred,
      () => this.#body(then, [], shape),
      () => this.#body(otherwise, [], shape),
    );
    return { tensor, shape, exact: false, bound: 4 };
  }

  #while({ shape, picks, bodies: [body] }: ControlStep): Value {
    const trips = mod(pinned(this.#pick(picks[0], 'int32'), []), 4);
    const start = this.#float(picks[1], shape);
    const [, tensor] = whileLoop(
      (i) => less(i, trips),
      (i, h) => {
        const counter: Value = { tensor: i, shape: [], exact: true, bound: 4 };
        return [add(i, 1), this.#body(body, [counter, { ...start, tensor: h, exact: false }], shape)];
      },
      [constant(0, { dtype: 'int32' }), start.tensor],
    );
    return { tensor, shape, exact: false, bound: 4 };
  }

  #scan({ shape, row, length, reverse, picks, bodies: [body] }: ControlStep): Value {
    const xs = this.#float(picks[0], [length, ...row]);
    const start = this.#float(picks[1], shape);
    const tensor = scan(
      (h, x) => {
        const rows: Value = { ...xs, tensor: x, shape: row, exact: false };
        return this.#body(body, [rows, { ...start, tensor: h, exact: false }], shape);
      },
      xs.tensor,
      { initializer: start.tensor, reverse },
    );
    return { tensor, shape: [length, ...shape], exact: false, bound: 4 };
  }

  /** A float of the given shape, tame. */
  #float(pick: Pick, shape: readonly number[]): Value {
    return fitted(settled(this.#pick(pick, 'float32')), shape, new Set(), this.one);
  }

  /** Builds a body that may read all values so far and `args`; its result is the last float in it. */
  #body(steps: readonly Step[], args: readonly Value[], shape: readonly number[]): Tensor {
    const inner = new Builder([...this.around, ...this.made, ...args], this.one);
    inner.addAll(steps);
    return pinned(settled(inner.#pick(0, 'float32')), shape);
  }

  /** One of the values of a dtype that hold elements; the leaves are always among them. */
  #pick(pick: Pick, dtype: DType, accept: (v: Value) => boolean = () => true): Value {
    const all = [...this.around, ...this.made].filter(
      (v) => v.tensor.dtype === dtype && sizeOf(v.shape) > 0 && sizeOf(v.shape) <= LARGEST && accept(v),
    );
    if (all.length === 0) throw new Error(`random graph: no ${dtype} to choose from.`);
    return all[all.length - 1 - (pick % all.length)];
  }
}

const sizeOfValue = (v: Value): number => sizeOf(v.shape);

/** The shape that two broadcast to; `null` when they do not. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] | null {
  const shape = broadcastShapes(a, b);
  return shape == null ? null : shape.map(Number);
}

/** The dtypes of what the op makes of a sample. */
function resultDTypes({ op, sample }: SampledStep): readonly DType[] {
  const views = sample.inputs.map((x, i) => ({
    spec: { kind: 'tensor' as const, dtype: x.dtype, shape: x.shape },
    value: op.hostInputs.includes(i) ? Array.from(x.data) : undefined,
  }));
  return op.infer(views, sample.attrs).map((spec) => spec.dtype);
}

/** Random numbers are the same bits on every backend. */
function draw({ distribution, shape, seed }: RandomStep): Value {
  const named = { seed };
  switch (distribution) {
    case 'uniform':
      return { tensor: randomUniform(shape, named), shape, exact: true, bound: 1 };
    case 'uniformInt':
      return {
        tensor: randomUniform(shape, { ...named, dtype: 'int32', minval: -5, maxval: 6 }),
        shape,
        exact: true,
        bound: 5,
      };
    case 'normal':
      return { tensor: randomNormal(shape, named), shape, exact: true, bound: 6 };
    case 'truncatedNormal':
      return { tensor: truncatedNormal(shape, named), shape, exact: true, bound: 2 };
  }
}
