import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  type NDArray,
  type Tensor,
  constant,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  scan,
  tanh,
  whileLoop,
} from '@tensorloom/graph';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Session } from '../../src/session.js';
import { type Interpreted, interpreted } from './interpreted-loops.js';

let notes: Interpreted;
let session: Session;
let oracle: Session;
beforeEach(() => {
  resetDefaultGraph();
  notes = interpreted();
});
afterEach(() => {
  session.close();
  oracle.close();
  expect(notes.backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

function open(): void {
  session = new Session({ backend: notes.backend });
  oracle = new Session({ backend: reference() });
}

type Feeds = readonly (readonly [Tensor, { shape: number[]; data: Float32Array }])[];

/** Runs on both, and compares. */
function both(fetches: Tensor[], feeds: Feeds): NDArray[] {
  const [results, expected] = [session, oracle].map((s) => s.runSync(fetches, feeds));
  expect(results.map(({ shape, data }) => [shape, data])).toEqual(expected.map(({ shape, data }) => [shape, data]));
  return results;
}

const rows = (...shape: number[]): { shape: number[]; data: Float32Array } => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => Math.sin(i)),
});

/** A recurrence, its outputs and a gradient. */
function recurrence(): { x: Tensor; fetches: Tensor[] } {
  const x = placeholder('float32', [null, null]);
  const ys = scan((h, row) => tanh(h.add(row)), x);
  const [dx] = gradients(reduceSum(ys.square()), [x]);
  return { x, fetches: [ys, ...(dx === null ? [] : [dx])] };
}

describe('a compiled loop', () => {
  test('runs once for all trips, forward and back', () => {
    const { x, fetches } = recurrence();
    open();
    both(fetches, [[x, rows(5, 3)]]);
    both(fetches, [[x, rows(7, 3)]]);
    expect(notes.loops.map(({ reverse }) => reverse)).toEqual([false, true]);
    expect(notes.runs.map(({ trips }) => trips)).toEqual([4, 4, 6, 6]);
  });

  test('is compiled for each shape, and forgets the oldest of many', () => {
    const x = placeholder('float32', [null, null]);
    const ys = scan((h, row) => h.add(row), x);
    open();
    for (let width = 1; width <= 16; width++) both([ys], [[x, rows(3, width)]]);
    both([ys], [[x, rows(3, 1)]]);
    expect([notes.loops.length, notes.disposed]).toEqual([16, 0]);
    both([ys], [[x, rows(3, 17)]]);
    both([ys], [[x, rows(3, 1)]]);
    expect([notes.loops.length, notes.disposed]).toEqual([18, 2]);
    session.close();
    expect(notes.disposed).toBe(18);
  });

  test('of unknown length runs in pieces that double, and joins what they collect', () => {
    const start = placeholder('float32', []);
    const [n, x] = whileLoop(
      (_, v) => v.less(50),
      (i, v) => [i.add(1), v.add(v.square().mul(0.01))],
      [constant(0, { dtype: 'int32' }), start],
    );
    const [dx] = gradients(x, [start]);
    if (dx === null) throw new Error('expected a gradient');
    open();
    const [count] = both([n, x, dx], [[start, { shape: [], data: Float32Array.of(1) }]]);
    expect(count.item()).toBeGreaterThan(64);
    const [forward, later, backward] = notes.runs;
    expect([forward, later]).toEqual([
      { trips: 64, taken: 64 },
      { trips: 128, taken: count.item() - 64 },
    ]);
    expect(backward.taken).toBe(count.item());
  });

  test('that fails is run step by step', () => {
    const { x, fetches } = recurrence();
    open();
    notes.fails = true;
    both(fetches, [[x, rows(5, 3)]]);
    expect(notes.runs.map(({ taken }) => taken)).toEqual([0, 0]);
  });
});
