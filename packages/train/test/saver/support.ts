import { NDArray, type DType, toTypedArray } from '@tensorloom/graph';
import fc from 'fast-check';

const elements: Readonly<Record<DType, fc.Arbitrary<number>>> = {
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  bool: fc.nat(1),
};

/** Small tensors of all dtypes, scalars and empty ones among them. */
export const arrays: fc.Arbitrary<NDArray> = fc
  .tuple(fc.constantFrom<DType>('float32', 'float64', 'int32', 'bool'), fc.array(fc.nat(3), { maxLength: 3 }))
  .chain(([dtype, shape]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return fc
      .array(elements[dtype], { minLength: size, maxLength: size })
      .map((data) => new NDArray(dtype, shape, toTypedArray(dtype, data)));
  });

/** Some tensors by name. */
export const namedArrays: fc.Arbitrary<(readonly [string, NDArray])[]> = fc.uniqueArray(
  fc.tuple(
    fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
    arrays,
  ),
  { selector: ([name]) => name, maxLength: 5 },
);

const withBytes = (bytes: Uint8Array, at: number, removed: number, added: readonly number[]): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);

/** Pieces of text that mean something in headers. */
const fragments = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\\u0000',
  '\\ud800',
  '-',
  '-1',
  '0',
  '00',
  '1e400',
  '1.5',
  'NaN',
  'Infinity',
  'null',
  'true',
  '[[[[[[[[',
  '9007199254740993',
  '99999999999999999999',
  '4294967296',
  '"F32"',
  '"F64"',
  '"I32"',
  '"BOOL"',
  '"F8_E4M3"',
  '"dtype"',
  '"shape":',
  '"shape":[0]',
  '"data_offsets":[0,0]',
  '"__metadata__":{}',
  '"__proto__":{}',
  '"constructor"',
  ' ',
  '\n',
  '"version":',
  '"name"',
  '"op"',
].map((text) => [...new TextEncoder().encode(text)]);

/** A change of a file: bits flipped, its end cut off, bytes put in, taken out, or replaced by what means something. */
const mutations: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc
  .tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    // Most of what can be wrong is in the first bytes.
    fc.boolean(),
    fc.oneof(
      fc.nat(7).map((bit) => (b: Uint8Array, at: number) => withBytes(b, at, 1, [b[at] ^ (1 << bit)])),
      fc.constant((b: Uint8Array, at: number) => b.slice(0, at)),
      fc
        .array(fc.nat(255), { minLength: 1, maxLength: 9 })
        .map((added) => (b: Uint8Array, at: number) => withBytes(b, at, 0, added)),
      fc.integer({ min: 1, max: 40 }).map((n) => (b: Uint8Array, at: number) => withBytes(b, at, n, [])),
      fc.tuple(fc.constantFrom(...fragments), fc.nat(8)).map(
        ([text, n]) =>
          (b: Uint8Array, at: number) =>
            withBytes(b, at, n, text),
      ),
      fc
        .integer({ min: 1, max: 60 })
        .map((n) => (b: Uint8Array, at: number) => withBytes(b, at, 0, [...b.subarray(at, at + n)])),
    ),
  )
  .map(([where, early, change]) => (bytes) => {
    const at = Math.floor(where * Math.max(0, (early ? Math.min(bytes.length, 16) : bytes.length) - 1));
    return change(bytes, at);
  });

/** A file with some mutations; where it begins with its header's length, that may be made right again, so that more than that is tested. */
export const mutated = (
  file: fc.Arbitrary<Uint8Array>,
  mend: (bytes: Uint8Array, original: Uint8Array) => Uint8Array,
) =>
  fc.tuple(file, fc.array(mutations, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([bytes, changes, mended]) => {
    const changed = changes.reduce((b, change) => change(b), bytes);
    return mended ? mend(changed, bytes) : changed;
  });

/** Gives a mutated safetensors file a header's length that fits: it grew or shrank within its header. */
export function mendHeader(bytes: Uint8Array, original: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const mended = bytes.slice();
  const before = new DataView(original.buffer, original.byteOffset).getUint32(0, true);
  new DataView(mended.buffer).setBigUint64(0, BigInt(Math.max(0, before + bytes.length - original.length)), true);
  return mended;
}
