import { createCpu } from '@tensorloom/backend-cpu';
import { type Pass, ProgramRunner, loopRewrites, lower, passesWithout } from '@tensorloom/runtime';
import * as tl from 'tensorloom';
import { interleaved } from './measure.js';

const batches = [64, 1];
const steps = 28;
const depth = 100;
const cells: Record<string, () => tl.rnn.Cell> = {
  'BasicRNN 150': () => new tl.rnn.BasicRNNCell(150),
  'BasicLSTM 100': () => new tl.rnn.BasicLSTMCell(100),
  'GRU 100': () => new tl.rnn.GRUCell(100),
  'BasicRNN 100, three layers': () => new tl.rnn.MultiRNNCell([1, 2, 3].map(() => new tl.rnn.BasicRNNCell(100))),
};
type Rewrite = keyof typeof loopRewrites;
const rewrites = Object.keys(loopRewrites) as Rewrite[];

/** With all rewrites, without each of them, and without any. */
const contenders: Record<string, readonly Pass[]> = {
  all: passesWithout(),
  ...Object.fromEntries(rewrites.map((name) => [`no ${name}`, passesWithout(name)])),
  none: passesWithout(...rewrites),
};

/**
 * The gradients of all variables of an RNN over 28 steps, with and without each rewrite of loops. Prints how many times as long they
 * take without it as with all: what the rewrite is worth.
 */
export async function loopRewriteShares(): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown>[] = [];
  const names = Object.keys(contenders);
  console.log(`  | cell | ${['all, ms', ...names.slice(1)].join(' | ')} |`);
  const cases = batches.flatMap((batch) => Object.entries(cells).map(([cell, make]) => ({ batch, cell, make })));
  for (const { batch, cell, make } of cases) {
    tl.resetDefaultGraph();
    const X = tl.placeholder('float32', [batch, steps, depth]);
    const lengths = tl.placeholder('int32', [batch]);
    const [outputs] = tl.rnn.dynamicRnn(make(), X, { dtype: 'float32', sequenceLength: lengths });
    const loss = tl.reduceSum(outputs.square());
    const found = tl.gradients(loss, tl.trainableVariables()).filter((g) => g !== null);
    const runner = new ProgramRunner(createCpu());
    runner.run(lower([], [tl.globalVariablesInitializer()], []));
    const fed = [
      {
        dtype: 'float32' as const,
        shape: [batch, steps, depth],
        data: new Float32Array(batch * steps * depth).fill(0.1),
      },
      { dtype: 'int32' as const, shape: [batch], data: new Int32Array(batch).fill(steps) },
    ];
    const times = await interleaved(
      Object.fromEntries(
        names.map((name) => {
          const program = lower([loss, ...found], [], [X, lengths], contenders[name]);
          return [name, () => runner.run(program, fed)];
        }),
      ),
      30,
      5,
    );
    runner.close();
    const { median } = times.all;
    const ratios = Object.fromEntries(names.slice(1).map((name) => [name, times[name].median / median]));
    rows.push({ cell, batch, times, ratios });
    console.log(
      `  | ${[`${cell}, batch ${batch}`, median.toFixed(1), ...Object.values(ratios).map((r) => r.toFixed(2))].join(' | ')} |`,
    );
  }
  return { rows };
}
