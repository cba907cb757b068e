import {
  type Dim,
  type Initializer,
  type Tensor,
  type TensorLike,
  concat,
  constantOf,
  getVariable,
  relu,
  shapeOf,
  showSpec,
  toTensor,
  variableScope,
  variableScopeName,
  zerosInitializer,
  type Reuse,
  defaultGraph,
  slice,
  type Graph,
} from '@tensorloom/graph';

/** A function on tensors that follows a layer's sum. */
export type Activation = (x: Tensor) => Tensor;

export interface DenseOptions {
  /** Applied to the sums; default: none. */
  readonly activation?: Activation | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default: the variable scope's, else glorot uniform. */
  readonly kernelInitializer?: Initializer;
  /** Default zeros. */
  readonly biasInitializer?: Initializer;
  /** Scope of the variables; default 'dense', made unique. */
  readonly name?: string;
  /** Share the variables of the layer of that name. */
  readonly reuse?: Reuse;
}

const used = new WeakMap<Graph, Map<string, number>>();

/** A scope name that no layer of the graph has had: `dense`, `dense_1`, ... */
function uniqueScope(base: string): string {
  const { root } = defaultGraph();
  let counts = used.get(root);
  if (counts === undefined) used.set(root, (counts = new Map<string, number>()));
  const full = `${variableScopeName()}/${base}`;
  const n = counts.get(full) ?? 0;
  counts.set(full, n + 1);
  return n === 0 ? base : `${base}_${n}`;
}

/**
 * A fully connected layer: activation(x K + b) along the last axis, x of any rank from 2. Variables `<name>/kernel` [in, units]
 * and `<name>/bias` [units]. Throws when the last dimension is not known. TensorFlow: `tf.layers.dense`.
 */
export function dense(
  inputs: TensorLike,
  units: number,
  {
    activation,
    useBias = true,
    kernelInitializer,
    biasInitializer = zerosInitializer(),
    name,
    reuse,
  }: DenseOptions = {},
): Tensor {
  const x = toTensor(inputs, undefined, 'dense');
  const depth = x.shape?.[x.shape.length - 1] ?? null;
  if (x.shape === undefined || x.shape.length < 2 || depth === null) {
    throw new TypeError(
      `dense: expected inputs of rank 2 or more with a known last dimension, got ${showSpec(x.spec)}. Reshape them, or give the placeholder's last dimension.`,
    );
  }
  if (!Number.isInteger(units) || units < 1)
    throw new TypeError(`dense: expected a positive number of units, got ${units}.`);
  const { dtype, shape } = x;
  return variableScope(name ?? uniqueScope('dense'), reuse === undefined ? {} : { reuse }, () => {
    const kernel = getVariable('kernel', [depth, units], {
      dtype,
      ...(kernelInitializer && { initializer: kernelInitializer }),
    });
    let y = lastAxisProduct(x, shape, kernel.value(), depth, units);
    if (useBias) y = y.biasAdd(getVariable('bias', [units], { dtype, initializer: biasInitializer }));
    return activation ? activation(y) : y;
  });
}

function lastAxisProduct(x: Tensor, shape: readonly Dim[], kernel: Tensor, depth: number, units: number): Tensor {
  if (shape.length === 2) return x.matmul(kernel);
  const rank = shape.length;
  const flat = x.reshape([-1, depth]).matmul(kernel);
  const unknown = shape.slice(0, -1).filter((d) => d === null).length;
  if (unknown <= 1) return flat.reshape([...shape.slice(0, -1).map((d) => d ?? -1), units]);
  return flat.reshape(concat([slice(shapeOf(x), [0], [rank - 1]), constantOf('int32', [1], Int32Array.of(units))], 0));
}

export interface FullyConnectedOptions {
  /** Default relu; `null` for none. */
  readonly activationFn?: Activation | null;
  readonly weightsInitializer?: Initializer;
  readonly biasesInitializer?: Initializer;
  /** Scope of the variables; default 'fully_connected', made unique. */
  readonly scope?: string;
  readonly reuse?: Reuse;
}

/**
 * A fully connected layer with relu. Variables `<scope>/weights` and `<scope>/biases`.
 * TensorFlow: `tf.contrib.layers.fully_connected`.
 */
export function fullyConnected(
  inputs: TensorLike,
  units: number,
  {
    activationFn = relu,
    weightsInitializer,
    biasesInitializer = zerosInitializer(),
    scope,
    reuse,
  }: FullyConnectedOptions = {},
): Tensor {
  const x = toTensor(inputs, undefined, 'fullyConnected');
  const depth = x.shape?.[x.shape.length - 1] ?? null;
  if (x.shape === undefined || x.shape.length < 2 || depth === null) {
    throw new TypeError(
      `fullyConnected: expected inputs of rank 2 or more with a known last dimension, got ${showSpec(x.spec)}.`,
    );
  }
  const { dtype, shape } = x;
  return variableScope(scope ?? uniqueScope('fully_connected'), reuse === undefined ? {} : { reuse }, () => {
    const weights = getVariable('weights', [depth, units], {
      dtype,
      ...(weightsInitializer && { initializer: weightsInitializer }),
    });
    const biases = getVariable('biases', [units], { dtype, initializer: biasesInitializer });
    const y = lastAxisProduct(x, shape, weights.value(), depth, units).biasAdd(biases);
    return activationFn === null ? y : activationFn(y);
  });
}
