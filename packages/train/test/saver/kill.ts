import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { constant, variable } from '@tensorloom/graph';
import { Saver, latestCheckpoint } from '@tensorloom/train';
import { build } from 'vite';
import { expect } from 'vitest';
import { alias } from '../../../../vitest.aliases.js';
import { folder, program } from './sessions.js';
import { size } from './saving-child.js';

/** The saving program as one file that Node runs without a test runner. */
async function bundle(into: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias },
    build: {
      ssr: fileURLToPath(new URL('saving-child.ts', import.meta.url)),
      outDir: into,
      rolldownOptions: { output: { entryFileNames: 'child.mjs' } },
    },
    ssr: { noExternal: true },
  });
  return join(into, 'child.mjs');
}

/** Tells the steps that a child says it has saved. */
async function untilKilled(child: ChildProcess, afterMs: number): Promise<number> {
  let saved = 0;
  let errors = '';
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  child.stderr?.on('data', (text: Buffer) => (errors += text.toString()));
  lines.on('line', (line) => {
    if (saved === 0) setTimeout(() => child.kill('SIGKILL'), afterMs);
    saved = Number(line);
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (code, signal) => resolve([code, signal])),
  );
  expect([code, signal, errors]).toEqual([null, 'SIGKILL', '']);
  return saved;
}

/**
 * Kills programs that save and save, each going on from what the last one left, at random moments. Whatever they said they have saved is
 * there, and the newest checkpoint is a whole one. Returns how many were killed while a file was being written.
 */
export async function killWhileSaving(times: number): Promise<number> {
  const child = await bundle(folder());
  const dir = folder();
  const path = join(dir, 'model');
  let unfinished = 0;
  let last = 0;
  for (let i = 0; i < times; i++) {
    const running = spawn(process.execPath, [child, path], { stdio: ['ignore', 'pipe', 'pipe'] });
    const saved = await untilKilled(running, 30 * Math.random());
    expect(saved).toBeGreaterThan(last);
    const latest = (await latestCheckpoint(dir)) ?? '';
    const step = Number(latest.slice(latest.lastIndexOf('-') + 1));
    expect(step).toBeGreaterThanOrEqual(saved);
    const { session, v, saver } = program(() => ({
      v: variable(() => constant(0, { shape: [size], dtype: 'int32' }), { name: 'v' }),
      saver: new Saver(),
    }));
    await saver.restore(session, latest);
    expect(new Set((await session.run(v)).data)).toEqual(new Set([step]));
    const files = readdirSync(dir);
    const partial = files.filter((name) => name.endsWith('.partial'));
    // The index, two checkpoints, and what a kill may leave: two more that are not named yet or about to be removed, and one that is unfinished.
    expect(partial.length).toBeLessThanOrEqual(1);
    expect(files.length - partial.length).toBeLessThanOrEqual(5);
    unfinished += partial.length;
    last = saved;
  }
  return unfinished;
}
