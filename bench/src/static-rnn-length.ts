import * as tl from 'tensorloom';
import { type Spread, showTime, spreadOf, timed } from './measure.js';

const lengths = [1000, 10_000] as const;
const phases = ['build', 'gradients', 'first run', 'second run'] as const;
type Times = Record<(typeof phases)[number], number>;

/** Milliseconds of each phase of a static RNN of `steps` steps, forwards and backwards. */
async function measure(steps: number): Promise<Times> {
  tl.resetDefaultGraph();
  let X: tl.Tensor | undefined;
  let loss: tl.Tensor | undefined;
  const build = await timed(() => {
    X = tl.placeholder('float32', [1, steps, 4]);
    const [, state] = tl.rnn.staticRnn(new tl.rnn.BasicRNNCell(8), tl.unstack(X, { axis: 1 }), { dtype: 'float32' });
    loss = tl.reduceSum(tl.square(state));
  });
  if (X === undefined || loss === undefined) throw new Error('static-rnn-length: nothing was built.');
  let found: tl.Tensor[] = [];
  const y = loss;
  const gradients = await timed(() => {
    found = tl.gradients(y, tl.trainableVariables()).filter((g) => g !== null);
  });
  const session = new tl.Session();
  await session.run(tl.globalVariablesInitializer());
  const feeds = [[X, { shape: [1, steps, 4], data: new Float32Array(steps * 4).fill(0.1) }]] as const;
  const first = await timed(() => session.run([y, ...found], feeds));
  const second = await timed(() => session.run([y, ...found], feeds));
  session.close();
  return { build, gradients, 'first run': first, 'second run': second };
}

/** A static RNN of 1,000 and of 10,000 steps: prints the phases and the ratio of the totals, which should be at most 13. */
export async function staticRnnLength(): Promise<Record<string, unknown>> {
  for (const steps of [100, 1000]) await measure(steps);
  const runs = new Map<number, Times[]>(lengths.map((n) => [n, []]));
  for (let round = 0; round < 3; round++) for (const n of lengths) runs.get(n)?.push(await measure(n));
  const total = (t: Times): number => phases.reduce((sum, p) => sum + t[p], 0);
  const totals: Spread[] = [];
  for (const n of lengths) {
    const times = runs.get(n) ?? [];
    const median = phases.map((p) => `${p} ${spreadOf(times.map((t) => t[p])).median.toFixed(0)} ms`);
    totals.push(spreadOf(times.map(total)));
    console.log(`  ${n} steps: ${median.join(', ')}; total ${showTime(totals[totals.length - 1])}`);
  }
  const ratio = totals[1].median / totals[0].median;
  console.log(`  ratio of totals ${ratio.toFixed(1)} (at most 13 wanted)`);
  return { totals, ratio };
}
