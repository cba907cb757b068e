import { computing } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Step, isData, randomGraphs, shapesOf } from '../../src/random-graphs/description.js';

const sample = fc.sample(randomGraphs({ steps: 20 }), { numRuns: 300, seed: 1 });

/** Steps and those of their bodies, all the way in. */
const flat = (steps: readonly Step[]): Step[] =>
  steps.flatMap((s) => ('bodies' in s ? [s, ...s.bodies.flatMap(flat)] : [s]));
const depthOf = (s: Step): number => ('bodies' in s ? 1 + Math.max(0, ...s.bodies.flat().map(depthOf)) : 0);

const all = sample.flatMap(({ steps }) => flat(steps));

describe('randomGraphs', () => {
  it('has steps of every kind, loops in loops among them', () => {
    const kinds = new Set(all.map((s) => s.kind));
    expect([...kinds].sort()).toEqual(
      ['assign', 'cond', 'elementwise', 'random', 'repeat', 'sampled', 'scan', 'variable', 'while'].sort(),
    );
    expect(Math.max(...all.map(depthOf))).toBe(2);
  });

  it('has ops of every family that computes', () => {
    const ops = new Set(all.flatMap((s) => ('op' in s ? [s.op] : [])));
    for (const [family, table] of Object.entries(computing)) {
      expect(
        Object.values(table).some((op) => ops.has(op)),
        family,
      ).toBe(true);
    }
  });

  it('has some empty results, and none that are large', () => {
    const sizes = all.flatMap((s) =>
      s.kind === 'sampled' ? shapesOf(s.op, s.sample).map((shape) => shape.reduce((a, b) => a * b, 1)) : [],
    );
    expect(Math.min(...sizes)).toBe(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(48);
  });

  it('takes operands that are indices from the samples', () => {
    const gathers = all.flatMap((s) => (s.kind === 'sampled' && s.op.name === 'GatherV2' ? [s] : []));
    expect(gathers.length).toBeGreaterThan(5);
    for (const s of gathers) expect(isData(s, 1)).toBe(false);
    expect(gathers.filter((s) => isData(s, 0)).length).toBeGreaterThan(0);
  });

  it('shrinks to one step, shown as text', () => {
    const run = fc.check(
      fc.property(randomGraphs(), ({ steps }) => !steps.some((s) => s.kind === 'while')),
      { numRuns: 200, seed: 1 },
    );
    const [smallest] = run.counterexample ?? [];
    expect(smallest?.steps.map((s) => s.kind)).toEqual(['while']);
    expect(fc.stringify(smallest)).toMatch(
      /^order 0, graph seed 0\n {2}feed float32\[\] 0 open \n[^]* {2}while \[\] row/,
    );
  });
});
