import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { opcodes } from '../../src/emit/instructions.js';
import { type Bytes, encodeModule } from '../../src/emit/module.js';
import { Memory } from '../../src/memory.js';
import { type Job, Pool } from '../../src/threads/pool.js';
import { workerSource } from '../../src/threads/worker-source.js';

const type = { parameters: ['i32', 'i32', 'i32', 'i32'], results: [] } as const;
const [BEGIN, END, THREAD, ARGS] = [0, 1, 2, 3];
const get = (local: number): Bytes => [opcodes.localGet, local];
const four = [opcodes.i32Const, 4, opcodes.i32Mul];
const unreachable = 0x00;

/** For each row: adds 1 to a word. Then writes the number of the thread to the first row's second word. */
const counting: Bytes = [
  ...[opcodes.loop, 0x40],
  ...[...get(ARGS), ...get(BEGIN), ...four, opcodes.i32Add, opcodes.localSet, 4],
  ...[...get(4), ...get(4), opcodes.i32Load, 2, 0, opcodes.i32Const, 1, opcodes.i32Add, opcodes.i32Store, 2, 0],
  ...[...get(BEGIN), opcodes.i32Const, 1, opcodes.i32Add, opcodes.localSet, BEGIN],
  ...[...get(BEGIN), ...get(END), opcodes.i32LtS, opcodes.brIf, 0, opcodes.end],
];
/** Fails on every thread but the first. */
const failing: Bytes = [...get(THREAD), opcodes.if, 0x40, unreachable, opcodes.end];
/** Writes the number of its thread at its first row, after a while, in which others may take what is left. */
const signing: Bytes = [
  ...[opcodes.i32Const, 0xc0, 0x84, 0x3d, opcodes.localSet, 4],
  ...[opcodes.loop, 0x40, ...get(4), opcodes.i32Const, 1, opcodes.i32Sub, opcodes.localSet, 4],
  ...[...get(4), opcodes.i32Const, 0, opcodes.i32GeS, opcodes.brIf, 0, opcodes.end],
  ...[...get(ARGS), ...get(BEGIN), ...four, opcodes.i32Add],
  ...[...get(THREAD), opcodes.i32Const, 1, opcodes.i32Add, opcodes.i32Store, 2, 0],
];

function start(code: Bytes): {
  memory: Memory;
  pool: Pool;
  run: (threads: number, rows: number, grain: number) => number[];
} {
  const memory = new Memory(1, 1000, true);
  const pool = new Pool(memory);
  const module = new WebAssembly.Module(encodeModule([], type, ['i32'], code, true));
  const job = new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports['run'] as Job;
  const id = pool.add({ module, imports: [], exports: ['run'] });
  const run = (threads: number, rows: number, grain: number): number[] => {
    const block = memory.allocate(4 * rows);
    const at = block.address / 4;
    memory.views.int32.fill(0, at, at + rows);
    pool.run(id, job, threads, rows, grain, block.address);
    const result = [...memory.views.int32.subarray(at, at + rows)];
    memory.release(block);
    return result;
  };
  return { memory, pool, run };
}

type Run = ReturnType<typeof start>['run'];

/** The threads that took a piece each. */
const takersOf = (signed: readonly number[]): number[] => signed.filter((t) => t !== 0);

/** Runs until these threads, and no others, take part. */
async function untilTaken(run: Run, by: readonly number[], threads = by.length): Promise<void> {
  for (;;) {
    const takers = [...new Set(takersOf(run(threads, 4 * threads, 4)))].sort();
    expect(by).toEqual(expect.arrayContaining(takers));
    if (takers.length === by.length) return;
    await setTimeout(5);
  }
}

