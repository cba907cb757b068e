import { createCpu } from '@tensorloom/backend-cpu';
import {
  type Tensor,
  constant,
  globalVariablesInitializer,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import { asynchronous, leakFree, open } from './support.js';

beforeEach(() => resetDefaultGraph());

/** A product, a loop of three trips, and a variable. */
function build(): { x: Tensor; fetches: Tensor[] } {
  const x = placeholder('float32', [null, 2], { name: 'x' });
  const w = variable(
    constant([
      [1, 2],
      [3, 4],
    ]),
    { name: 'w' },
  );
  const y = x.matmul(w, { name: 'product' });
  const rows = scan((a, row) => a.mul(0.5).add(row), y, { initializer: constant([1, 1]) });
  return { x, fetches: [rows, reduceSum(rows)] };
}

const feed = [
  [1, 0],
  [0, 1],
  [1, 1],
];

describe.each(['at once', 'with waiting'])('a profile, %s', (kind) => {
  test('gives what run gives, and an event for each step', async () => {
    const backend = leakFree();
    const session = open(kind === 'at once' ? backend : asynchronous(backend));
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const expected = await session.run(fetches, [[x, feed]]);
    const profile = await session.profile(fetches, [[x, feed]]);
    expect(profile.results).toEqual(expected);
    const count = (op: string): number => profile.events.filter((e) => e.op === op).length;
    expect(count('MatMul')).toBe(1);
    expect(count('Loop')).toBe(1);
    expect(count('Mul')).toBe(3);
    const product = profile.events.find((e) => e.op === 'MatMul');
    expect(product).toMatchObject({ name: 'product', depth: 0 });
    expect(profile.events.find((e) => e.op === 'Mul')?.depth).toBe(1);
    expect(profile.events.find((e) => e.op === 'Loop')?.detail).toBe('3 trips step by step');
  });

  test('accounts for the time: steps lie within the run, and those within a loop within it', async () => {
    const backend = leakFree();
    const session = open(kind === 'at once' ? backend : asynchronous(backend));
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const { events, running } = await session.profile(fetches, [[x, feed]]);
    const loop = events.find((e) => e.op === 'Loop');
    if (loop === undefined) throw new Error('There is no loop.');
    const within = events.filter((e) => e.depth === 1);
    for (const e of within) {
      expect(e.start).toBeGreaterThanOrEqual(loop.start);
      expect(e.start + e.duration).toBeLessThanOrEqual(loop.start + loop.duration);
    }
    expect(loop.self).toBeCloseTo(loop.duration - within.reduce((sum, e) => sum + e.duration, 0), 6);
    const all = events.filter((e) => e.depth === 0).reduce((sum, e) => sum + e.duration, 0);
    expect(all).toBeLessThanOrEqual(running);
    expect(events.reduce((sum, e) => sum + e.self, 0)).toBeCloseTo(all, 6);
  });
});

describe('a profile', () => {
  test('says which loops ran as one kernel', async () => {
    const session = open(createCpu());
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const { events } = await session.profile(fetches, [[x, feed]]);
    expect(events.find((e) => e.op === 'Loop')?.detail).toBe('3 trips as one kernel');
    expect(events.every((e) => e.depth === 0)).toBe(true);
  });

  test('counts the bytes that steps take, and the most in use', async () => {
    const session = open();
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const profile = await session.profile(fetches, [[x, feed]]);
    expect(profile.events.find((e) => e.op === 'MatMul')?.bytes).toBeGreaterThan(0);
    expect(profile.events.find((e) => e.op === 'release')?.bytes).toBeLessThanOrEqual(0);
    expect(profile.peakBytes).toBeGreaterThan(0);
  });

  test('prints as a table, the longest first', async () => {
    const session = open();
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const profile = await session.profile(fetches, [[x, feed]]);
    const { rows } = profile;
    expect(rows.map((r) => r.self)).toEqual([...rows.map((r) => r.self)].sort((a, b) => b - a));
    expect(rows.reduce((sum, r) => sum + r.count, 0)).toBe(profile.events.length);
    const text = profile.toString();
    expect(text).toMatch(/^\d+\.\d{3} ms, after \d+\.\d{3} ms of preparation; at most \d+\.\d KB in use\n/);
    expect(text).toMatch(/ +ms +share +count +KB +op\n/);
    expect(text).toMatch(/ 1 +\d+\.\d +MatMul\n/);
    expect(text).toMatch(/Loop +\S*while\S* \(3 trips step by step\)/);
  });

  test('is a trace that Chrome opens', async () => {
    const session = open();
    const { x, fetches } = build();
    await session.run(globalVariablesInitializer());
    const profile = await session.profile(fetches, [[x, feed]]);
    const trace: unknown = JSON.parse(profile.toTrace());
    expect(trace).toMatchObject({ displayTimeUnit: 'ms' });
    const { traceEvents } = trace as { traceEvents: Record<string, unknown>[] };
    expect(traceEvents).toHaveLength(profile.events.length);
    const product = profile.events.find((e) => e.op === 'MatMul');
    expect(traceEvents).toContainEqual({
      name: 'MatMul',
      cat: 'op',
      ph: 'X',
      ts: 1000 * (product?.start ?? 0),
      dur: 1000 * (product?.duration ?? 0),
      pid: 1,
      tid: 1,
      args: { node: 'product', bytes: product?.bytes },
    });
  });

  test('of a run that fails rejects, and later runs are as before', async () => {
    const session = open();
    const { x, fetches } = build();
    await expect(session.profile(fetches, [[x, feed]])).rejects.toThrow(/no value/);
    await session.run(globalVariablesInitializer());
    expect(await session.run(fetches[1], [[x, feed]])).toBeDefined();
  });
});
