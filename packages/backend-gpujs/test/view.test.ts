import { shape as ops, sizeOf } from '@tensorloom/graph';
import { axesOf, broadcastableShapes, shapes } from '@tensorloom/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onHost } from '../src/kernel.js';
import { type View, access, around, broadcastView, rowMajor } from '../src/view.js';
import { handlesOf, ints, tensor } from './support.js';

const counting = (dims: readonly number[]) =>
  tensor(
    'float32',
    dims,
    Array.from({ length: sizeOf(dims) }, (_, i) => i + 1),
  );
const whole = shapes({ minLength: 1, maxRank: 5 });

/** What a kernel reads by a view of `x`, and how often gpu.js compiled since `handles` are there. */
async function read(handles: ReturnType<typeof handlesOf>, x: readonly number[], y: readonly number[], view: View) {
  const { body, at, integers } = access(y, [view]);
  const launch = { body: `${body}return xs[${at[0]}];`, arrays: { xs: 0 }, integers };
  return (await handles.launch(launch, [handles.hold(counting(x))], sizeOf(y))).read();
}

describe.each(['cpu', 'webasm'] as const)('mode %s', (mode) => {
  test('a view reads what broadcasting writes', async () => {
    const handles = handlesOf(mode);
    await fc.assert(
      fc.asyncProperty(broadcastableShapes(1, whole), whole, async ([from], more) => {
        const to = [...more.slice(0, 2), ...from.map((d) => (d === 1 ? 3 : d))];
        const y = await read(handles, from, to, broadcastView(from, to));
        expect(y).toEqual(onHost(ops.broadcastTo)([counting(from), ints(...to)], {})[0].data);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  test('a view reads what transposing and reversing write', async () => {
    const handles = handlesOf(mode);
    const draws = whole.chain((x) =>
      fc.record({
        x: fc.constant(x),
        perm: fc.shuffledSubarray([...x.keys()], { minLength: x.length }),
        axes: axesOf(x.length),
      }),
    );
    await fc.assert(
      fc.asyncProperty(draws, async ({ x, perm, axes }) => {
        const [strides] = [rowMajor(x)];
        const offset = axes.reduce((sum, axis) => sum + (x[axis] - 1) * strides[axis], 0);
        const signed = strides.map((s, i) => (axes.includes(i) ? -s : s));
        const view = { offset, strides: perm.map((p) => signed[p]) };
        const y = await read(
          handles,
          x,
          perm.map((p) => x[p]),
          view,
        );
        const [reversed] = onHost(ops.reverse)([counting(x)], { axes });
        expect(y).toEqual(onHost(ops.transpose)([reversed], { perm })[0].data);
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});

describe('access', () => {
  test('axes that lie next to each other in every array are one', () => {
    expect(access([2, 3, 4], [broadcastView([2, 3, 4], [2, 3, 4])])).toEqual({
      body: '',
      at: ['this.thread.x'],
      integers: {},
    });
    expect(access([2, 3], [broadcastView([], [2, 3])]).at).toEqual(['0']);
    const { at, integers } = access([2, 3, 4], [broadcastView([3, 4], [2, 3, 4]), broadcastView([2, 3, 4], [2, 3, 4])]);
    expect(at).toEqual(['i1 * s01', 'this.thread.x']);
    expect(integers).toEqual({ n1: 12, s01: 1 });
  });

  test('its text is the same for all shapes of a class', () => {
    const text = (dims: readonly number[]): string => {
      const { body, at } = access(dims, [broadcastView([dims[0], 1, dims[2]], dims)]);
      return body + at.join();
    };
    expect(text([2, 3, 4])).toBe(text([50, 6, 7]));
    expect(text([2, 3, 4])).not.toBe(text([2, 1, 4]));
  });
});

test('around an axis are the elements before, along and after it', () => {
  expect(around([2, 3, 4, 5], 1)).toEqual([2, 3, 20]);
});
