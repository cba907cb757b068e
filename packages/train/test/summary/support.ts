import { type DType, NDArray, toTypedArray } from '@tensorloom/graph';
import Pbf from 'pbf';
import { maskedCrc32c } from '../../src/summary/crc32c.js';

/** An array as the golden file has it, in which numbers that are none are strings. */
interface GoldenArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

const dtypes: readonly DType[] = ['float32', 'float64', 'int32', 'bool'];

/** The value of a golden array. */
export function valueOf({ dtype, shape, data }: GoldenArray): NDArray {
  const own = dtypes.find((d) => d === dtype);
  if (own === undefined) throw new Error(`There is no ${dtype} here.`);
  return new NDArray(own, shape, toTypedArray(own, data.map(Number)));
}

/** Bytes from their text in base 64. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));

/** Bytes as text, which shows where two differ. */
export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The data of the records in a file. Throws at a record that is cut off, or damaged. */
export function readRecords(file: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const checked = (from: number, to: number): Uint8Array => {
    if (to + 4 > file.length) throw new RangeError(`the file ends within ${from} to ${to}`);
    const bytes = file.subarray(from, to);
    if (view.getUint32(to, true) !== maskedCrc32c(bytes)) throw new RangeError(`${from} to ${to} is damaged`);
    return bytes;
  };
  for (let at = 0; at < file.length;) {
    checked(at, at + 8);
    const end = at + 12 + Number(view.getBigUint64(at, true));
    records.push(checked(at + 12, end));
    at = end + 4;
  }
  return records;
}

/** The fields of a message by number, as they stand in it: varints, doubles and floats as numbers, all else as bytes. */
export type Fields = Readonly<Record<number, readonly (number | Uint8Array)[]>>;

/** Reads a message without knowing what it is. */
export function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Record<number, (number | Uint8Array)[]> = {};
  // Of its own memory: the reader takes numbers from where that begins.
  new Pbf(bytes.slice()).readFields((tag, into, pbf) => {
    const read = [
      () => pbf.readVarint(true),
      () => pbf.readDouble(),
      () => pbf.readBytes(),
      undefined,
      undefined,
      () => pbf.readFloat(),
    ][pbf.type];
    if (read === undefined) throw new Error(`field ${tag} is of the unknown type ${pbf.type}`);
    (into[tag] ??= []).push(read());
  }, fields);
  return fields;
}

/** The messages in a field. */
export const messages = (fields: Fields, tag: number): Fields[] => raw(fields, tag).map(fieldsOf);

/** The bytes in a field. */
export const raw = (fields: Fields, tag: number): Uint8Array[] =>
  (fields[tag] ?? []).filter((x): x is Uint8Array => typeof x !== 'number');

/** The strings in a field. */
export const strings = (fields: Fields, tag: number): string[] =>
  raw(fields, tag).map((bytes) => new TextDecoder().decode(bytes));

/** The first number in a field, 0 where there is none. */
export const number = (fields: Fields, tag: number): number => {
  const [x = 0] = fields[tag] ?? [];
  return typeof x === 'number' ? x : NaN;
};

/** The tags of a summary. */
export const tagsOf = (summary: Uint8Array): string[] =>
  messages(fieldsOf(summary), 1).flatMap((value) => strings(value, 1));
