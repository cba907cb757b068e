import * as tl from 'tensorloom';
import { type Spread, spreadOf, timed } from './measure.js';
import { pythonPeer } from './python-peer.js';

const trips = 20_000;
const rounds = 30;
const warmUp = 5;

/** Times per iteration in microseconds, of times per run in milliseconds. */
const perTrip = (times: readonly number[]): Spread => spreadOf(times.map((t) => (t * 1000) / trips));

const show = (name: string, { median, low, high }: Spread): string =>
  `  ${name.padEnd(20)} ${median.toFixed(2)} us per iteration (${low.toFixed(2)} to ${high.toFixed(2)})`;

/** A loop of a counter and a scalar add on the CPU backend, beside TensorFlow's session with both its kinds of control flow. */
export async function smallLoop(): Promise<Record<string, unknown>> {
  tl.resetDefaultGraph();
  const start = [tl.constant(0, { dtype: 'int32' }), tl.constant(0)];
  const [, x] = tl.whileLoop(
    (i) => i.less(trips),
    (i, v) => [i.add(1), v.add(1)],
    start,
  );
  const session = new tl.Session();
  if (session.runSync(x).item() !== trips) throw new Error('small-loop: the loop counts wrongly.');
  const peers = new Map<string, () => Promise<number>>([['tensorloom', () => timed(() => session.runSync(x))]]);
  const closing = [(): void => session.close()];
  const versions: Record<string, string> = {};
  for (const flow of ['v1', 'v2']) {
    const peer = await pythonPeer('small_loop', [trips, flow]);
    if (peer === null) continue;
    Object.assign(versions, peer.about.versions);
    peers.set(`tensorflow ${flow}`, async () => (await peer.steps(1))[0]);
    closing.push(() => peer.close());
  }
  const times = new Map<string, number[]>([...peers.keys()].map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [name, step] of peers) {
      const time = await step();
      if (round >= warmUp) times.get(name)?.push(time);
    }
  }
  closing.forEach((close) => close());
  const spreads = Object.fromEntries(Array.from(times, ([name, ts]) => [name, perTrip(ts)]));
  for (const [name, spread] of Object.entries(spreads)) console.log(show(name, spread));
  const [ours, ...theirs] = Object.values(spreads);
  if (theirs.length === 0) return { spreads };
  const ratio = ours.median / Math.min(...theirs.map((s) => s.median));
  console.log(`  ratio to the faster of TensorFlow's ${ratio.toFixed(2)} (under 0.33 wanted)`);
  return { versions, spreads, ratio };
}
