import { createInterface } from 'node:readline';
import type { Contender } from './contender.js';
import { peakMemory } from './peak-memory.js';
import { type Workload, workloads } from './workload.js';

/** Makes a contender; the variant is one of its own. */
type Make = (w: Workload, threads: number, variant?: string) => Promise<Contender>;

/** The contenders that run on Node, which are loaded when they are asked for. */
const contenders: Readonly<Record<string, () => Promise<Make>>> = {
  tensorloom: async () => (await import('./contenders/tensorloom.js')).tensorloom,
  'tensorloom-static': async () => (await import('./contenders/tensorloom.js')).tensorloomStatic,
  tfjs: async () => (await import('./contenders/tfjs.js')).tfjs,
  'tfjs-workaround': async () => (await import('./contenders/tfjs.js')).tfjsWorkaround,
  'jax-js': async () => (await import('./contenders/jax-js.js')).jaxJs,
};

// The process of one contender: its arguments are the contender, the workload, the number of threads, and a variant of
// the contender if it has some. See `Peer` for what it says.
const [name, letter, threads, variant] = process.argv.slice(2);
const make = await contenders[name]();
const start = performance.now();
const contender = await make(workloads[letter], Number(threads), variant);
const made = performance.now();
const losses = [await contender.step()];
const end = performance.now();
const [first, firstRun] = [end - start, end - made];
for (let i = 0; i < 2; i++) losses.push(await contender.step());
console.log(
  JSON.stringify({ versions: { node: process.versions.node, ...contender.versions }, first, firstRun, losses }),
);
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'memory') console.log(await peakMemory());
  else {
    const times: number[] = [];
    for (let i = 0; i < Number(line); i++) {
      const began = performance.now();
      await contender.step();
      times.push(performance.now() - began);
    }
    console.log(JSON.stringify(times));
  }
}
