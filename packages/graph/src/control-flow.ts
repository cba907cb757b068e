import { apply, defaultGraph } from './context.js';
import type { Dim, Shape } from './shape.js';
import { type Spec, isNarrower, showSpec, tensorSpec } from './spec.js';
import { type Nested, flatten, packLike, showStructure } from './structure.js';
import { type Edge, List, Tensor, asTensors, isTensor } from './tensor.js';
import { type Traced, close, trace } from './trace.js';
import { control, loop, rowSpec, tripsOf } from './ops/control.js';
import { type TensorLike, isVariable, toInts, toTensor } from './ops/convert.js';
import { listStack } from './ops/list.js';
import { dimOf } from './ops/shape.js';
import type { Variable } from './variable.js';
import { isHostValue } from './ndarray.js';

/** Tensors in arrays and plain objects, nested. */
export type Structure = Nested<Tensor>;

/** What a structure of operands becomes: tensors. */
export type Tensors<S> = S extends Tensor | Variable | number | boolean
  ? Tensor
  : S extends readonly unknown[]
    ? { -readonly [K in keyof S]: Tensors<S[K]> }
    : S extends ArrayBufferView
      ? Tensor
      : S extends object
        ? { -readonly [K in keyof S]: Tensors<S[K]> }
        : never;

const isOperand = (x: unknown): x is TensorLike =>
  isTensor(x) || isVariable(x) || (isHostValue(x) && !Array.isArray(x));
const flat = (s: unknown, what: string): Tensor[] =>
  flatten(s, isOperand, what).map((x) => toTensor(x, undefined, what));
const pack = <S>(like: S, leaves: readonly Tensor[]): Tensors<S> => packLike(like, leaves, isOperand) as Tensors<S>;

/** How the iterations of a `whileLoop` run. */
export interface WhileOptions {
  /** Shapes, structured like the loop variables, with `null` where a dimension may change from one iteration to the next. */
  readonly shapeInvariants?: unknown;
  /** Stop after this many iterations even when the condition still holds. */
  readonly maximumIterations?: TensorLike;
  /** Accepted for TensorFlow's sake; iterations run one after the other. */
  readonly parallelIterations?: number;
  readonly name?: string;
}

/** The loop variables as arguments. */
type TensorArguments<S extends readonly unknown[]> = { [K in keyof S]: Tensors<S[K]> };
type Callback = (...vars: never[]) => unknown;

/**
 * Repeats `body` while `cond` holds. Both get the loop variables as arguments (one each for an array, else the structure) and
 * are called once, to build the graph; `body` returns new values in the same structure. Returns the final values. Throws a
 * `GraphError` when a variable changes shape or dtype. TensorFlow: `tf.while_loop`.
 */
export function whileLoop<S extends readonly unknown[]>(
  cond: (...vars: TensorArguments<S>) => TensorLike,
  body: (...vars: TensorArguments<S>) => unknown,
  loopVars: readonly [...S],
  options?: WhileOptions,
): Tensors<S>;
export function whileLoop<S extends object>(
  cond: (vars: Tensors<S>) => TensorLike,
  body: (vars: Tensors<S>) => unknown,
  loopVars: S,
  options?: WhileOptions,
): Tensors<S>;
export function whileLoop(
  cond: Callback,
  body: Callback,
  loopVars: unknown,
  { shapeInvariants, maximumIterations, name = 'while' }: WhileOptions = {},
): unknown {
  const graph = defaultGraph();
  const init = flat(loopVars, 'whileLoop: loopVars');
  const specs = invariants(init, shapeInvariants);
  const call = (f: Callback, args: readonly Edge[]): unknown => {
    const vars: unknown = pack(loopVars, asTensors(args));
    return Array.isArray(loopVars) ? f(...(vars as never[])) : f(vars as never);
  };
  return graph.names.within(name, () => {
    const params = specs.map((spec, i) => ({ spec, name: `var_${i}` }));
    const c = trace(graph, params, (args) => flat(call(cond, args), 'whileLoop: cond'));
    const b = trace(graph, params, (args) => sameStructure(loopVars, call(body, args)));
    const captures = [...new Set([...c.captures.keys(), ...b.captures.keys()])];
    const limit = maximumIterations === undefined ? [] : [toInts(maximumIterations, 'whileLoop')];
    const node = loop(
      {
        body: close(b, captures),
        cond: close(c, captures),
        consts: captures.length,
        carry: init.length,
        counted: limit.length > 0,
        reverse: false,
        saved: [],
        widens: null,
        names: init.map((t) => t.name),
      },
      [...captures, ...init, ...limit],
    );
    return pack(loopVars, asTensors(node.outputs.slice(0, init.length)));
  });
}

