import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readLog, writeLog } from '../src/training-log.js';

const settings = { title: 'MNIST', seed: 1, limit: null };
const accuracies = [0.1, 0.2, 0.3].map((accuracy) => ({ train: accuracy, test: accuracy }));
const log = { settings, losses: [7, 6, 5, 4, 3, 2], accuracies };

async function path(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'runs', 'log.json');
}

test('is read as it was after so many steps, before the epoch that ended with them told how it went', async () => {
  const file = await path();
  await writeLog(file, log);
  const at = async (steps: number) => {
    const { losses, accuracies } = await readLog(file, settings, steps, 2);
    return [losses.length, accuracies.length];
  };
  expect(await Promise.all([1, 2, 3, 4, 5, 6].map(at))).toEqual([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 1],
    [5, 2],
    [6, 2],
  ]);
});

test('of another run, or too short, or not there, it is refused', async () => {
  const file = await path();
  await expect(readLog(file, settings, 1, 2)).rejects.toThrow(`--resume: cannot read ${file}. Train from the start`);
  await writeLog(file, log);
  await expect(readLog(file, { ...settings, seed: 2 }, 1, 2)).rejects.toThrow(
    '"seed":1,"limit":null}, got {"title":"MNIST","seed":2',
  );
  await expect(readLog(file, settings, 7, 2)).rejects.toThrow('ends after 6 steps, the checkpoint after 7.');
  await writeFile(file, '{');
  await expect(readLog(file, settings, 1, 2)).rejects.toThrow(`--resume: cannot read ${file}.`);
});
