import { defaultGraph } from './context.js';
import { type DType, isFloating } from './dtype.js';
import { GraphError, explain } from './errors.js';
import { type Graph, synchronous } from './graph.js';
import { type Initializer, glorotUniformInitializer, zerosInitializer } from './initializers.js';
import { here } from './location.js';
import { located, refuse } from './node.js';
import { type TensorLike, toTensor } from './ops/convert.js';
import { compatible, isKnown, sameShape, showShape } from './shape.js';
import type { Tensor } from './tensor.js';
import { type Variable, atRoot, makeVariable } from './variable.js';

/** Whether `getVariable` makes variables, finds existing ones, or does as needed. */
export type Reuse = boolean | 'auto';

/** Options of `variableScope`. */
export interface VariableScopeOptions {
  /**
   * true finds existing variables and fails when there is none, 'auto' finds or makes. Left out or false, it is as in the scope
   * around: reuse cannot be switched off inside a scope that reuses.
   */
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
  /** How often each full name was given by `uniqueScope`. */
  readonly given = new Map<string, number>();
}

const scopes = new WeakMap<Graph, Scopes>();

function scopesOf(root: Graph): Scopes {
  let s = scopes.get(root);
  if (s === undefined) scopes.set(root, (s = new Scopes()));
  return s;
}

/** What variable scopes remember of a graph between calls: the variables made through them, by full name, and the scopes given at the top. */
export const scopeMemory = (root: Graph): Pick<Scopes, 'variables' | 'given'> => scopesOf(root);

/**
 * Runs `build` in a scope of that name: variables made by `getVariable` are named after it, ops too. An empty name is the
 * outermost scope. Returns what `build` returns. TensorFlow: `tf.variable_scope`.
 */
export function variableScope<T>(name: string, build: () => T): T;
export function variableScope<T>(name: string, options: VariableScopeOptions, build: () => T): T;
export function variableScope<T>(name: string, options: VariableScopeOptions | (() => T), build?: () => T): T {
  const f = typeof options === 'function' ? options : build;
  const { reuse, initializer } = typeof options === 'function' ? {} : options;
  if (f === undefined)
    return refuse('variableScope', 'expected a function as last argument, got none. Pass what builds the graph.');
  if (name.endsWith('/'))
    return refuse('variableScope', `'${name}' ends in a slash, expected a scope's name. Leave the slash out.`);
  const { root } = defaultGraph();
  const scope = scopesOf(root);
  const outer = { name: scope.name, reuse: scope.reuse, initializer: scope.initializer };
  scope.name = name === '' ? '' : outer.name === '' ? name : `${outer.name}/${name}`;
  scope.reuse = reuse || outer.reuse;
  scope.initializer = initializer ?? outer.initializer;
  try {
    return root.names.within(name, () => synchronous(f(), 'variableScope'));
  } finally {
    // A scope that is entered again gives the same names again, so that its variables can be reused.
    if (name !== '')
      for (const full of scope.given.keys()) if (full.startsWith(`${scope.name}/`)) scope.given.delete(full);
    Object.assign(scope, outer);
  }
}

/**
 * A scope name that was not given before in the variable scope in force since that was entered: `dense`, `dense_1`, ... TensorFlow: the
 * `default_name` of `tf.variable_scope`.
 */
export function uniqueScope(base: string): string {
  const { name, given } = scopesOf(defaultGraph().root);
  const full = name === '' ? base : `${name}/${base}`;
  const n = given.get(full) ?? 0;
  given.set(full, n + 1);
  return n === 0 ? base : `${base}_${n}`;
}

/** The initializer that the variable scopes in force give to variables without their own; `undefined` when none does. */
export const scopeInitializer = (): Initializer | undefined => scopesOf(defaultGraph().root).initializer;

/**
 * Runs `build` in the variable scope in force, where `getVariable` now finds the variables that were made before. Returns what `build`
 * returns. TensorFlow: `tf.get_variable_scope().reuse_variables()`.
 */
