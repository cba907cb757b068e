import { showTime, spreadOf } from '../measure.js';
import type { Peer } from '../peer.js';
import { inTurns, warmUp } from '../turns.js';
import { nodePeer } from './node-peer.js';

/** The workload of 28 steps. */
const LETTER = 'A';
const THREADS = 2;
/** Processes of each: the first step of a process is the one that has everything still to do. */
const PROCESSES = 5;

const contenders = { dynamic: 'tensorloom', static: 'tensorloom-static' } as const;
type Kind = keyof typeof contenders;
const kinds = Object.keys(contenders) as Kind[];

/**
 * `dynamicRnn`, a loop in the graph, beside `staticRnn`, a copy of the cell for each step, at 28 steps: time of a step, which should be
 * at most 1.1 times as long, and time of the first run, which lowers, binds and compiles, which should be less than a fifth.
 */
export async function dynamicAndStatic(): Promise<Record<string, unknown>> {
  const first: Record<Kind, number[]> = { dynamic: [], static: [] };
  const firstRun: Record<Kind, number[]> = { dynamic: [], static: [] };
  const peers = new Map<Kind, Peer>();
  try {
    for (let i = 0; i < PROCESSES; i++) {
      for (const kind of kinds) {
        const peer = await nodePeer(contenders[kind], LETTER, THREADS);
        if (peer === null) throw new Error(`dynamic-and-static: ${contenders[kind]} does not start.`);
        first[kind].push(peer.about.first ?? NaN);
        firstRun[kind].push(peer.about.firstRun ?? NaN);
        peers.get(kind)?.close();
        peers.set(kind, peer);
      }
    }
    for (const peer of peers.values()) await warmUp(peer);
    const times = await inTurns(peers);
    const results = Object.fromEntries(
      kinds.map((kind) => [
        kind,
        { step: spreadOf(times.get(kind) ?? []), firstRun: spreadOf(firstRun[kind]), first: spreadOf(first[kind]) },
      ]),
    );
    for (const kind of kinds) {
      const { step, ...begun } = results[kind];
      const run = `first run ${showTime(begun.firstRun)}, with making the graph ${showTime(begun.first)}`;
      console.log(`  ${kind.padEnd(8)} step ${showTime(step)}; ${run}`);
    }
    const ratio = (of: 'step' | 'firstRun' | 'first'): number => results.dynamic[of].median / results.static[of].median;
    const ratios = { step: ratio('step'), firstRun: ratio('firstRun'), first: ratio('first') };
    console.log(`  ratio of steps ${ratios.step.toFixed(2)} (at most 1.10 wanted)`);
    console.log(
      `  ratio of first runs ${ratios.firstRun.toFixed(2)} (under 0.20 wanted), with making the graph ${ratios.first.toFixed(2)}`,
    );
    return { workload: LETTER, threads: THREADS, results, ratios };
  } finally {
    for (const peer of peers.values()) peer.close();
  }
}
