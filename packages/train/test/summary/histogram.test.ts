import { createCpu } from '@tensorloom/backend-cpu';
import { constant, placeholder, resetDefaultGraph, variable } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { bytesOf, hex, tagsOf, valueOf } from './support.js';

beforeEach(() => resetDefaultGraph());

test.each(Object.entries(golden.histograms))('%s: the bytes are TensorFlow’s', async (_, entry) => {
  const made = summary.histogram('weights', constant(valueOf(entry)));
  await using sess = new Session({ backend: createCpu() });
  expect(hex(await sess.run(made))).toBe(hex(bytesOf(entry.bytes)));
});

test('takes a variable', async () => {
  const v = variable([1, 2], { name: 'v' });
  const made = summary.histogram('v', v);
  await using sess = new Session({ backend: createCpu() });
  await sess.run(v.initializer);
  expect(tagsOf(await sess.run(made))).toEqual(['v_1']);
});

test('NaN stops the run that tells of it, and says where', async () => {
  const x = placeholder('float32', [null], { name: 'x' });
  const made = summary.histogram('gradients', x);
  await using sess = new Session({ backend: createCpu() });
  await expect(sess.run(made, [[x, [1, NaN]]])).rejects.toThrow(
    /^summary\.histogram: 'gradients': element 1 of 2 is NaN, expected finite numbers\.[^]*Summary\(x:0 float32\[\?\]\)[^]*histogram\.test\.ts/,
  );
  await expect(sess.run(made, [[x, [-Infinity]]])).rejects.toThrow('is -Infinity');
  expect(await sess.run(made, [[x, [1]]])).toBeInstanceOf(Uint8Array);
});

test('refuses bool', () => {
  expect(() => summary.histogram('h', constant([true]))).toThrow(
    /^summary\.histogram: '.*' is bool, expected numbers\. Use cast\(\)/,
  );
});
