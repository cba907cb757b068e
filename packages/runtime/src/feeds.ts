import {
  Const,
  type DType,
  type Edge,
  type Feeds,
  GraphError,
  type HostValue,
  type Literal,
  type Tensor,
  Variable,
  compatible,
  explain,
  isFloating,
  isHostValue,
  isTensor,
  materialize,
  messageOf,
  readLiteral,
  showShape,
  showSpec,
} from '@tensorloom/graph';
import type { HostTensor } from './backend.js';
import { nonFinite } from './host/check.js';

/** Checks feeds and copies their values. Throws a `GraphError` naming the tensor when dtype or shape do not fit, `TypeError` when the structure does not. */
export function readFeeds(feeds: Feeds): Map<Edge, HostTensor> {
  const out = new Map<Edge, HostTensor>();
  for (const [key, value] of pairsOf(feeds)) {
    for (const [t, v] of match(key, value, '')) {
      checkCopied(t);
      if (out.has(t)) throw problem(t, `'${t.name}' is fed twice, expected once. Leave one of the feeds out`);
      out.set(t, readValue(t, v));
    }
  }
  return out;
}

/** Throws a `GraphError` naming the first tensor that is fed NaN or an infinity. */
export function checkFeeds(feeds: ReadonlyMap<Edge, HostTensor>): void {
  for (const [t, { dtype, data }] of feeds) {
    const found = isFloating(dtype) ? nonFinite(data) : null;
    if (found === null) continue;
    const message = `checkNumerics: '${t.name}' is fed ${found}, expected finite numbers. Clean the data, or open the session without checkNumerics`;
    throw new GraphError(explain(`${message}.`, t.op.toString(), t.op.location));
  }
}

/** Bodies of loops hold copies of integer constants, which a feed would not reach: such a feed is refused. */
function checkCopied(t: Tensor): void {
  if (t.op.op !== Const || isFloating(t.dtype)) return;
  const holder = t.graph.nodes.find((n) =>
    n.op.subgraphs?.(n.attrs).some(({ graph }) => graph.captured.get(t)?.op.op === Const),
  );
  if (holder === undefined) return;
  throw problem(
    t,
    `cannot feed '${t.name}': it is an integer constant of which the body of '${holder.name}' holds a copy, expected a tensor that may change. Make it a placeholderWithDefault() instead`,
  );
}

const isObject = (x: unknown): x is object => typeof x === 'object' && x !== null;

/** What something is, for messages. */
function nameOf(x: unknown): string {
  if (Array.isArray(x)) return 'an array';
  if (isObject(x)) return `an object of class ${x.constructor?.name ?? 'none'}`;
  return x == null ? `${x}` : `a ${typeof x}`;
}

/** The pairs of feeds, as far as they are any. */
function* pairsOf(feeds: unknown): Generator<readonly [unknown, unknown]> {
  if (!isObject(feeds) || !(Symbol.iterator in feeds)) {
    throw new TypeError(
      `run: expected feeds as [tensor, value] pairs in an array or a Map, got ${nameOf(feeds)}. Pass [[tensor, value], ...].`,
    );
  }
  for (const pair of feeds as Iterable<unknown>) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new TypeError(
        `run: expected feeds as [tensor, value] pairs, got ${nameOf(pair)} among them. Pass [[tensor, value], ...], also for a single one.`,
      );
    }
    yield [pair[0], pair[1]];
  }
}

/** The tensors of a feed's key, each with its part of the value. */
function* match(key: unknown, value: unknown, path: string): Generator<readonly [Tensor, unknown]> {
  if (isTensor(key)) yield [key, value];
  else if (key instanceof Variable) yield [key.value(), value];
  else if (Array.isArray(key)) {
    if (!Array.isArray(value) || value.length !== key.length) {
      const got = Array.isArray(value) ? `${value.length}` : nameOf(value);
      throw new TypeError(`run: feed${path} is an array of ${key.length}, expected as many values, got ${got}.`);
    }
    for (const [i, k] of key.entries()) yield* match(k, value[i], `${path}[${i}]`);
  } else if (isPlain(key)) {
    const [want, got] = [Object.keys(key), isPlain(value) ? Object.keys(value) : []];
    if (!isPlain(value) || want.length !== got.length || !want.every((k) => got.includes(k))) {
      const found = isPlain(value) ? `{${got.join(', ')}}` : nameOf(value);
      throw new TypeError(
        `run: feed${path} is {${want.join(', ')}}, expected values of the same structure, got ${found}.`,
      );
    }
    for (const k of want) yield* match(key[k], value[k], `${path}.${k}`);
  } else {
    throw new TypeError(
      `run: feed${path} is ${nameOf(key)}, expected a tensor or a variable, or arrays or plain objects of them.`,
    );
  }
}

const isPlain = (x: unknown): x is Record<string, unknown> =>
  isObject(x) && [Object.prototype, null].includes(Object.getPrototypeOf(x) as object | null);

const problem = (t: Tensor, message: string): GraphError =>
  new GraphError(explain(`run: ${message}.`, t.op.toString(), t.op.location));

function readValue(t: Tensor, value: unknown): HostTensor {
  const refuse = (message: string): GraphError => problem(t, `cannot feed '${t.name}': ${message}`);
  if (isTensor(value) || value instanceof Variable) {
    throw refuse(
      `expected ${showSpec(t.spec)}, got the tensor '${value.name}', which has no elements. Run it first, or build on it`,
    );
  }
  if (!isHostValue(value)) throw refuse(`expected ${showSpec(t.spec)}, got ${nameOf(value)}`);
  const literal = readElements(value, refuse);
  checkDType(literal, value, t, refuse);
  if (!compatible(literal.shape, t.shape)) {
    throw refuse(
      `expected shape ${showShape(t.shape)}, got ${showShape(literal.shape)}. Reshape the value, or build the graph with null where a dimension varies`,
    );
  }
  return materialize(literal, t.dtype);
}

function readElements(value: HostValue, refuse: (message: string) => GraphError): Literal {
  try {
    return readLiteral(value, 'value');
  } catch (e) {
    throw refuse(messageOf(e).replace(/\.$/, ''));
  }
}

function checkDType(
  literal: Literal,
  value: HostValue,
  { dtype }: Tensor,
  refuse: (message: string) => GraphError,
): void {
  const own = ownDType(value);
  if (own !== undefined) {
    if (own !== dtype) throw refuse(`expected dtype ${dtype}, got ${own}. Convert the value, or cast() in the graph`);
    return;
  }
  if (literal.data.length === 0 || elementsOf(value) instanceof Uint8Array) return;
  if ((literal.dtype === 'bool') !== (dtype === 'bool')) {
    throw refuse(
      `expected dtype ${dtype}, got ${literal.dtype === 'bool' ? 'booleans' : 'numbers'}. Convert the value, or cast() in the graph`,
    );
  }
  const fraction = dtype === 'int32' ? Array.from(literal.data).find((v) => v !== (v | 0)) : undefined;
  if (fraction !== undefined) throw refuse(`expected dtype int32, got ${fraction}. Round it, or use a float32 tensor`);
}

const elementsOf = (value: HostValue): unknown => (isObject(value) && 'data' in value ? value.data : value);

/** The dtype that a value insists on: NDArrays and typed arrays of a dtype do; plain numbers and bytes, which hold any, do not. */
function ownDType(value: HostValue): DType | undefined {
  if (isObject(value) && 'dtype' in value && value.dtype !== undefined) return value.dtype;
  const data = elementsOf(value);
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : undefined;
}
