import {
  type Op,
  alongAxis,
  create,
  elementwise,
  indexing,
  isKnown,
  matrix,
  sizeOf,
  tensorSpec,
} from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplers } from '../../src/samples/index.js';
import type { Sample } from '../../src/samples/sampler.js';

const entries = [...samplers].flatMap(([op, sampler]) => sampler.dtypes.map((dtype) => ({ op, dtype, sampler })));
const inferred = (op: Op, { inputs, attrs }: Sample) =>
  op.infer(
    inputs.map((x, i) => ({
      spec: tensorSpec(x.dtype, x.shape),
      value: op.hostInputs.includes(i) ? Array.from(x.data) : undefined,
    })),
    attrs,
  );

/** How many ranks the results of an op can have, where they are fewer than four. */
const ranksOf: ReadonlyMap<Op, number> = new Map<Op, number>([
  [matrix.matmul, 1],
  [matrix.orthonormalize, 1],
  [create.range, 1],
  [alongAxis.reverseSequence, 3],
  [alongAxis.topK, 3],
  [alongAxis.cumsum, 3],
  [alongAxis.argMin, 3],
  [alongAxis.argMax, 3],
  [indexing.scatterNd, 3],
  [indexing.tensorScatterUpdate, 3],
  [indexing.tensorScatterAdd, 3],
  [indexing.firstPosition, 1],
  [matrix.batchMatmul, 3],
]);

describe('samplers', () => {
  it('draw what their op takes', () => {
    for (const { op, dtype, sampler } of entries) {
      fc.assert(
        fc.property(sampler.draw(dtype, true), (sample) => {
          expect(inferred(op, sample).length).toBeGreaterThan(0);
        }),
        { numRuns: 20 },
      );
    }
  });

  it('draw what comes out empty and what comes out large, of low rank and of high', () => {
    for (const { op, dtype, sampler } of entries) {
      const shapes = fc.sample(sampler.draw(dtype, false), { numRuns: 200, seed: 1 }).map((sample) => {
        const [out] = inferred(op, sample);
        return out.kind === 'tensor' && isKnown(out.shape) ? out.shape : [];
      });
      const what = `${op.name} ${dtype}`;
      expect(
        shapes.some((s) => sizeOf(s) === 0),
        `${what}: empty`,
      ).toBe(true);
      expect(
        shapes.some((s) => sizeOf(s) > 4),
        `${what}: large`,
      ).toBe(true);
      const ranks = new Set(shapes.map((s) => s.length));
      expect(ranks.size, `${what}: ranks`).toBeGreaterThanOrEqual(ranksOf.get(op) ?? 4);
    }
  });

  it('take the dtypes that the op is for', () => {
    const dtypes = (op: Op): readonly string[] | undefined => samplers.get(op)?.dtypes;
    expect(dtypes(elementwise.tanh)).toEqual(['float32', 'float64']);
    expect(dtypes(elementwise.add)).toEqual(['float32', 'float64', 'int32']);
    expect(dtypes(elementwise.logicalNot)).toEqual(['bool']);
    expect(dtypes(elementwise.equal)).toEqual(['float32', 'float64', 'int32', 'bool']);
    expect(dtypes(matrix.biasAdd)).toEqual(['float32', 'float64']);
  });
});
