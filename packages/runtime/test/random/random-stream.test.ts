import { type DType, type Op, RandomStreamId, elementwise, random } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/random.json' with { type: 'json' };
import type { HostTensor } from '../../src/backend.js';
import { RandomStream } from '../../src/random/random-stream.js';

const ints = (...data: number[]): HostTensor => ({ dtype: 'int32', shape: [data.length], data: Int32Array.from(data) });
const ops: Readonly<Record<string, Op>> = {
  uniform: random.uniform,
  normal: random.normal,
  truncatedNormal: random.truncatedNormal,
};

/** The cases that are not scaled: that is left to other ops. */
const cases = golden.cases.filter(({ args: [low, high], dtype }) => dtype === 'int32' || (low === 0 && high === 1));

describe.each(cases)('$op $dtype, seeds $graphSeed and $opSeed, $size at a time', (c) => {
  test('each draw goes on where the last one ended, as in TensorFlow', () => {
    const stream = new RandomStream(new RandomStreamId(c.graphSeed ?? undefined, c.opSeed, 0));
    const op = c.dtype === 'int32' ? random.uniformInt : ops[c.op];
    for (const run of c.runs) {
      const { shape, data } = stream.draw(op, c.dtype as DType, [ints(c.size), ints(c.args[0]), ints(c.args[1])]);
      expect(shape).toEqual([c.size]);
      run.forEach((expected, i) =>
        expect(Math.abs(data[i * c.stride] - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected)),
      );
    }
  });
});

test('draws the shape it is asked for, whatever its rank', () => {
  const draw = (...dims: number[]): HostTensor =>
    new RandomStream(new RandomStreamId(1, 2, 0)).draw(random.normal, 'float32', [ints(...dims)]);
  expect(draw(2, 3)).toEqual({ ...draw(6), shape: [2, 3] });
  expect(draw()).toMatchObject({ shape: [], data: { length: 1 } });
  expect(draw(0, 3)).toMatchObject({ shape: [0, 3], data: { length: 0 } });
});

test('refuses what is no distribution', () => {
  const stream = new RandomStream(new RandomStreamId(1, 2, 0));
  expect(() => stream.draw(elementwise.exp, 'float32', [ints(1)])).toThrow('Exp: not a distribution.');
  expect(() => stream.draw(random.uniform, 'bool', [ints(1)])).toThrow('RandomUniform: bool is not drawn.');
});

const floats = (...data: number[]): HostTensor => ({
  dtype: 'float32',
  shape: [data.length],
  data: Float32Array.from(data),
});

test('candidates by weights that change from one draw to the next', () => {
  const stream = new RandomStream(new RandomStreamId(1, 2, 0));
  const draw = (...weights: number[]): number[] =>
    Array.from(stream.draw(random.weightedCandidates, 'int32', [ints(4), floats(...weights), ints(0)]).data);
  expect([draw(0, 1), draw(1, 0), draw(1, 0), draw(0, 0, 2)]).toEqual([
    [1, 1, 1, 1, 4],
    [0, 0, 0, 0, 4],
    [0, 0, 0, 0, 4],
    [2, 2, 2, 2, 4],
  ]);
  expect(() => stream.draw(random.weightedCandidates, 'int32', [ints(2), floats(0, 1, 0), ints(1)])).toThrow(
    /expected 2 numbers below 1/,
  );
});

test('candidates that learn count classes after they are drawn', () => {
  const stream = new RandomStream(new RandomStreamId(1, 2, 0));
  const draw = (...classes: number[]): number[] =>
    Array.from(stream.draw(random.learnedCandidates, 'int32', [ints(2), ints(5), ints(0), ints(...classes)]).data);
  // Two candidates, the tries, how often they and the classes were seen, and all.
  const [first, second] = [draw(3, 3, 0), draw(3, 1)];
  expect(first.slice(2)).toEqual([2, 1, 1, 1, 1, 1, 5]);
  const seen = [2, 1, 1, 3, 1];
  expect(second.slice(2)).toEqual([2, seen[second[0]], seen[second[1]], 3, 1, 8]);
  expect(() => draw(-1)).toThrow(/class -1 is out of range, expected 0 to 4/);
});
