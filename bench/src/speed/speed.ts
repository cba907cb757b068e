import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosen } from '../chosen.js';
import { showTime, spreadOf } from '../measure.js';
import type { Peer } from '../peer.js';
import { pythonPeer } from '../python-peer.js';
import { inTurns, warmUp } from '../turns.js';
import { lossesAgree } from './losses.js';
import { nodePeer } from './node-peer.js';
import { ON_OTHER, OURS, type Outcome, type Ratio, type Ratios, isMet, ratiosOf } from './ratios.js';
import { allPeers, targets } from './targets.js';
import { type Workload, workloads, writeWorkload } from './workload.js';

/** A contender that has begun. */
interface Entered {
  readonly contender: string;
  readonly threads: number;
  readonly peer: Peer;
}

const PYTHON: Readonly<Record<string, string>> = {
  tensorflow: 'tensorflow_speed',
  pytorch: 'pytorch_speed',
  jax: 'jax_speed',
};

/** A contender; `NODE_OTHER` names another Node on which ours runs besides. */
function start(contender: string, letter: string, threads: number, folder: string): Promise<Peer | null> {
  if (Object.hasOwn(PYTHON, contender)) return pythonPeer(PYTHON[contender], [folder, threads]);
  if (contender !== ON_OTHER) return nodePeer(contender, letter, threads);
  const { NODE_OTHER } = process.env;
  return NODE_OTHER === undefined ? Promise.resolve(null) : nodePeer(OURS, letter, threads, { node: NODE_OTHER });
}

async function measure(letter: string, folder: string): Promise<Outcome[]> {
  const entered: Entered[] = [];
  try {
    const takePart = [OURS, ON_OTHER, ...Object.keys(targets[letter])];
    for (const contender of chosen('PEERS', takePart, [OURS, ON_OTHER, ...allPeers])) {
      for (const threads of chosen('THREADS', contender === 'jax-js' ? ['1'] : ['1', '2'], ['1', '2']).map(Number)) {
        const peer = await start(contender, letter, threads, folder);
        if (peer !== null) entered.push({ contender, threads, peer });
      }
    }
    checkLosses(letter, entered);
    for (const { peer } of entered) await warmUp(peer);
    const times = await inTurns(new Map(entered.map((e) => [e, e.peer])));
    const outcomes: Outcome[] = [];
    for (const [{ contender, threads, peer }, taken] of times) {
      const { first, versions } = peer.about;
      const memory = await peer.memory();
      outcomes.push({ contender, threads, time: spreadOf(taken), steps: taken.length, first, memory, versions });
    }
    return outcomes;
  } finally {
    entered.forEach(({ peer }) => peer.close());
  }
}

/** Throws when a contender computes something else than the first one. PyTorch's GRU is another one. */
function checkLosses(letter: string, entered: readonly Entered[]): void {
  for (const { contender, peer } of entered) {
    const [found, wanted] = [peer, entered[0].peer].map((p) => p.about.losses);
    if (lossesAgree(found, wanted) || (letter === 'D' && contender === 'pytorch')) continue;
    throw new Error(`speed ${letter}: losses of ${contender} differ: ${String(found)}, expected ${String(wanted)}.`);
  }
}

const showRatio = (of: string, r: Ratio): string => {
  const wanted =
    r.target === undefined ? '' : ` (at most ${r.target.toFixed(3)} wanted: ${isMet(r) ? 'met' : 'NOT met'})`;
  return `    ${of} ${r.ratio.toFixed(3)}${wanted}`;
};

function show(workload: Workload, outcomes: readonly Outcome[], ratios: Ratios): void {
  console.log(`  ${workload.title}`);
  for (const { contender, threads, time, first, memory } of outcomes) {
    const name = `${contender}, ${threads} thread${threads === 1 ? '' : 's'}`.padEnd(32);
    console.log(`    ${name} ${showTime(time)}; first ${first?.toFixed(0) ?? '?'} ms; ${memory.toFixed(0)} MB`);
  }
  const versions = outcomes.flatMap((o) => Object.entries(o.versions).map(([name, version]) => `${name} ${version}`));
  console.log(`    ${[...new Set(versions)].join('; ')}`);
  for (const r of ratios.time) {
    console.log(showRatio(r.to === ON_OTHER ? 'time on the other Node to this one' : `time to ${r.to}`, r));
  }
  for (const r of ratios.memory) console.log(showRatio(`memory to ${r.to}`, r));
}

/** One line for each ratio that is wanted, of all workloads. */
function showAll(ratios: ReadonlyMap<string, Ratios>): void {
  console.log('  | workload | ours to | ratio | wanted | |');
  for (const [letter, { time, memory }] of ratios) {
    for (const [of, r] of [...time.map((t) => ['time', t] as const), ...memory.map((m) => ['memory', m] as const)]) {
      if (r.target === undefined) continue;
      const cells = [`${letter}, ${of}`, r.to, r.ratio.toFixed(3), r.target.toFixed(3), isMet(r) ? 'met' : 'NOT met'];
      console.log(`  | ${cells.join(' | ')} |`);
    }
  }
}

/** The workloads A to F beside what people would pick instead, on the same processors in the same run. */
export async function speed(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'tensorloom-speed-'));
  const results: Record<string, unknown> = {};
  const all = new Map<string, Ratios>();
  try {
    for (const letter of chosen('SPEED', Object.keys(workloads))) {
      const at = join(folder, letter);
      await writeWorkload(workloads[letter], at);
      console.log(`  ${letter}`);
      const outcomes = await measure(letter, at);
      const ratios = ratiosOf(letter, outcomes);
      show(workloads[letter], outcomes, ratios);
      all.set(letter, ratios);
      results[letter] = { title: workloads[letter].title, outcomes, ratios };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  showAll(all);
  return { results };
}
