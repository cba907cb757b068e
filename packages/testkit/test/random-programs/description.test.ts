import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expression, nesting, randomPrograms } from '../../src/random-programs/description.js';

const value: Expression = { kind: 'value', pick: 0 };
const branch = (then: Expression): Expression => ({ kind: 'cond', on: 'true', then, otherwise: value });
const loop = (init: Expression, body: Expression): Expression => ({
  kind: 'while',
  until: 'count',
  carry: 'one',
  trips: 1,
  init,
  body,
});

describe('nesting', () => {
  it('counts bodies in bodies, not what a loop starts from', () => {
    expect(nesting(value)).toBe(0);
    expect(nesting(branch(loop(value, branch(value))))).toBe(3);
    expect(nesting(loop(branch(value), value))).toBe(1);
    expect(nesting({ kind: 'binary', op: 'add', a: branch(value), b: value })).toBe(1);
    expect(nesting({ kind: 'array', how: 'write', size: 1, item: branch(value), rest: value })).toBe(2);
  });
});

describe('randomPrograms', () => {
  it('are nested as deep as asked, and no deeper', () => {
    for (const depth of [0, 1, 2]) {
      const depths = fc.sample(randomPrograms({ depth }), { numRuns: 60, seed: 1 }).map((d) => nesting(d.result));
      expect(Math.max(...depths)).toBe(depth);
    }
  });

  it('show as text of which they can be built again', () => {
    fc.assert(
      fc.property(randomPrograms(), (description) => {
        const { result } = JSON.parse(fc.stringify(description)) as { result: unknown };
        expect(JSON.stringify(result)).toBe(JSON.stringify(description.result));
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});
