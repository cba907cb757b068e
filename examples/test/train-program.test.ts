import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { trainProgram } from '../src/train-program.js';
import type { TrainingProgram } from '../src/training-program.js';

/** Learns nothing, but tells what a program does. */
const program: TrainingProgram = async function* ({ iterations = 2, signal } = {}) {
  yield { kind: 'training', title: 'nothing', steps: iterations };
  for (let i = 0; i < iterations && signal?.aborted !== true; i++) {
    if (i === 1) yield { kind: 'line', text: 'half way' };
    yield { kind: 'step', loss: i };
  }
  yield { kind: 'line', text: 'learned' };
  yield { kind: 'file', name: 'nothing.bin', about: 'Nothing', contents: Uint8Array.of(1, 2, 3) };
};

describe('trainProgram', () => {
  const start = process.cwd();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'examples-'));
    process.chdir(folder);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    process.chdir(start);
    await rm(folder, { recursive: true });
  });

  async function train(iterations: number | undefined, quiet: boolean, signal = new AbortController().signal) {
    const out: string[] = [];
    const err: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => out.push(line));
    vi.spyOn(console, 'error').mockImplementation((line: string) => err.push(line));
    const options = { epochs: undefined, iterations, backend: 'cpu', quiet };
    const finished = await trainProgram(program, options, {}, signal);
    return { finished, out, err };
  }

  it('prints its lines, keeps its files, and tells on stderr what it does', async () => {
    const { finished, out, err } = await train(undefined, false);
    expect(finished).toBe(true);
    expect(out).toEqual(['half way', 'learned', `Nothing: ${join('runs', 'nothing.bin')}`]);
    expect(err).toEqual(['nothing: 2 steps, backend cpu']);
    expect([...(await readFile(join('runs', 'nothing.bin')))]).toEqual([1, 2, 3]);
  });

  it('interrupted, says so, and keeps what there is', async () => {
    const interruption = new AbortController();
    setImmediate(() => interruption.abort());
    const { finished, out, err } = await train(1_000_000, true, interruption.signal);
    expect(finished).toBe(false);
    expect(err).toHaveLength(1);
    const [, done] = /^Interrupted after (\d+) of 1000000 steps\.$/.exec(err[0]) ?? [];
    expect(Number(done)).toBeLessThan(1_000_000);
    expect(out.at(-1)).toMatch(/^Nothing: /);
  });

  it('quiet, says nothing but results', async () => {
    expect((await train(3, true)).err).toEqual([]);
  });
});
