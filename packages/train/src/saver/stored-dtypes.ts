import { type DType, type TypedArray, allocate } from '@tensorloom/graph';

/** How elements of a dtype of safetensors files become elements of ours. */
export interface StoredDType {
  readonly dtype: DType;
  /** Of one element in the file. */
  readonly bytes: number;
  /** The elements that `from` holds, as a copy. Throws `RangeError` at an element that has no counterpart. */
  readonly read: (from: Uint8Array) => TypedArray;
}

/** As in memory: both are little-endian. */
const asItIs = (dtype: DType, bytes: number): StoredDType => ({
  dtype,
  bytes,
  read(from) {
    const data = allocate(dtype, from.length / bytes);
    new Uint8Array(data.buffer).set(from);
    return data;
  },
});

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A float16, given its bits. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The dtypes of safetensors files that are read here: ours, and those of others that fit into them. float16 and bfloat16 become float32,
 * int64 becomes int32 where every element fits.
 */
export const storedDTypes: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['F32', asItIs('float32', 4)],
  ['F64', asItIs('float64', 8)],
  ['I32', asItIs('int32', 4)],
  [
    'BOOL',
    {
      dtype: 'bool',
      bytes: 1,
      read(from) {
        const wrong = from.find((b) => b > 1);
        if (wrong !== undefined) throw new RangeError(`the byte ${wrong} is no BOOL, expected 0 or 1`);
        return from.slice();
      },
    },
  ],
  [
    'F16',
    {
      dtype: 'float32',
      bytes: 2,
      read(from) {
        const view = viewOf(from);
        return new Float32Array(from.length / 2).map((_, i) => half(view.getUint16(2 * i, true)));
      },
    },
  ],
  [
    'BF16',
    {
      dtype: 'float32',
      bytes: 2,
      // The upper half of a float32.
      read(from) {
        const data = new Float32Array(from.length / 2);
        const [view, bits] = [viewOf(from), new Uint32Array(data.buffer)];
        bits.forEach((_, i) => (bits[i] = view.getUint16(2 * i, true) << 16));
        return data;
      },
    },
  ],
  [
    'I64',
    {
      dtype: 'int32',
      bytes: 8,
      read(from) {
        const view = viewOf(from);
        return new Int32Array(from.length / 8).map((_, i) => {
          const low = view.getInt32(8 * i, true);
          if (view.getInt32(8 * i + 4, true) !== low >> 31) {
            throw new RangeError(`element ${i} is ${view.getBigInt64(8 * i, true)}, which no int32 holds`);
          }
          return low;
        });
      },
    },
  ],
]);

/** What our dtypes are called in safetensors files. */
export const storedNames: Readonly<Record<DType, string>> = {
  float32: 'F32',
  float64: 'F64',
  int32: 'I32',
  bool: 'BOOL',
};
