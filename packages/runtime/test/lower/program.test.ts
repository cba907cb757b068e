import {
  cond,
  constant,
  placeholder,
  randomUniform,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { lower } from '../../src/lower/lower.js';
import { type Program, reads, writes } from '../../src/lower/program.js';

beforeEach(() => resetDefaultGraph());

test('every register but the parameters is written by one step, and read only by steps after that one', () => {
  const [x, p] = [placeholder('float32', [null, 2]), placeholder('bool', [])];
  const v = variable([1, 2]);
  const sums = scan((sum, row) => sum.add(row), x, { initializer: v.value() });
  const r = cond(
    p,
    () => v.assign(reduceSum(sums, 0)),
    () => randomUniform([2], { seed: 1 }),
  );
  const seen: string[] = [];
  const check = (program: Program): void => {
    const written = new Set(program.params.map(({ slot }) => slot));
    for (const step of program.steps) {
      seen.push(step.kind);
      for (const slot of reads(step)) expect(written.has(slot)).toBe(true);
      for (const slot of writes(step)) {
        expect(written.has(slot)).toBe(false);
        written.add(slot);
      }
      if (step.kind === 'loop') check(step.body);
      if (step.kind === 'cond') [step.then, step.otherwise].forEach(check);
    }
    expect(written.size).toBe(program.slots.length);
  };
  check(lower([r, constant(1)], [], [x, p]));
  expect([...new Set(seen)].sort()).toEqual([
    'assign',
    'cond',
    'const',
    'download',
    'host',
    'kernel',
    'list',
    'loop',
    'random',
    'read',
    'release',
    'upload',
  ]);
});
