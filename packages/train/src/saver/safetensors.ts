import { NDArray, type DType, bytesPerElement, sizeOf } from '@tensorloom/graph';
import { JsonReader } from './json-reader.js';
import { type StoredDType, storedDTypes, storedNames } from './stored-dtypes.js';

/** A file that is no checkpoint, or a damaged one; the message says what is wrong and where. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

/** What a file says of a tensor: the dtype and shape it has here. */
export interface StoredTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tensor's place: bytes `begin` to `end` of the data. */
interface Entry extends StoredTensor {
  readonly stored: StoredDType;
  readonly begin: number;
  readonly end: number;
}

const LENGTH_BYTES = 8;
const METADATA = '__metadata__';
/** A header of this size describes a hundred thousand tensors. */
const LARGEST_HEADER = 2 ** 24;
/** NumPy's. */
const HIGHEST_RANK = 64;

/** Names in a damaged file may be as long as the file. */
const LONGEST_REASON = 300;

const refuse = (wrong: string): never => {
  const reason = wrong.length > LONGEST_REASON ? `${wrong.slice(0, LONGEST_REASON)} ...` : wrong;
  throw new CheckpointError(`safetensors: ${reason}. The file is damaged, or no safetensors file.`);
};

/**
 * The tensors in the bytes of a safetensors file. Making one checks the whole header, and reads no tensor: `get` does. Damaged and
 * hostile files are refused with a `CheckpointError`: lengths that do not fit the file, tensors that overlap or leave holes, keys that
 * occur twice, unknown dtypes. Nothing is allocated for what a file only claims to hold.
 * Format: https://github.com/huggingface/safetensors.
 */
export class SafetensorsFile {
  /** Text that goes with the tensors. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly #entries = new Map<string, Entry>();
  readonly #data: Uint8Array;

  constructor(bytes: Uint8Array) {
    const header = headerOf(bytes);
    this.#data = bytes.subarray(LENGTH_BYTES + header.length);
    const metadata = new Map<string, string>();
    const json = new JsonReader(header, refuse);
    json.object('the header', (name) => {
      if (name === METADATA) json.object(METADATA, (key) => metadata.set(key, json.string(`the value of ${key}`)));
      else this.#entries.set(name, readEntry(json, `'${name}'`));
    });
    json.end();
    this.metadata = metadata;
    this.#checkPlaces();
  }

  /** The dtype and shape of each tensor, by name. */
  get tensors(): ReadonlyMap<string, StoredTensor> {
    return this.#entries;
  }

  /** A tensor, as a copy. Throws a `CheckpointError` when there is none of that name, or an element has no counterpart here. */
  get(name: string): NDArray {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new CheckpointError(`safetensors: there is no tensor '${name}' in the file.`);
    try {
      const data = entry.stored.read(this.#data.subarray(entry.begin, entry.end));
      return new NDArray(entry.dtype, entry.shape, data);
    } catch (cause) {
      const wrong = cause instanceof Error ? cause.message : String(cause);
      throw new CheckpointError(`safetensors: tensor '${name}': ${wrong}.`, { cause });
    }
  }

  /** The tensors fill the data one after the other, as the format demands. */
  #checkPlaces(): void {
    const places = [...this.#entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
    let filled = 0;
    for (const [name, { begin, end }] of places) {
      if (end > this.#data.length)
        refuse(`'${name}' ends at byte ${end} of the data, expected within its ${this.#data.length} bytes`);
      if (begin !== filled) {
        const what = begin < filled ? 'overlaps the tensor before it' : 'leaves a hole before it';
        refuse(`'${name}' begins at byte ${begin} of the data and ${what}, expected ${filled}`);
      }
      filled = end;
    }
    if (filled !== this.#data.length)
      refuse(`the tensors fill ${filled} bytes, expected all of the data's ${this.#data.length}`);
  }
}

/** The header's bytes. Refuses lengths that the file does not have. */
function headerOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length < LENGTH_BYTES) refuse(`expected at least ${LENGTH_BYTES} bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  const most = Math.min(bytes.length - LENGTH_BYTES, LARGEST_HEADER);
  if (length > most) refuse(`the header would be ${length} bytes long, expected at most ${most}`);
  return bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
}

function readEntry(json: JsonReader, name: string): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  const counts = (what: string, most: number): number[] => {
    const read: number[] = [];
    json.array(`${what} of ${name}`, most, () => read.push(json.count(`an entry of ${what} of ${name}`)));
    return read;
  };
  json.object(name, (key) => {
    if (key === 'dtype') dtype = json.string(`the dtype of ${name}`);
    else if (key === 'shape') shape = counts('the shape', HIGHEST_RANK);
    else if (key === 'data_offsets') offsets = counts('data_offsets', 2);
    else refuse(`${name} has the key '${key}', expected dtype, shape and data_offsets`);
  });
  if (dtype === undefined || shape === undefined || offsets?.length !== 2)
    return refuse(`${name} is incomplete, expected dtype, shape and two data_offsets`);
  const stored = storedDTypes.get(dtype);
  if (stored === undefined) {
    throw new CheckpointError(
      `safetensors: ${name} is of dtype ${dtype}, expected one of ${[...storedDTypes.keys()].join(', ')}. Cast it before it is saved.`,
    );
  }
  const [begin, end] = offsets;
  // Sizes too large to be exact are larger than any file.
  const size = shape.includes(0) ? 0 : sizeOf(shape) * stored.bytes;
  if (end - begin !== size)
    refuse(
      `${name} of dtype ${dtype} and shape [${shape.join()}] takes ${size} bytes, got the bytes ${begin} to ${end}`,
    );
  return { stored, dtype: stored.dtype, shape, begin, end };
}

/**
 * A safetensors file of named tensors and text that goes with them. Throws a `TypeError` at names that occur twice, or that the format
 * keeps for itself. The elements of the widest dtypes come first, so that all are aligned.
 */
export function writeSafetensors(
  tensors: Iterable<readonly [string, NDArray]>,
  metadata: Iterable<readonly [string, string]> = [],
): Uint8Array {
  const sorted = [...tensors].sort(([, a], [, b]) => bytesPerElement(b.dtype) - bytesPerElement(a.dtype));
  const entries: string[] = [];
  const names = new Set([METADATA]);
  let size = 0;
  for (const [name, { dtype, shape, data }] of sorted) {
    if (names.has(name)) {
      const taken = name === METADATA ? 'is kept for the metadata' : 'occurs twice, expected once';
      throw new TypeError(`safetensors: the name '${name}' ${taken}. Choose another.`);
    }
    names.add(name);
    const entry = { dtype: storedNames[dtype], shape, data_offsets: [size, (size += data.byteLength)] };
    entries.push(`${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  }
  const texts = [...new Map(metadata)].map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
  const first = texts.length === 0 ? [] : [`"${METADATA}":{${texts.join()}}`];
  const header = new TextEncoder().encode(`{${[...first, ...entries].join()}}`);
  const start = LENGTH_BYTES * Math.ceil((LENGTH_BYTES + header.length) / LENGTH_BYTES);

  const bytes = new Uint8Array(start + size);
  new DataView(bytes.buffer).setUint32(0, start - LENGTH_BYTES, true);
  bytes.set(header, LENGTH_BYTES);
  bytes.fill(' '.charCodeAt(0), LENGTH_BYTES + header.length, start);
  let at = start;
  for (const [, { data }] of sorted) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}
