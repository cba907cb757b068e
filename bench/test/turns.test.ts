import { expect, test } from 'vitest';
import { type Stepper, inTurns, stepper, warmUp } from '../src/turns.js';

/** A contender whose steps take `time`, but the first of each turn, which takes a second longer. It notes its turns. */
const contender = (name: string, time: number, turns: string[]): Stepper => ({
  steps(count) {
    turns.push(`${name} ${count}`);
    return Array.from({ length: count }, (_, i) => (i === 0 ? time + 1000 : time));
  },
});

test('contenders take turns, and the first step of each does not count', async () => {
  const turns: string[] = [];
  const times = await inTurns(new Map(['a', 'b'].map((name, i) => [name, contender(name, i + 1, turns)])));
  expect(turns.slice(0, 4)).toEqual(['a 11', 'b 11', 'a 11', 'b 11']);
  expect(times.get('a')).toEqual(Array<number>(60).fill(1));
  expect(times.get('b')).toEqual(Array<number>(60).fill(2));
});

test('a slow contender has a step in each turn but the first', async () => {
  const turns: string[] = [];
  const times = await inTurns(new Map([['slow', contender('slow', 900, turns)]]));
  expect(turns).toEqual(['slow 11', ...Array<string>(5).fill('slow 2')]);
  expect(times.get('slow')).toHaveLength(15);
});

test('warms up for some hundreds of steps', async () => {
  let steps = 0;
  await warmUp(stepper(() => steps++));
  expect(steps).toBe(400);
});

test('a function of this process is timed step by step', async () => {
  let calls = 0;
  const times = await stepper(async () => {
    calls++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }).steps(3);
  expect(calls).toBe(3);
  expect(times).toHaveLength(3);
  // A timer may be a little early.
  for (const time of times) expect(time).toBeGreaterThan(3);
});
