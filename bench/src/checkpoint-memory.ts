import { createCpu } from '@tensorloom/backend-cpu';
import { metered } from '@tensorloom/testkit';
import * as tl from 'tensorloom';
import { interleaved, showTime } from './measure.js';

const units = 64;
const batch = 8;
const policies = { 'save all': undefined, sqrt: 'sqrt' } as const;
type Policy = keyof typeof policies;

/** A run of the gradients of a BasicRNN over `steps` steps, which tells the most bytes that were live beyond the inputs. */
function contender(steps: number, checkpointEvery: tl.CheckpointEvery | undefined) {
  tl.resetDefaultGraph();
  const X = tl.placeholder('float32', [steps, batch, 1]);
  const cell = new tl.rnn.BasicRNNCell(units);
  const [, state] = tl.rnn.dynamicRnn(cell, X, { dtype: 'float32', timeMajor: true, checkpointEvery });
  const variables = tl.trainableVariables();
  const found = tl.gradients(tl.reduceSum(tl.square(state)), variables).filter((g) => g !== null);
  const start = variables.map((v) => {
    const data = Array.from({ length: tl.sizeOf(v.shape) }, (_, i) => 0.1 * Math.sin(3 * i));
    return v.assign(tl.constant(data, { shape: v.shape }));
  });
  const backend = metered(createCpu());
  const session = new tl.Session({ backend });
  session.runSync(start);
  const data = Float32Array.from({ length: steps * batch }, (_, i) => Math.sin(i));
  const run = (): readonly tl.NDArray[] => session.runSync(found, [[X, { shape: [steps, batch, 1], data }]]);
  const peak = (): number => {
    backend.reset();
    run();
    return backend.peak() - data.byteLength;
  };
  return { run, peak, close: () => session.close() };
}

const largestDifference = (a: readonly tl.NDArray[], b: readonly tl.NDArray[]): number => {
  const size = Math.max(...a.flatMap((x) => Array.from(x.data, Math.abs)));
  return Math.max(...a.flatMap((x, i) => Array.from(x.data, (v, j) => Math.abs(v - b[i].data[j])))) / size;
};

const kilobytes = (n: number): string => `${(n / 1024).toFixed(0)} KB`;

/**
 * The gradients of a BasicRNN of 64 units, with everything saved and with checkpoints every sqrt(T) steps: peak of live bytes beyond
 * the inputs, which should grow like sqrt(T), and time, which should be at most 1.7 times that of saving all. Prints a table.
 */
export async function checkpointMemory(lengths: readonly number[] = [256, 1024, 4096, 16_384]) {
  const rows: Record<string, unknown>[] = [];
  console.log(
    '  |      T | peak, save all | peak, sqrt | peak / sqrt(T) | time, save all | time, sqrt | ratio | difference |',
  );
  for (const steps of lengths) {
    const [all, root] = (Object.keys(policies) as Policy[]).map((p) => contender(steps, policies[p]));
    const difference = largestDifference(all.run(), root.run());
    const peaks = { all: all.peak(), sqrt: root.peak() };
    const times = await interleaved({ all: all.run, sqrt: root.run }, steps > 4096 ? 5 : 15, 3);
    all.close();
    root.close();
    const ratio = times.sqrt.median / times.all.median;
    rows.push({ steps, peaks, times, ratio, difference });
    console.log(
      `  | ${[steps, kilobytes(peaks.all), kilobytes(peaks.sqrt), kilobytes(peaks.sqrt / Math.sqrt(steps)), showTime(times.all), showTime(times.sqrt), ratio.toFixed(2), difference.toExponential(1)].join(' | ')} |`,
    );
  }
  return { rows };
}
