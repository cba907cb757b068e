import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import * as tl from 'tensorloom';

beforeEach(() => tl.resetDefaultGraph());

const guide = readFileSync(new URL('../../../docs/summaries.md', import.meta.url), 'utf8');
const source = readFileSync(new URL(import.meta.url), 'utf8');

/** Fits a line, and writes how that goes to a folder. */
async function fitLine(logdir: string): Promise<void> {
  const X = tl.placeholder('float32', [null], { name: 'X' });
  const y = tl.placeholder('float32', [null], { name: 'y' });
  const slope = tl.variable(0, { name: 'slope' });
  const errors = X.mul(slope).sub(y);
  const loss = tl.reduceMean(tl.square(errors));
  const trainingOp = new tl.train.GradientDescentOptimizer({ learningRate: 0.01 }).minimize(loss);

  tl.summary.scalar('mse', loss);
  tl.summary.histogram('errors', errors);
  const merged = tl.summary.mergeAll();

  await using sess = new tl.Session();
  using writer = new tl.summary.FileWriter(logdir, sess.graph);
  await sess.run(tl.globalVariablesInitializer());
  const points = [
    [X, [1, 2, 3]],
    [y, [2, 4, 6]],
  ] as const;
  for (let step = 0; step < 20; step++) {
    const { told } = await sess.run({ trainingOp, told: merged }, points);
    writer.addSummary(told, step);
  }
}

/** What the letters of some ids are, in an event file. */
async function spell(alphabet: string, values: readonly number[]): Promise<Blob> {
  const ids = tl.placeholder('int32', [null], { name: 'ids' });
  const feeds = [[ids, values]] as const;
  await using sess = new tl.Session();
  const letters = tl.summary.text('letters', (ids) => [...ids.data].map((id) => alphabet[id]).join(''), { of: [ids] });
  const buffer = new tl.summary.EventBuffer();
  buffer.addSummary(await sess.run(letters, feeds), 1);
  const file = new Blob([buffer.toBytes()]);
  return file;
}

/** Text whatever its indentation. */
const unindented = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n');

test('the snippets of docs/summaries.md are those that are tested', () => {
  const snippets = guide.match(/(?<=```ts\n).*?(?=```)/gs) ?? [];
  expect(snippets).toHaveLength(3);
  for (const snippet of snippets) expect(unindented(source)).toContain(unindented(snippet));
});

test('a line is fitted, and its file tells of each step, and of the graph', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'summaries-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  await fitLine(folder);
  const [name, ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  const text = readFileSync(join(folder, name)).toString('latin1');
  for (const tag of ['\x03mse\x15', '\x06errors*']) expect(text.split(tag)).toHaveLength(21);
  expect(text).toContain('VariableV2');
});

test('letters are spelled', async () => {
  expect(await (await spell('abc', [2, 0, 1])).text()).toContain('cab');
});
