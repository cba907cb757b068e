import { defaultGraph } from './context.js';
import type { DType } from './dtype.js';
import { GraphError, explain } from './errors.js';
import { type Graph, synchronous } from './graph.js';
import { type Initializer, glorotUniformInitializer, zerosInitializer } from './initializers.js';
import { here } from './location.js';
import { isFloating } from './dtype.js';
import type { TensorLike } from './ops/convert.js';
import { toTensor } from './ops/convert.js';
import { isKnown, sameShape, showShape } from './shape.js';
import { Variable, atRoot } from './variable.js';

/** Whether `getVariable` makes variables, finds existing ones, or does as needed. */
export type Reuse = boolean | 'auto';

export interface VariableScopeOptions {
  /** true finds existing variables and fails when there is none, 'auto' finds or makes; default: the outer scope's, else false. */
  readonly reuse?: Reuse;
  /** Initializer of variables made in the scope without one of their own. */
  readonly initializer?: Initializer;
}

/** The scope in force in a graph, and the variables made through scopes. */
class Scopes {
  name = '';
  reuse: Reuse = false;
  initializer: Initializer | undefined;
  readonly variables = new Map<string, Variable>();
}

const scopes = new WeakMap<Graph, Scopes>();

function scopesOf(root: Graph): Scopes {
  let s = scopes.get(root);
  if (s === undefined) scopes.set(root, (s = new Scopes()));
  return s;
}

/**
 * Runs `build` in a scope of that name: variables made by `getVariable` are named after it, ops too. An empty name is the
 * outermost scope. Returns what `build` returns. TensorFlow: `tf.variable_scope`.
 */
export function variableScope<T>(name: string, build: () => T): T;
export function variableScope<T>(name: string, options: VariableScopeOptions, build: () => T): T;
export function variableScope<T>(name: string, options: VariableScopeOptions | (() => T), build?: () => T): T {
  const f = typeof options === 'function' ? options : build;
  const { reuse, initializer } = typeof options === 'function' ? {} : options;
  if (f === undefined) throw new TypeError('variableScope: expected a function as last argument.');
  const { root } = defaultGraph();
  const scope = scopesOf(root);
  const outer = { name: scope.name, reuse: scope.reuse, initializer: scope.initializer };
  scope.name = name === '' ? '' : outer.name === '' ? name : `${outer.name}/${name}`;
  scope.reuse = reuse ?? outer.reuse;
  scope.initializer = initializer ?? outer.initializer;
  try {
    return root.names.within(name, () => synchronous(f(), 'variableScope'));
  } finally {
    Object.assign(scope, outer);
  }
}

/** The name of the variable scope in force; empty at the top. TensorFlow: `tf.get_variable_scope().name`. */
export const variableScopeName = (): string => scopesOf(defaultGraph().root).name;

export interface GetVariableOptions {
  readonly dtype?: DType;
  readonly initializer?: Initializer | TensorLike;
  readonly trainable?: boolean;
}

/**
 * The variable `name` of the current variable scope: a new one, or with reuse the existing one. Without an initializer it
 * starts by the scope's, else glorot uniform (zeros for int32 and bool). Throws a `GraphError` when a new one exists already,
 * when a reused one does not exist, or when its shape or dtype differ. TensorFlow: `tf.get_variable`.
 */
export function getVariable(
  name: string,
  shape?: readonly number[],
  { dtype, initializer, trainable = true }: GetVariableOptions = {},
): Variable {
  const { root } = defaultGraph();
  const scope = scopesOf(root);
  const full = scope.name === '' ? name : `${scope.name}/${name}`;
  const known = scope.variables.get(full);
  const fail = (message: string): never => {
    throw new GraphError(explain(`getVariable: ${message}`, `'${full}'`, here()));
  };
  if (known !== undefined) {
    if (scope.reuse === false) {
      return fail(
        `variable '${full}' exists already (made at ${known.location.line ?? 'an unknown line'}). ` +
          `Expected a new name in scope '${scope.name}'. Use another scope or name (a second cell needs its own variableScope), or pass { reuse: true } to share it.`,
      );
    }
    if (shape !== undefined && !sameShape(shape, known.shape))
      return fail(
        `variable '${full}' has shape ${showShape(known.shape)}, asked for ${showShape(shape)}. Ask for the same shape, or use another name.`,
      );
    if (dtype !== undefined && dtype !== known.dtype)
      return fail(`variable '${full}' is ${known.dtype}, asked for ${dtype}.`);
    return known;
  }
  if (scope.reuse === true)
    return fail(
      `variable '${full}' does not exist, and the scope only reuses. Make it first, or pass { reuse: 'auto' }.`,
    );
  const start = initialValue(initializer ?? scope.initializer, shape, dtype, fail);
  const made = atRoot(
    root,
    () =>
      new Variable(
        root,
        root.names.within('', () => root.names.unique(full)),
        start,
        { ...(dtype && { dtype }), trainable },
      ),
  );
  if (shape !== undefined && !sameShape(shape, made.shape))
    return fail(`the initial value has shape ${showShape(made.shape)}, asked for ${showShape(shape)}.`);
  scope.variables.set(full, made);
  return made;
}

function initialValue(
  initializer: Initializer | TensorLike | undefined,
  shape: readonly number[] | undefined,
  dtype: DType = 'float32',
  fail: (m: string) => never,
): () => TensorLike {
  if (initializer !== undefined && typeof initializer !== 'function')
    return () => toTensor(initializer, undefined, 'getVariable');
  if (shape === undefined || !isKnown(shape))
    return fail('expected a fully known shape, or an initial value as initializer.');
  const make = initializer ?? (isFloating(dtype) ? glorotUniformInitializer() : zerosInitializer());
  return () => make(shape, dtype);
}
