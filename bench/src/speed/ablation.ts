import { createCpu } from '@tensorloom/backend-cpu';
import { chosen } from '../chosen.js';
import { type Spread, spreadOf } from '../measure.js';
import type { Peer } from '../peer.js';
import { inTurns, warmUp } from '../turns.js';
import { ALL, variants } from './contenders/variants.js';
import { lossesAgree } from './losses.js';
import { nodePeer } from './node-peer.js';
import { workloads } from './workload.js';

const THREADS = 2;

/** What makes no difference on this engine is not measured. */
function possibleVariants(): string[] {
  const isRelaxed = createCpu().description.includes('relaxed');
  return Object.keys(variants).filter((name) => isRelaxed || name !== 'no relaxed SIMD');
}

/** Times of a step with everything on, and without each thing, in processes of their own. Throws when their losses differ. */
async function measure(letter: string, names: readonly string[]): Promise<Record<string, Spread>> {
  const peers = new Map<string, Peer>();
  try {
    for (const variant of names) {
      const peer = await nodePeer('tensorloom', letter, THREADS, { variant });
      if (peer === null) throw new Error(`ablation ${letter}: '${variant}' does not start.`);
      peers.set(variant, peer);
      const [found, wanted] = [peer, peers.get(ALL)].map((p) => p?.about.losses);
      if (lossesAgree(found, wanted)) continue;
      throw new Error(`ablation ${letter}: '${variant}' has losses ${String(found)}, expected ${String(wanted)}.`);
    }
    for (const peer of peers.values()) await warmUp(peer);
    const times = await inTurns(peers);
    return Object.fromEntries(Array.from(times, ([name, taken]) => [name, spreadOf(taken)]));
  } finally {
    for (const peer of peers.values()) peer.close();
  }
}

/**
 * The workloads with everything that the library does for speed, and without each of it in turn: how many times as long a step takes
 * without it is what it is worth. Prints a table.
 */
export async function ablation(): Promise<Record<string, unknown>> {
  const names = possibleVariants();
  const rows: Record<string, unknown>[] = [];
  console.log(`  | ${['workload', 'all, ms', ...names.slice(1)].join(' | ')} |`);
  for (const letter of chosen('SPEED', Object.keys(workloads))) {
    const times = await measure(letter, names);
    const { median } = times[ALL];
    const ratios = Object.fromEntries(names.slice(1).map((name) => [name, times[name].median / median]));
    rows.push({ workload: letter, times, ratios });
    console.log(`  | ${[letter, median.toFixed(2), ...Object.values(ratios).map((r) => r.toFixed(2))].join(' | ')} |`);
  }
  return { threads: THREADS, rows };
}
