import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosen } from '../chosen.js';
import { type Spread, showTime, spreadOf } from '../measure.js';
import type { Peer } from '../peer.js';
import { pythonPeer } from '../python-peer.js';
import { inTurns, warmUp } from '../turns.js';
import { nodePeer } from './node-peer.js';
import { allPeers, memoryTargets, otherNodeTarget, targets } from './targets.js';
import { type Workload, workloads, writeWorkload } from './workload.js';

/** What each contender did. */
interface Outcome {
  readonly contender: string;
  readonly threads: number;
  readonly time: Spread;
  readonly steps: number;
  /** Milliseconds to the end of the first step, modules loaded. */
  readonly first: number | undefined;
  readonly memory: number;
  readonly versions: Readonly<Record<string, string>>;
}

interface Entered {
  readonly contender: string;
  readonly threads: number;
  readonly peer: Peer;
}

const OURS = 'tensorloom';
const ON_OTHER = 'tensorloom-other';
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

/** A comparison is fair only if all compute the same. PyTorch's GRU is another one. */
function checkLosses(letter: string, entered: readonly Entered[]): void {
  const losses = (e: Entered): readonly number[] => e.peer.about.losses ?? [];
  const [ours] = entered;
  for (const e of entered) {
    if (letter === 'D' && e.contender === 'pytorch') continue;
    const agree = (x: number, i: number): boolean => Math.abs(x - losses(ours)[i]) <= 1e-3 * Math.max(1, Math.abs(x));
    const differ = !losses(e).every(agree) || losses(e).length !== losses(ours).length;
    if (differ) {
      throw new Error(
        `speed ${letter}: losses of ${e.contender} differ: ${losses(e).join()} and ${losses(ours).join()}.`,
      );
    }
  }
}

const fastest = (outcomes: readonly Outcome[], contender: string): Outcome | undefined =>
  outcomes.filter((o) => o.contender === contender).sort((a, b) => a.time.median - b.time.median)[0];

/** A ratio to a peer, of times or of memory, and what it should be at most. That of ours on another Node is to ours on this one. */
interface Ratio {
  readonly to: string;
  readonly ratio: number;
  readonly target: number | undefined;
}

function ratiosOf(letter: string, outcomes: readonly Outcome[]): { time: Ratio[]; memory: Ratio[] } {
  const ours = fastest(outcomes, OURS);
  const others = [...new Set(outcomes.map((o) => o.contender))].filter((name) => name !== OURS);
  const peers = others.flatMap((name) => fastest(outcomes, name) ?? []);
  if (ours === undefined) return { time: [], memory: [] };
  return {
    time: peers.map(({ contender, time }) =>
      contender === ON_OTHER
        ? { to: contender, ratio: time.median / ours.time.median, target: otherNodeTarget }
        : { to: contender, ratio: ours.time.median / time.median, target: targets[letter][contender] },
    ),
    memory: peers
      .filter(({ contender }) => Object.hasOwn(memoryTargets, contender))
      .map(({ contender, memory }) => ({
        to: contender,
        ratio: ours.memory / memory,
        target: memoryTargets[contender],
      })),
  };
}

const showRatio = (of: string, { ratio, target }: Ratio): string =>
  `    ${of} ${ratio.toFixed(3)}${target === undefined ? '' : ` (at most ${target.toFixed(3)} wanted: ${ratio <= target ? 'met' : 'NOT met'})`}`;

function show(workload: Workload, outcomes: readonly Outcome[], ratios: ReturnType<typeof ratiosOf>): void {
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

/** The workloads A to F beside what people would pick instead, on the same processors in the same run. */
export async function speed(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'tensorloom-speed-'));
  const results: Record<string, unknown> = {};
  try {
    for (const letter of chosen('SPEED', Object.keys(workloads))) {
      const at = join(folder, letter);
      await writeWorkload(workloads[letter], at);
      console.log(`  ${letter}`);
      const outcomes = await measure(letter, at);
      const ratios = ratiosOf(letter, outcomes);
      show(workloads[letter], outcomes, ratios);
      results[letter] = { title: workloads[letter].title, outcomes, ratios };
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return { results };
}