export function reuseVariables<T>(build: () => T): T {
  const scope = scopesOf(defaultGraph().root);
  const { reuse } = scope;
  scope.reuse = true;
  try {
    return synchronous(build(), 'reuseVariables');
  } finally {
    scope.reuse = reuse;
  }
}

/** The name of the variable scope in force; empty at the top. TensorFlow: `tf.get_variable_scope().name`. */
export const variableScopeName = (): string => scopesOf(defaultGraph().root).name;

/** Options of `getVariable`. */
export interface GetVariableOptions {
  /** Default float32, or that of the initial value. */
  readonly dtype?: DType;
  /** Makes the initial value, or is it; default: the scope's, else glorot uniform (zeros for int32 and bool). */
  readonly initializer?: Initializer | TensorLike;
  /** Whether optimizers change it; default true. */
  readonly trainable?: boolean;
}

/**
 * The variable `name` of the current variable scope: a new one, or with reuse the existing one. Throws a `GraphError` when a new
 * one exists already, when a reused one does not exist, or when its shape or dtype differ. TensorFlow: `tf.get_variable`.
 */
export function getVariable(name: string, shape?: readonly number[], options: GetVariableOptions = {}): Variable {
  const scope = scopesOf(defaultGraph().root);
  const full = scope.name === '' ? name : `${scope.name}/${name}`;
  const fail: Fail = (wrong) => {
    throw new GraphError(explain(`getVariable: ${wrong}`, `'${full}'`, here()));
  };
  const known = scope.variables.get(full);
  if (known === undefined) {
    if (scope.reuse === true) {
      return fail(
        `variable '${full}' does not exist, and the scope only reuses. Make it first, or pass { reuse: 'auto' }.`,
      );
    }
    const made = make(full, shape, { ...(scope.initializer && { initializer: scope.initializer }), ...options }, fail);
    scope.variables.set(full, made);
    return made;
  }
  if (scope.reuse === false) {
    return fail(
      `variable '${full}' exists already (made at ${known.location.line ?? 'an unknown line'}). ` +
        `Expected a new name in scope '${scope.name}'. Use another scope or name (a second cell needs its own variableScope), or pass { reuse: true } to share it.`,
    );
  }
  if (shape !== undefined && !sameShape(shape, known.shape)) {
    return fail(
      `variable '${full}' has shape ${showShape(known.shape)}, asked for ${showShape(shape)}. Ask for the same shape, or use another name.`,
    );
  }
  const { dtype = known.dtype } = options;
  if (dtype !== known.dtype) {
    return fail(
      `variable '${full}' is ${known.dtype}, asked for ${dtype}. Ask for the same dtype, or use another name.`,
    );
  }
  return known;
}

type Fail = (wrong: string) => never;

function make(
  full: string,
  shape: readonly number[] | undefined,
  { dtype, initializer, trainable = true }: GetVariableOptions,
  fail: Fail,
): Variable {
  const { root } = defaultGraph();
  const initial = (): Tensor => {
    const value = initialValue(initializer, shape, dtype, fail);
    if (shape === undefined || compatible(value.shape, shape)) return value;
    return fail(
      `the initial value has shape ${showShape(value.shape)}, asked for ${showShape(shape)}. Ask for the shape of the value.`,
    );
  };
  const unique = root.names.within('', () => located('getVariable', () => root.names.unique(full)));
  return atRoot(root, () => makeVariable(root, unique, initial, { ...(dtype && { dtype }), trainable }));
}

function initialValue(
  initializer: Initializer | TensorLike | undefined,
  shape: readonly number[] | undefined,
  dtype: DType | undefined,
  fail: Fail,
): Tensor {
  if (initializer !== undefined && typeof initializer !== 'function')
    return toTensor(initializer, dtype, 'getVariable');
  if (!isKnown(shape)) {
    return fail(
      `expected a fully known shape, got ${shape === undefined ? 'none' : showShape(shape)}. Pass one, or an initial value as { initializer }.`,
    );
  }
  const start = initializer ?? (isFloating(dtype ?? 'float32') ? glorotUniformInitializer() : zerosInitializer());
  return start(shape, dtype ?? 'float32');
}