function sameStructure(like: unknown, result: unknown): Tensor[] {
  // A body of one variable may return it bare.
  const value = Array.isArray(like) && like.length === 1 && isOperand(result) ? [result] : result;
  const [want, got] = [like, value].map((s) => showStructure(s, isOperand));
  if (want !== got)
    throw new TypeError(
      `whileLoop: the body must return the structure of the loop variables, expected ${want}, got ${got}.`,
    );
  return flat(value, 'whileLoop: body');
}

/** The types the loop variables have at every iteration. */
function invariants(init: readonly Tensor[], shapes: unknown): readonly Spec[] {
  if (shapes === undefined) return init.map((t) => t.spec);
  const isShape = (x: unknown): x is readonly Dim[] | undefined =>
    x === undefined || (Array.isArray(x) && x.every((d) => d === null || typeof d === 'number'));
  const given: Shape[] =
    init.length === 1 && isShape(shapes) && !(Array.isArray(shapes) && shapes.length === 1 && Array.isArray(shapes[0]))
      ? [shapes]
      : flatten(shapes, isShape, 'whileLoop: shapeInvariants');
  if (given.length !== init.length)
    throw new TypeError(`whileLoop: expected ${init.length} shape invariants, got ${given.length}.`);
  return init.map((t, i) => {
    const spec = tensorSpec(t.dtype, given[i]);
    if (!isNarrower(t.spec, spec))
      throw new TypeError(
        `whileLoop: loop variable ${i} is ${showSpec(t.spec)}, which its shape invariant ${showSpec(spec)} does not cover.`,
      );
    return spec;
  });
}

/** What a loop over sequences gives: final carry, what each trip returned (as lists), and the number of trips. */
export interface Scanned {
  readonly carry: readonly Tensor[];
  readonly ys: readonly List[];
  readonly trips: Tensor;
}

/**
 * A loop over the rows of `xs` (tensors along their first axis, or lists): `f(carry, rows)` returns the next carry and what is
 * collected. `length` ends it early. The building block of `scan` and of recurrent networks.
 */
export function loopOver(
  f: (
    carry: readonly Tensor[],
    rows: readonly Tensor[],
  ) => { readonly carry: readonly Tensor[]; readonly ys: readonly Tensor[] },
  init: readonly Tensor[],
  xs: readonly Edge[],
  {
    length,
    reverse = false,
    name = 'scan',
    names,
  }: { length?: Tensor; reverse?: boolean; name?: string; names?: readonly string[] } = {},
): Scanned {
  const graph = defaultGraph();
  const n = init.length;
  return graph.names.within(name, () => {
    const params = [
      ...init.map((t, i) => ({ spec: t.spec as Spec, name: names?.[i] ?? `carry_${i}` })),
      ...xs.map((x, i) => ({ spec: rowSpec(x.spec), name: `row_${i}` })),
    ];
    const traced: Traced = trace(graph, params, (args) => {
      const ts = asTensors(args);
      const { carry, ys } = f(ts.slice(0, n), ts.slice(n));
      return [...carry, ...ys];
    });
    const captures = [...traced.captures.keys()];
    const node = loop(
      {
        body: close(traced, captures),
        cond: null,
        consts: captures.length,
        carry: n,
        counted: length !== undefined,
        reverse,
        saved: [],
        widens: null,
        names: names ?? init.map((t) => t.name),
      },
      [...captures, ...init, ...xs, ...(length === undefined ? [] : [length])],
    );
    const ys = node.outputs.slice(n, -1).flatMap((y) => (y.kind === 'list' ? [y] : []));
    return { carry: asTensors(node.outputs.slice(0, n)), ys, trips: tripsOf(node) };
  });
}

export interface ScanOptions<A> {
  /** The accumulator before the first row. */
  readonly initializer: A;
  /** Run from the last row to the first. */
  readonly reverse?: boolean;
  readonly name?: string;
}

/**
 * The accumulators after each row of `elems`: `fn(accumulator, row)` returns the next one. Both may be structures; each result
 * has the number of rows as its first axis. TensorFlow: `tf.scan`.
 */
