import { sizeOf } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Memory } from '../src/memory.js';
import { planMove, rowMajorSteps, runMove } from '../src/move.js';
import { instantiate } from '../src/wasm.js';
import { build, coordinates, shapes } from './support.js';

const memory = new Memory();
const cpu = instantiate('plain', memory);

describe('a move', () => {
  it.each([1, 4, 8] as const)('takes each element of %i bytes where its steps lead', (size) => {
    const views = { 1: memory.views.bool, 4: memory.views.int32, 8: memory.views.float64 };
    const order = shapes(6, 4).chain((lengths) =>
      fc.record({
        lengths: fc.constant(lengths),
        perm: fc.shuffledSubarray([...lengths.keys()], { minLength: lengths.length }),
        signs: fc.array(fc.constantFrom(-1, 0, 1), { minLength: lengths.length, maxLength: lengths.length }),
      }),
    );
    fc.assert(
      fc.property(order, ({ lengths, perm, signs }) => {
        const n = Math.max(1, sizeOf(lengths));
        const source = memory.allocate(n * size);
        const target = memory.allocate(n * size);
        const view = views[size];
        const [from, to] = [source.address / size, target.address / size];
        for (let i = 0; i < n; i++) [view[from + i], view[to + i]] = [i % 251, 255];

        const steps: number[] = [];
        rowMajorSteps(perm.map((p) => lengths[p])).forEach((step, i) => (steps[perm[i]] = step * signs[perm[i]]));
        const start = steps.reduce((sum, step, axis) => (step < 0 ? sum - step * (lengths[axis] - 1) : sum), 0);
        runMove(
          cpu,
          planMove(size, lengths, steps, rowMajorSteps(lengths)),
          source.address + start * size,
          target.address,
        );

        const expected = build(lengths, (at) => (start + at.reduce((sum, k, axis) => sum + k * steps[axis], 0)) % 251);
        expect([...view.subarray(to, to + sizeOf(lengths))]).toEqual(expected);
        memory.release(source);
        memory.release(target);
      }),
    );
  });

  it('merges axes that run on in both places', () => {
    const contiguous = planMove(4, [2, 3, 5], [15, 5, 1], [15, 5, 1]);
    expect(contiguous.axes).toEqual([1, 1, 1, 30, 0, 0, 0, 4, 0, 0, 0, 4]);
    const rows = planMove(4, [2, 3, 5], [30, 10, 1], [15, 5, 1]);
    expect(rows.axes).toEqual([1, 1, 6, 5, 0, 0, 40, 4, 0, 0, 20, 4]);
  });
});

describe('rowMajorSteps', () => {
  it('are the distances between neighbours', () => {
    fc.assert(
      fc.property(shapes(), (shape) => {
        const steps = rowMajorSteps(shape);
        for (let i = 0; i < sizeOf(shape); i++) {
          expect(coordinates(i, shape).reduce((sum, k, axis) => sum + k * steps[axis], 0)).toBe(i);
        }
      }),
    );
  });
});
