import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIdx } from '../src/index.js';
import { idx } from './files.js';

describe('readIdx', () => {
  it('reads back what was written, at any offset of a larger buffer', () => {
    const shapes = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.nat({ max: 7 }), (shape, offset) => {
        const elements = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => (i * 37) % 256);
        const file = idx(shape, elements);
        const larger = new Uint8Array(offset + file.length + 3);
        larger.set(file, offset);
        const read = readIdx(larger.subarray(offset, offset + file.length), shape.length, 'file');
        expect(read.shape).toEqual(shape);
        expect(Array.from(read.data)).toEqual(Array.from(elements));
      }),
    );
  });

  it('reads dimensions as big-endian', () => {
    const bytes = Uint8Array.of(0, 0, 8, 1, 0, 0, 1, 2, ...new Uint8Array(258));
    expect(readIdx(bytes, 1, 'file').shape).toEqual([258]);
  });

  it('refuses a file of another rank', () => {
    expect(() => readIdx(idx([2], Uint8Array.of(1, 2)), 3, 'images')).toThrow(
      new RangeError('images: expected an IDX header of 16 bytes, got a file of 10. Fetch it again.'),
    );
    expect(() => readIdx(idx([16], new Uint8Array(16)), 3, 'images')).toThrow(
      new RangeError(
        'images: expected the magic number 0x00000803 (unsigned bytes, rank 3), got 0x00000801. ' +
          'Check that this is the right file.',
      ),
    );
  });

  it('refuses another element type', () => {
    const floats = idx([2], Uint8Array.of(1, 2));
    floats[2] = 0x0d;
    expect(() => readIdx(floats, 1, 'labels')).toThrow(/got 0x00000d01/);
  });

  it('refuses a file cut short, in its header or its elements, and one too long', () => {
    const file = idx([3], Uint8Array.of(1, 2, 3));
    for (let length = 0; length < file.length; length++) {
      expect(() => readIdx(file.subarray(0, length), 1, 'labels')).toThrow(RangeError);
    }
    expect(() => readIdx(file.subarray(0, 10), 1, 'labels')).toThrow(
      'labels: the file is cut short: shape [3] takes 3 bytes after the header, got 2. Fetch it again.',
    );
    expect(() => readIdx(Uint8Array.of(...file, 0), 1, 'labels')).toThrow(
      'labels: the file is too long: shape [3] takes 3 bytes after the header, got 4. Fetch it again.',
    );
  });

  it('refuses a compressed file', () => {
    expect(() => readIdx(Uint8Array.of(0x1f, 0x8b, 8, 0), 1, 'labels')).toThrow(
      'labels: expected an IDX file, got one compressed with gzip. Unpack it first.',
    );
  });
});
