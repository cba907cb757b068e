/** An array read from an IDX file: `data` holds the bytes of `shape` in row-major order, a view of the file's own bytes. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads an IDX file of unsigned bytes: two zero bytes, the type code 8, the rank, one big-endian uint32 per dimension,
 * then the elements. `name` stands for the file in errors. Throws `RangeError` when the header or the length is wrong.
 * Format: Y. LeCun, "The MNIST database of handwritten digits".
 */
export function readIdx(bytes: Uint8Array, rank: number, name: string): IdxArray {
  const header = 4 + 4 * rank;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new RangeError(`${name}: expected an IDX file, got one compressed with gzip. Unpack it first.`);
  }
  if (bytes.length < header) {
    throw new RangeError(
      `${name}: expected an IDX header of ${header} bytes, got a file of ${bytes.length}. Fetch it again.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expected = (unsignedByte << 8) | rank;
  if (magic !== expected) {
    throw new RangeError(
      `${name}: expected the magic number ${hex(expected)} (unsigned bytes, rank ${rank}), got ${hex(magic)}. ` +
        'Check that this is the right file.',
    );
  }
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  if (bytes.length - header !== size) {
    const what = bytes.length - header < size ? 'cut short' : 'too long';
    throw new RangeError(
      `${name}: the file is ${what}: shape [${shape.join(',')}] takes ${size} bytes after the header, ` +
        `got ${bytes.length - header}. Fetch it again.`,
    );
  }
  return { shape, data: bytes.subarray(header) };
}

const hex = (word: number): string => `0x${word.toString(16).padStart(8, '0')}`;
