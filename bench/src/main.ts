import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { buildAndLower } from './build-and-lower.js';
import { checkpointMemory } from './checkpoint-memory.js';
import { loopRewriteShares } from './loop-rewrite-shares.js';
import { matmul } from './matmul.js';
import { smallLoop } from './small-loop.js';
import { ablation } from './speed/ablation.js';
import { dynamicAndStatic } from './speed/dynamic-and-static.js';
import { speed } from './speed/speed.js';
import { staticRnnLength } from './static-rnn-length.js';

const benchmarks: Record<string, () => Promise<Record<string, unknown>>> = {
  ablation,
  'build-and-lower': buildAndLower,
  'checkpoint-memory': checkpointMemory,
  'dynamic-and-static': dynamicAndStatic,
  'loop-rewrite-shares': loopRewriteShares,
  matmul,
  'small-loop': smallLoop,
  speed,
  'static-rnn-length': staticRnnLength,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { save: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(`bench: expected ${Object.keys(benchmarks).join(' or ')}, got ${unknown.join(', ')}.`);
  process.exit(2);
}

/** What is measured, before results are written: `-dirty` where the working tree is not what was committed. */
const commit = values.save
  ? execFileSync('git', ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'], { encoding: 'utf8' }).trim()
  : undefined;

const machine = `Node ${process.versions.node}, ${cpus().length} processors`;
console.log(machine);
for (const name of positionals.length > 0 ? positionals : Object.keys(benchmarks)) {
  console.log(name);
  const result = await benchmarks[name]();
  if (values.save) {
    await mkdir('bench/results', { recursive: true });
    await writeFile(`bench/results/${name}.json`, `${JSON.stringify({ machine, commit, ...result }, null, 2)}\n`);
  }
}