export function scan<A, E>(
  fn: (accumulator: Tensors<A>, row: Tensors<E>) => unknown,
  elems: E,
  { initializer, reverse = false, name = 'scan' }: ScanOptions<A>,
): Tensors<A> {
  const init = flat(initializer, 'scan: initializer');
  const xs = flat(elems, 'scan: elems');
  if (xs.length === 0) throw new TypeError('scan: expected at least one tensor to run over.');
  const { ys } = loopOver(
    (carry, rows) => {
      const next = sameStructure(initializer, fn(pack(initializer, carry), pack(elems, rows)));
      return { carry: next, ys: next };
    },
    init,
    xs,
    { reverse, name },
  );
  return pack(
    initializer,
    ys.map((y) => listStack(y, dimOf(xs[0], 0))),
  );
}

/**
 * The result of `trueFn` when `pred` holds, else of `falseFn`. Both are called once, to build the graph, and return the same
 * structure with the same dtypes; only one runs. TensorFlow: `tf.cond`.
 */
export function cond<S>(
  pred: TensorLike,
  trueFn: () => S,
  falseFn: () => unknown,
  { name = 'cond' }: { name?: string } = {},
): Tensors<S> {
  const graph = defaultGraph();
  return graph.names.within(name, () => {
    const p = toTensor(pred, undefined, 'cond');
    let like: unknown;
    const then = trace(graph, [], () => flat((like = trueFn()), 'cond: trueFn'));
    const otherwise = trace(graph, [], () => {
      const result = falseFn();
      const [want, got] = [like, result].map((s) => showStructure(s, isOperand));
      if (want !== got)
        throw new TypeError(`cond: the branches must return one structure: trueFn returns ${want}, falseFn ${got}.`);
      return flat(result, 'cond: falseFn');
    });
    const captures = [...new Set([...then.captures.keys(), ...otherwise.captures.keys()])];
    const node = apply(
      control.cond,
      [p, ...captures],
      {
        then: close(then, captures),
        otherwise: close(otherwise, captures),
        savedThen: [],
        savedOtherwise: [],
        widens: null,
      },
      name,
    );
    return pack(like, asTensors(node.outputs)) as Tensors<S>;
  });
}

/** x as a new node, which control dependencies can order. TensorFlow: `tf.identity`. */
export const identity = (x: TensorLike, { name }: { name?: string } = {}): Tensor =>
  apply(control.identity, [toTensor(x)], {}, name).output();

/** x, which gradients do not pass through. TensorFlow: `tf.stop_gradient`. */
export const stopGradient = (x: TensorLike, { name }: { name?: string } = {}): Tensor =>
  apply(control.stopGradient, [toTensor(x)], {}, name).output();

/**
 * A function with its own gradient: `fn(...xs)` returns the results and a function from the gradients of the results to those
 * of the arguments. Gradients of that gradient are those of the ops it is made of. TensorFlow: `tf.custom_gradient`.
 */
export function customGradient<R extends Tensor | readonly Tensor[]>(
  fn: (...xs: Tensor[]) => readonly [R, (...dys: Tensor[]) => Tensor | readonly Tensor[]],
): (...xs: TensorLike[]) => R {
  return (...args) => {
    const graph = defaultGraph();
    const xs = args.map((x) => toTensor(x, undefined, 'customGradient'));
    const [result, gradient] = fn(...xs);
    const ys: readonly Tensor[] = isTensor(result) ? [result] : (result as readonly Tensor[]);
    const traced = trace(
      graph,
      ys.map((y) => ({ spec: y.spec, name: 'dy' })),
      (dys) => {
        const dxs = [gradient(...asTensors(dys))].flat();
        if (dxs.length !== xs.length)
          throw new TypeError(`customGradient: expected ${xs.length} gradients, one per argument, got ${dxs.length}.`);
        return dxs;
      },
    );
    const captures = [...traced.captures.keys()];
    const node = apply(control.customGradient, [...ys, ...xs, ...captures], {
      ys: ys.length,
      xs: xs.length,
      backward: {
        graph: traced.graph,
        params: [...traced.params, ...captures.map((c) => traced.captures.get(c) ?? c)],
        outputs: traced.outputs,
      },
    });
    return (isTensor(result) ? node.output() : asTensors(node.outputs)) as R;
  };
}
