import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Memory } from '../src/memory.js';
import { type Kernels, chooseSimd, instantiate } from '../src/wasm.js';

const LINE = 64;
const N = 9000;
const K = 1100;
const memory = new Memory(400, 65_536, true);
const { wasm, module }: Kernels = instantiate(chooseSimd('auto'), memory);
const room = (bytes: number): number => Math.ceil(memory.allocate(bytes + LINE).address / LINE) * LINE;
const [a, b, packed, c] = [4 * K, 4e6, 4e6, 4 * N].map(room);
const scratch = room(wasm.matmulScratch(1, N, K));
const meeting = room(wasm.meetingBytes(3));
/** Of each thread, how often it has begun to help, and how often it has ended. */
const counts = room(4 * 3 * 2);
const { float32: floats, int32: words, bool: bytes } = memory.views;

beforeAll(() => {
  for (let i = 0; i < 1e6; i++) floats[b / 4 + i] = Math.cos(i);
  for (let i = 0; i < K; i++) floats[a / 4 + i] = Math.sin(i);
});

/** A thread that runs `code` whenever the first one has begun to multiply. */
function begin(thread: number, code: string): Worker {
  const worker = new Worker(
    `const { memory, module, meeting, counts, thread } = require('node:worker_threads').workerData;
     const words = new Int32Array(memory.buffer, meeting, 100);
     const done = new Int32Array(memory.buffer, counts + 8 * thread, 2);
     const { helpJob } = new WebAssembly.Instance(module, { env: { memory } }).exports;
     for (;;) {
       while (Atomics.load(words, 0) <= 0);
       Atomics.add(done, 0, 1);
       ${code}
       Atomics.add(done, 1, 1);
     }`,
    { eval: true, execArgv: [], workerData: { memory: memory.memory, module, meeting, counts, thread } },
  );
  worker.unref();
  return worker;
}

const count = (thread: number, which: 0 | 1): number => Atomics.load(words, counts / 4 + 2 * thread + which);
/** The result, which is forgotten. */
function take(n: number): Uint8Array {
  const result = bytes.slice(c, c + 4 * n);
  floats.fill(NaN, c / 4, c / 4 + n);
  return result;
}

/** Several products on whatever threads there are, until all have come. */
function together(threads: readonly number[], n: number, k: number): Uint8Array[] {
  const before = threads.map((t) => count(t, 0));
  const results: Uint8Array[] = [];
  wasm.comeTogether(meeting, 3);
  while (results.length < 3 || threads.some((t, i) => count(t, 0) === before[i])) {
    wasm.multiplyTogether(meeting, a, 1, packed, c, n, k);
    results.push(take(n));
  }
  wasm.goHome(meeting);
  while (threads.some((t) => count(t, 0) !== count(t, 1)));
  return results;
}

const shapes = fc.record({ n: fc.integer({ min: 2, max: N }), k: fc.integer({ min: 1, max: K }) });

/** Products of all shapes on these threads, compared with those of one. */
function compare(threads: readonly number[]): void {
  fc.assert(
    fc.property(
      shapes.filter(({ n, k }) => n * k < 1e6),
      ({ n, k }) => {
        wasm.packFloat32(b, n, 1, packed, n, k);
        wasm.matmulPacked(a, k, 1, packed, c, n, 1, n, k, scratch);
        const alone = take(n);
        for (const result of together(threads, n, k)) expect(Buffer.compare(result, alone)).toBe(0);
      },
    ),
    { numRuns: 30 },
  );
}

describe('multiplyTogether', () => {
  it('gives the same bits with and without help', async () => {
    const helpers = [1, 2].map((thread) => begin(thread, `helpJob(0, 0, thread, meeting);`));
    compare([1, 2]);
    await Promise.all(helpers.map((helper) => helper.terminate()));
    compare([]);
  });

  it('has help: parts are computed in the memory of another thread', async () => {
    const helper = begin(1, `helpJob(0, 0, thread, meeting);`);
    const [n, k] = [1024, 900];
    wasm.packFloat32(b, n, 1, packed, n, k);
    const own = wasm.meetingBytes(1) + meeting;
    floats.fill(NaN, own / 4, own / 4 + 4);
    for (let i = 0; i < 50 && Number.isNaN(floats[own / 4]); i++) together([1], n, k);
    expect(floats[own / 4]).not.toBeNaN();
    await helper.terminate();
  });

  it('does itself what a helper has taken and does not do', async () => {
    const held = begin(
      1,
      `for (let product; (product = Atomics.load(words, 0)) > 0; ) {
         for (let part = 0; part < 64; part += 2) Atomics.compareExchange(words, 32 + part, 4 * product, 4 * product + 1);
       }`,
    );
    compare([1]);
    await held.terminate();
  });
});
