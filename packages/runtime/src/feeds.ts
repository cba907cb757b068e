import { type DType, type Edge, type HostValue, NDArray, type Tensor, type Variable, GraphError, compatible, explain, isHostValue, isTensor, materialize, readLiteral, showShape, showSpec } from '@tensorloom/graph';
import type { HostTensor } from './backend.js';

/** What is fed: a tensor, a variable, or arrays and plain objects of them. */
export type FeedKey = Tensor | Variable | readonly FeedKey[] | { readonly [key: string]: FeedKey };

/** What it is fed with: a literal, or arrays and objects of them that match the key. */
export type FeedValue = HostValue | readonly FeedValue[] | { readonly [key: string]: FeedValue };

/** Feeds of a run: pairs of what and with what. */
export type Feeds = Iterable<readonly [FeedKey, FeedValue]>;

/** Checks feeds and copies their values. Throws a `GraphError` naming the tensor when dtype, shape or structure do not fit. */
export function readFeeds(feeds: Feeds): Map<Edge, HostTensor> {
  const out = new Map<Edge, HostTensor>();
  const visit = (key: FeedKey, value: FeedValue, path: string): void => {
    if (isTensor(key)) add(key, value);
    else if (isVariable(key)) add(key.value(), value);
    else if (Array.isArray(key)) {
      if (!Array.isArray(value) || value.length !== key.length) throw new TypeError(`run: feed${path} is a structure of ${key.length}; expected an array of as many values.`);
      key.forEach((k: FeedKey, i) => visit(k, value[i] as FeedValue, `${path}[${i}]`));
    } else if (typeof key === 'object' && key !== null) {
      for (const [k, part] of Object.entries(key as { readonly [key: string]: FeedKey })) {
        const given: unknown = typeof value === 'object' && value !== null && k in value ? (value as { readonly [key: string]: FeedValue })[k] : undefined;
        if (given === undefined) throw new TypeError(`run: feed${path} has no value for '${k}'. Give one for each entry of the key.`);
        visit(part, given as FeedValue, `${path}.${k}`);
      }
    } else throw new TypeError(`run: expected a tensor or variable to feed, got ${key === null ? 'null' : typeof key}. Feeds are pairs [tensor, value].`);
  };
  const add = (t: Tensor, value: unknown): void => {
    if (out.has(t)) throw new GraphError(explain(`run: '${t.name}' is fed twice.`, t.op.toString(), t.op.location));
    out.set(t, readValue(t, value));
  };
  for (const [key, value] of feeds) visit(key, value, '');
  return out;
}

const isVariable = (x: unknown): x is Variable => typeof x === 'object' && x !== null && 'kind' in x && x.kind === 'variable';

function readValue(t: Tensor, value: unknown): HostTensor {
  const fail = (message: string): never => {
    throw new GraphError(explain(`run: cannot feed '${t.name}': ${message}`, t.op.toString(), t.op.location));
  };
  if (!isHostValue(value)) return fail(`expected ${showSpec(t.spec)}, got ${isTensor(value) ? 'a tensor. Feed values, not tensors: run() it first' : value === null ? 'null' : typeof value}.`);
  let literal: ReturnType<typeof readLiteral>;
  try {
    literal = readLiteral(value, 'value');
  } catch (e) {
    return fail(`${(e as Error).message}`);
  }
  const own = ownDType(value);
  if (own !== undefined && own !== t.dtype) fail(`expected dtype ${t.dtype}, got ${own}. Convert the values, or cast() in the graph.`);
  if (own === undefined) {
    if ((literal.dtype === 'bool') !== (t.dtype === 'bool') && literal.data.length > 0) fail(`expected dtype ${t.dtype}, got ${literal.dtype === 'bool' ? 'booleans' : 'numbers'}.`);
    if (t.dtype === 'int32') {
      const bad = Array.from(literal.data).find((v) => v !== (v | 0));
      if (bad !== undefined) fail(`expected dtype int32, got ${bad}. Round it, or feed a float32 tensor.`);
    }
  }
  if (!compatible(literal.shape, t.shape)) fail(`expected shape ${showShape(t.shape)}, got ${showShape(literal.shape)}. Reshape the value, or make the placeholder's dimension null.`);
  return materialize(literal, t.dtype);
}

/** The dtype that a value insists on: typed arrays with a dtype of ours and NDArrays do, plain numbers and bytes do not. */
function ownDType(value: HostValue): DType | undefined {
  if (value instanceof NDArray) return value.dtype;
  const data = typeof value === 'object' && 'data' in value ? value.data : value;
  if (typeof value === 'object' && 'dtype' in value && value.dtype !== undefined) return value.dtype;
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Float64Array) return 'float64';
  return data instanceof Int32Array ? 'int32' : undefined;
}
