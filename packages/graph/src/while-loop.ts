import { apply, defaultGraph } from './context.js';
import { type Tensors, flatEdges, packTensors, showTensors, unwrapped } from './nested-tensors.js';
import { type MemoryOptions, checkMemory } from './memory.js';
import { type Node, located, refuse } from './node.js';
import { type LoopAttrs, control, loop } from './ops/control.js';
import { type TensorLike, toInts } from './ops/convert.js';
import type { Dim, Shape } from './shape.js';
import { whileSegments } from './segments.js';
import { type Spec, isNarrower, showSpec, tensorSpec } from './spec.js';
import { flatten } from './structure.js';
import type { Edge, Tensor } from './tensor.js';
import { close, trace } from './trace.js';

/** How the iterations of a `whileLoop` run. */
export interface WhileOptions extends MemoryOptions {
  /** Shapes, structured like the loop variables, with `null` where a dimension may change from one iteration to the next. */
  readonly shapeInvariants?: unknown;
  /** Stop after this many iterations even when the condition still holds. */
  readonly maximumIterations?: TensorLike;
  /** Name scope of the loop and of its body; default 'while'. */
  readonly name?: string;
}

/** The loop variables as arguments. */
type TensorArguments<S extends readonly unknown[]> = { [K in keyof S]: Tensors<S[K]> };
type Callback = (...vars: never[]) => unknown;

/**
 * Repeats `body` while `cond` holds. Both get the loop variables as arguments (one each for an array, else the structure) and
 * are called once, to build the graph; `body` returns new values in the same structure, in which literals take the dtype of their
 * variable. Returns the final values. Throws a `GraphError` when a variable changes shape or dtype. TensorFlow: `tf.while_loop`.
 */
export function whileLoop<S extends readonly unknown[]>(
  cond: (...vars: TensorArguments<S>) => TensorLike,
  body: (...vars: TensorArguments<S>) => unknown,
  loopVars: readonly [...S],
  options?: WhileOptions,
): Tensors<S>;
export function whileLoop<S>(
  cond: (vars: Tensors<S>) => TensorLike,
  body: (vars: Tensors<S>) => unknown,
  loopVars: S,
  options?: WhileOptions,
): Tensors<S>;
export function whileLoop(
  cond: Callback,
  body: Callback,
  loopVars: unknown,
  { shapeInvariants, maximumIterations, name = 'while', ...memory }: WhileOptions = {},
): unknown {
  const graph = defaultGraph();
  const { checkpointEvery, swapMemory = false, backProp = true } = memory;
  checkMemory('whileLoop', memory);
  const init = flatEdges(loopVars, 'whileLoop: loopVars');
  if (init.length === 0)
    return refuse('whileLoop', 'expected at least one loop variable, got none. Pass what the condition reads.');
  const specs = invariants(init, shapeInvariants);
  const names = init.map((t) => t.name);
  const call = (f: Callback, args: readonly Edge[]): unknown => {
    const vars: unknown = packTensors(loopVars, args);
    return Array.isArray(loopVars) ? f(...(vars as never[])) : f(vars as never);
  };
  const turn = (vars: readonly Edge[], limit: Tensor | undefined, how: Partial<LoopAttrs>): Node<LoopAttrs> => {
    const parent = defaultGraph();
    const params = specs.map((spec, i) => ({ spec, name: `var_${i}` }));
    const c = trace(parent, params, (args) => flatEdges(call(cond, args), 'whileLoop: cond'));
    const b = trace(parent, params, (args) => nextValues(loopVars, call(body, args), init));
    const captures = [...new Set([...c.captures.keys(), ...b.captures.keys()])];
    return loop(
      {
        body: close(b, captures),
        cond: close(c, captures),
        consts: captures.length,
        carry: init.length,
        counted: limit !== undefined,
        reverse: false,
        saved: [],
        widens: null,
        names,
        ...how,
      },
      [...captures, ...vars, ...(limit === undefined ? [] : [limit])],
    );
  };
  return graph.names.within(name, () => {
    const limit =
      maximumIterations === undefined ? undefined : toInts(maximumIterations, 'whileLoop: maximumIterations');
    const vars =
      checkpointEvery === undefined
        ? turn(init, limit, { swapMemory }).outputs.slice(0, init.length)
        : whileSegments({
            init,
            specs,
            names,
            limit,
            every: checkpointEvery,
            swapMemory,
            segment: (now, length) => turn(now, length, { recomputed: true }),
          });
    const stopped = (t: Edge): Edge => apply(control.stopGradient, [t], {}).outputs[0];
    return packTensors(loopVars, backProp ? vars : vars.map(stopped));
  });
}

function nextValues(loopVars: unknown, result: unknown, init: readonly Edge[]): readonly Edge[] {
  const next = unwrapped(loopVars, result);
  const [want, got] = [loopVars, next].map(showTensors);
  if (want !== got) {
    refuse(
      'whileLoop',
      `the body returned ${got}, expected the structure of the loop variables, ${want}. Return a new value for each.`,
      init,
    );
  }
  return flatEdges(next, 'whileLoop: body', init);
}

const isShape = (x: unknown): x is Shape =>
  x === undefined || (Array.isArray(x) && x.every((d) => d === null || typeof d === 'number'));

/** The types the loop variables have at every iteration. */
function invariants(init: readonly Edge[], shapes: unknown): readonly Spec[] {
  if (shapes === undefined) return init.map((t) => t.spec);
  const what = 'whileLoop: shapeInvariants';
  const given = located(what, () => flatten<readonly Dim[] | undefined>(shapes, isShape, what));
  if (given.length !== init.length) {
    return refuse(
      'whileLoop',
      `expected ${init.length} shape invariants, got ${given.length}. Give one for each loop variable.`,
      init,
    );
  }
  return init.map((t, i) => {
    // An array says itself what is known of its elements.
    if (t.kind === 'list') return t.spec;
    const spec = tensorSpec(t.dtype, given[i]);
    if (isNarrower(t.spec, spec)) return spec;
    return refuse(
      'whileLoop',
      `loop variable ${i} ('${t.name}') starts as ${showSpec(t.spec)}, expected what its shape invariant ${showSpec(spec)} covers. Put null where the shape changes.`,
      init,
    );
  });
}
