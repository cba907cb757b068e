import { createCpu } from '@tensorloom/backend-cpu';
import * as tl from 'tensorloom';
import { type Spread, spreadOf } from './measure.js';
import { pythonPeer } from './python-peer.js';
import { type Stepper, inTurns, stepper } from './turns.js';

/** A product of [rows, inner] and [inner, columns]; the left one may be stored transposed. */
interface Product {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly transposed?: boolean;
}

/** Those of a step of the workloads of `speed`, squares, and the gradient of a kernel, summed over all steps at once. */
const products: readonly Product[] = [
  { rows: 150, inner: 178, columns: 150 },
  { rows: 128, inner: 128, columns: 128 },
  { rows: 256, inner: 256, columns: 256 },
  { rows: 512, inner: 512, columns: 512 },
  { rows: 64, inner: 320, columns: 1024 },
  { rows: 1, inner: 512, columns: 1024 },
  { rows: 178, inner: 4200, columns: 150 },
  { rows: 178, inner: 4200, columns: 150, transposed: true },
];

const threadCounts = [1, 2] as const;

/** Operations of a step, which takes some milliseconds: a clock is no good for a single small product. */
const OPERATIONS = 2e8;
const WARM_UP = 20;

const operations = ({ rows, inner, columns }: Product): number => 2 * rows * inner * columns;

export const showProduct = ({ rows, inner, columns, transposed }: Product): string =>
  `${rows} x ${inner} x ${columns}${transposed ? ', left transposed' : ''}`;

/** Gigaflops of steps of some milliseconds: the slow quarter of the times is the low one of the rates. */
export function rateOf(times: readonly number[], operationsOfStep: number): Spread {
  const { median, low, high } = spreadOf(times);
  const rate = (ms: number): number => operationsOfStep / ms / 1e6;
  return { median: rate(median), low: rate(high), high: rate(low) };
}

/** The CPU backend's own kernel, on tensors that stay on the device. */
function ours({ rows, inner, columns, transposed = false }: Product, threads: number, count: number): Stepper {
  const backend = createCpu({ threads });
  const kernel = backend.kernels.get(tl.matrix.matmul);
  if (kernel === undefined) throw new Error('matmul: the backend has no kernel of that name.');
  const filled = (shape: readonly number[], seed: number) => {
    const data = Float32Array.from({ length: tl.sizeOf(shape) }, (_, i) => Math.sin(i * seed));
    return backend.upload({ dtype: 'float32', shape, data });
  };
  const inputs = [filled(transposed ? [inner, rows] : [rows, inner], 3), filled([inner, columns], 7)];
  const call = { attrs: { transposeA: transposed, transposeB: false }, host: [], donated: [false, false] };
  return stepper(() => {
    for (let i = 0; i < count; i++) {
      const result = kernel(inputs, call);
      if (result instanceof Promise || !('buffer' in result)) throw new Error('matmul: expected one tensor at once.');
      backend.free(result);
    }
  });
}

interface Row {
  readonly product: string;
  /** Gigaflops by contender and number of threads. */
  readonly rates: Readonly<Record<string, Spread>>;
}

async function measure(p: Product, versions: Record<string, string>): Promise<Row> {
  const count = Math.max(1, Math.round(OPERATIONS / operations(p)));
  const contenders = new Map<string, Stepper>();
  const closing: (() => void)[] = [];
  for (const threads of threadCounts) contenders.set(`ours ${threads}`, ours(p, threads, count));
  for (const threads of threadCounts) {
    const { rows, inner, columns, transposed } = p;
    const peer = await pythonPeer('matmul', [rows, inner, columns, transposed ? 1 : 0, count], {
      OPENBLAS_NUM_THREADS: `${threads}`,
    });
    if (peer === null) continue;
    Object.assign(versions, peer.about.versions);
    contenders.set(`numpy ${threads}`, peer);
    closing.push(() => peer.close());
  }
  for (const contender of contenders.values()) await contender.steps(WARM_UP);
  const times = await inTurns(contenders);
  closing.forEach((close) => close());
  const rates = Object.fromEntries(Array.from(times, ([name, ts]) => [name, rateOf(ts, count * operations(p))]));
  return { product: showProduct(p), rates };
}

/** Gigaflops of float32 products beside OpenBLAS, by way of numpy, with one thread and with two. Prints a table. */
export async function matmul(): Promise<Record<string, unknown>> {
  const versions: Record<string, string> = {};
  const rows: Row[] = [];
  console.log(
    '  GFLOP/s (quartiles) | ours, 1 thread | ours, 2 | OpenBLAS, 1 | OpenBLAS, 2 | ours / OpenBLAS, 1 | 2 |',
  );
  for (const p of products) {
    const row = await measure(p, versions);
    rows.push(row);
    const show = (name: string): string => {
      if (!Object.hasOwn(row.rates, name)) return '-';
      const { median, low, high } = row.rates[name];
      return `${median.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
    };
    const ratio = (threads: number): string =>
      Object.hasOwn(row.rates, `numpy ${threads}`)
        ? (row.rates[`ours ${threads}`].median / row.rates[`numpy ${threads}`].median).toFixed(2)
        : '-';
    const cells = ['ours', 'numpy'].flatMap((name) => threadCounts.map((threads) => show(`${name} ${threads}`)));
    console.log(`  | ${[row.product, ...cells, ...threadCounts.map(ratio)].join(' | ')} |`);
  }
  return { versions, rows };
}
