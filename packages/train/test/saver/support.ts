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

/** Gives a mutated safetensors file a header's length that fits: it grew or shrank within its header. */
export function mendHeader(bytes: Uint8Array, original: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const mended = bytes.slice();
  const before = new DataView(original.buffer, original.byteOffset).getUint32(0, true);
  new DataView(mended.buffer).setBigUint64(0, BigInt(Math.max(0, before + bytes.length - original.length)), true);
  return mended;
}
