import { type DType, isDType } from './dtype.js';
import { type Tensors, flatTensors, packTensors, showTensors } from './nested-tensors.js';
import { located, refuse } from './node.js';
import { listStack, rowsOf } from './ops/list.js';
import { loopOver } from './loop-over.js';
import { sequencesOf } from './accumulator.js';
import { type Nested, flatten, showStructure } from './structure.js';
import type { Tensor } from './tensor.js';

/** How a `mapFn` runs. */
export interface MapOptions {
  /** The dtypes of what `fn` returns, in its structure; literals take them. Default: whatever it returns. */
  readonly dtype?: Nested<DType>;
  /** Accepted for TensorFlow's sake; rows are mapped one after the other. */
  readonly parallelIterations?: number;
  /** Name scope of the loop and of its body; default 'map'. */
  readonly name?: string;
}

/**
 * What `fn` returns for each row of `elems`, along a new first axis. `elems` and what is returned are tensors or structures of
 * them, not necessarily alike; `fn` is called once, to build the graph. Throws a `GraphError` when `dtype` is not what it returns.
 * TensorFlow: `tf.map_fn`.
 */
export function mapFn<const E, const R>(
  fn: (row: Tensors<E>) => R,
  elems: E,
  { dtype, name = 'map' }: MapOptions = {},
): Tensors<R> {
  const xs = sequencesOf(elems, 'mapFn');
  const results: R[] = [];
  const { ys } = loopOver(
    (_, rows) => {
      const result = fn(packTensors(elems, rows));
      results.push(result);
      return { carry: [], ys: typed(result, dtype) };
    },
    [],
    xs,
    { name },
  );
  const rows = rowsOf(xs[0]);
  return packTensors(
    results[0],
    ys.map((y) => listStack(y, rows)),
  );
}

/** What a function returned as tensors, which have the dtypes that were asked for. */
function typed(result: unknown, dtype: Nested<DType> | undefined): readonly Tensor[] {
  const what = 'mapFn: the function';
  if (dtype === undefined) return flatTensors(result, what);
  const [want, got] = [showStructure(dtype, isDType), showTensors(result)];
  if (want !== got) {
    return refuse(
      'mapFn',
      `the function returned ${got}, expected the structure of dtype, ${want}. Give one dtype for each.`,
    );
  }
  const wanted = located('mapFn: dtype', () => flatten(dtype, isDType));
  const ts = flatTensors(
    result,
    what,
    wanted.map((d) => ({ dtype: d })),
  );
  const odd = ts.findIndex((t, i) => t.dtype !== wanted[i]);
  if (odd < 0) return ts;
  return refuse(
    'mapFn',
    `result ${odd} is ${ts[odd].dtype}, expected ${wanted[odd]}. Use cast(), or change dtype.`,
    ts,
  );
}
