import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadDigits } from '../src/load-digits.js';

const address = 'https://example.org/page/mnist/';

/** An IDX file of unsigned bytes. */
function idx(shape: readonly number[], data: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x800 | shape.length);
  shape.forEach((dimension, axis) => view.setUint32(4 + 4 * axis, dimension));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

const files = new Map([
  ['train-images-idx3-ubyte', idx([3, 1, 2], [0, 255, 51, 0, 255, 255])],
  ['train-labels-idx1-ubyte', idx([3], [4, 0, 9])],
  ['t10k-images-idx3-ubyte', idx([1, 1, 2], [102, 0])],
  ['t10k-labels-idx1-ubyte', idx([1], [7])],
]);

/** Serves the files as `answer` sends them. */
function serve(answer: (file: Uint8Array<ArrayBuffer>) => BodyInit): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.href);
    const file = files.get(url.pathname.split('/').at(-1)?.replace(/\.gz$/, '') ?? '');
    return file === undefined ? new Response('', { status: 404 }) : new Response(answer(file));
  });
  return asked;
}

afterEach(() => void vi.unstubAllGlobals());

describe('loadDigits', () => {
  it.each([
    ['compressed', (file: Uint8Array<ArrayBuffer>): BodyInit => gzipSync(file)],
    ['unpacked on the way', (file: Uint8Array<ArrayBuffer>): BodyInit => file],
  ])('reads files that arrive %s', async (_, answer) => {
    const asked = serve(answer);
    const { train, test } = await loadDigits(address);
    expect(asked.sort()).toEqual([...files.keys()].map((name) => `${address}${name}.gz`).sort());
    expect(train.images.toArray()).toEqual([
      [0, 1],
      [Math.fround(51 * Math.fround(1 / 255)), 0],
      [1, 1],
    ]);
    expect(train.labels.toArray()).toEqual([4, 0, 9]);
    expect([test.images.shape, test.labels.toArray()]).toEqual([[1, 2], [7]]);
  });

  it('says what to do when the data is not there', async () => {
    vi.stubGlobal('fetch', async () => new Response('', { status: 404 }));
    await expect(loadDigits(address)).rejects.toThrow(/ubyte\.gz answered 404\. Build the page again/);
  });
});
