import { reference } from '@tensorloom/backend-reference';
import { constant, placeholder, resetDefaultGraph, zeros } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { summary } from '@tensorloom/train';
import { decode } from 'fast-png';
import { beforeEach, expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { fieldsOf, messages, number, raw, strings, tagsOf, valueOf } from './support.js';

beforeEach(() => resetDefaultGraph());

/** The images in a summary, decoded. */
const imagesIn = (bytes: Uint8Array) =>
  messages(fieldsOf(bytes), 1).map((value) => {
    const [tag] = strings(value, 1);
    const [image] = messages(value, 4);
    const [height, width, channels] = [1, 2, 3].map((field) => number(image, field));
    const png = decode(raw(image, 4)[0]);
    expect([png.height, png.width, png.channels, png.depth]).toEqual([height, width, channels, 8]);
    return { tag, height, width, channels, pixels: [...png.data] };
  });

test.each(Object.entries(golden.images))('%s: the pixels are TensorFlow’s', async (_, entry) => {
  const { maxOutputs, images } = entry;
  const made = summary.image('img', constant(valueOf(entry)), { maxOutputs });
  await using sess = new Session({ backend: reference() });
  expect(imagesIn(await sess.run(made))).toEqual(images);
});

test('integers are pixels as they are', async () => {
  const data = [0, 127, 128, 255];
  const x = placeholder('int32', [null, 2, 2, 1], { name: 'x' });
  const made = summary.image('raw', x);
  const feed = (pixels: readonly number[]) => [[x, { shape: [1, 2, 2, 1], data: pixels }]] as const;
  await using sess = new Session({ backend: reference() });
  expect(imagesIn(await sess.run(made, feed(data)))[0].pixels).toEqual(data);
  await expect(sess.run(made, feed([0, 1, 2, 256]))).rejects.toThrow(
    /^summary\.image: 'raw': there is a pixel of 256, expected int32 from 0 to 255\. Use cast\(\) to have it scaled\./,
  );
});

test('keeps the first images of a batch', async () => {
  const x = placeholder('float32', [null, 1, 1, 3]);
  const [three, two] = [summary.image('a', x), summary.image('b', x, { maxOutputs: 2 })];
  const feed = (n: number) => [[x, { shape: [n, 1, 1, 3], data: new Float32Array(3 * n) }]] as const;
  await using sess = new Session({ backend: reference() });
  const tags = async (n: number) => (await sess.run([three, two], feed(n))).map(tagsOf);
  expect(await tags(5)).toEqual([
    ['a/image/0', 'a/image/1', 'a/image/2'],
    ['b/image/0', 'b/image/1'],
  ]);
  expect(await tags(1)).toEqual([['a/image/0'], ['b/image/0']]);
  expect(await tags(0)).toEqual([[], []]);
});

test('refuses what is no batch of images', async () => {
  expect(() => summary.image('i', zeros([2, 3, 3, 2]))).toThrow(
    /^summary\.image: '.*' has shape \[2,3,3,2\], expected \[batch, height, width, channels\] with 1, 3 or 4 channels\./,
  );
  expect(() => summary.image('i', zeros([28, 28]))).toThrow('has shape [28,28]');
  expect(() => summary.image('i', zeros([1, 2, 2, 1]), { maxOutputs: 0 })).toThrow(
    'maxOutputs is 0, expected an integer from 1',
  );
  const x = placeholder('float32', undefined);
  const late = summary.image('late', x);
  await using sess = new Session({ backend: reference() });
  await expect(sess.run(late, [[x, [[1]]]])).rejects.toThrow('the value has shape [1,1], expected [batch,');
  await expect(sess.run(late, [[x, { shape: [1, 0, 3, 1], data: [] }]])).rejects.toThrow('images of a pixel at least');
});