describe('Pool', () => {
  it('computes every row once, on whatever threads', async () => {
    const { run, memory } = start(counting);
    run(3, 12, 4);
    await setTimeout(100);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 9 }),
        (threads, rows, grain) => {
          expect(run(threads, rows, grain)).toEqual(new Array(rows).fill(1));
        },
      ),
    );
    memory.allocate(20 * 65_536);
    expect(run(3, 1000, 4)).toEqual(new Array(1000).fill(1));
  });

  it('cuts rows into pieces, which all threads take', async () => {
    const { run } = start(signing);
    await untilTaken(run, [1, 2, 3]);
    expect(run(2, 8, 4).map((t) => t !== 0)).toEqual([0, 4].flatMap(() => [true, false, false, false]));
    expect(takersOf(run(3, 10, 4))).toHaveLength(2);
    expect(takersOf(run(3, 7, 4))).toHaveLength(1);
    expect(takersOf(run(2, 64, 4))).toHaveLength(4);
  });

  it('gives no job to a thread beyond those it was told to use', async () => {
    const { run, memory } = start(signing);
    const allocate = vi.spyOn(memory, 'allocate');
    await untilTaken(run, [1, 2, 3]);
    const [second] = allocate.mock.results.flatMap(({ type, value }) =>
      type === 'return' && value.capacity === 160 ? [Math.ceil(value.address / 64) * 16] : [],
    );
    // The second thread has a message to read, the third is free.
    Atomics.sub(memory.views.int32, second + 1, 1);
    expect(run(2, 8, 4)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
    await untilTaken(run, [1, 3], 3);
  });

  it('goes on without a worker that cannot make an instance of a module', async () => {
    const { run, pool } = start(counting);
    const needy = encodeModule([{ name: 'f', type }], type, [], [], true);
    pool.add({ module: new WebAssembly.Module(needy), imports: [{ name: 'f', from: 99 }], exports: ['run'] });
    for (let i = 0; i < 30; i++) {
      expect(run(2, 50, 4)).toEqual(new Array(50).fill(1));
      await setTimeout(10);
    }
  });

  it('goes on for many small jobs', async () => {
    const { run } = start(signing);
    await untilTaken(run, [1, 2]);
    for (let i = 0; i < 1000; i++) expect(takersOf(run(2, 8, 4))).toHaveLength(2);
  });

  it('reports a job that fails on another thread, and takes others after it', async () => {
    const { run } = start(failing);
    const failure = async (): Promise<unknown> => {
      for (;;) {
        try {
          run(2, 8, 4);
        } catch (e) {
          return e;
        }
        await setTimeout(5);
      }
    };
    expect(await failure()).toBeInstanceOf(WebAssembly.RuntimeError);
    expect(await failure()).toBeInstanceOf(WebAssembly.RuntimeError);
  });

  it('works alone where memory is not shared', () => {
    const memory = new Memory(1, 10, false);
    const pool = new Pool(memory);
    const module = new WebAssembly.Module(encodeModule([], type, ['i32'], counting, false));
    const job = new WebAssembly.Instance(module, { env: { memory: memory.memory } }).exports['run'] as Job;
    const id = pool.add({ module, imports: [], exports: ['run'] });
    const { address } = memory.allocate(64);
    pool.run(id, job, 4, 16, 4, address);
    expect([...memory.views.int32.subarray(address / 4, address / 4 + 16)]).toEqual(new Array(16).fill(1));
  });

  it('does not keep a program from ending while a worker waits', () => {
    const script = `
      const { Worker } = require('node:worker_threads');
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
      const worker = new Worker(${JSON.stringify(workerSource)}, { eval: true });
      worker.unref();
      const words = new Int32Array(memory.buffer);
      words[0] = 2;
      words[2] = 1;
      worker.postMessage({ memory, at: 0, job: 16, thread: 1, spins: 10 });
      const look = () => (words[0] === 0 ? setTimeout(() => console.log('done'), 50) : setTimeout(look, 10));
      look();`;
    expect(execFileSync(process.execPath, ['-e', script], { timeout: 20_000, encoding: 'utf8' })).toBe('done\n');
  });
});
