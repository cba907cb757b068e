import * as tl from 'tensorloom';
import { lower } from '@tensorloom/runtime';
import { spreadOf, timed } from './measure.js';

const sizes = [10_000, 100_000] as const;
const phases = ['build', 'lower'] as const;
type Times = Record<(typeof phases)[number], number>;

/** Milliseconds to build a graph of about `nodes` nodes, a static LSTM with its gradients, and to lower it. */
async function measure(nodes: number): Promise<Times & { readonly nodes: number }> {
  tl.resetDefaultGraph();
  let fetches: tl.Tensor[] = [];
  let X: tl.Tensor | undefined;
  // A step of an LSTM and its gradient come to about this many nodes.
  const steps = Math.round(nodes / 53);
  const build = await timed(() => {
    X = tl.placeholder('float32', [2, steps, 3]);
    const [, { h }] = tl.rnn.staticRnn(new tl.rnn.BasicLSTMCell(4), tl.unstack(X, { axis: 1 }), { dtype: 'float32' });
    fetches = tl.gradients(tl.reduceSum(h.square()), tl.trainableVariables()).filter((g) => g !== null);
  });
  const fed = X === undefined ? [] : [X];
  const time = await timed(() => lower(fetches, [], fed));
  return { nodes: tl.defaultGraph().nodes.length, build, lower: time };
}

/** Time to build and lower graphs of about 10,000 and 100,000 nodes, whose ratio should be at most 13. */
export async function buildAndLower(): Promise<Record<string, unknown>> {
  await measure(2000);
  const rows: Record<string, unknown>[] = [];
  const totals: number[] = [];
  for (const size of sizes) {
    const runs = [await measure(size), await measure(size), await measure(size)];
    const [{ nodes }] = runs;
    const times = Object.fromEntries(phases.map((p) => [p, spreadOf(runs.map((r) => r[p]))]));
    const total = spreadOf(runs.map((r) => r.build + r.lower));
    totals.push(total.median);
    rows.push({ nodes, times, total });
    const each = phases.map((p) => `${p} ${times[p].median.toFixed(0)} ms`).join(', ');
    console.log(`  ${nodes} nodes: ${each}, together ${total.median.toFixed(0)} ms`);
  }
  const ratio = totals[1] / totals[0];
  console.log(`  ratio ${ratio.toFixed(1)} (at most 13 wanted)`);
  return { rows, ratio };
}
