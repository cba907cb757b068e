/** Bytes of a WebAssembly module under construction. https://webassembly.github.io/spec/core/binary */
export type Bytes = number[];

/** A value type of the binary format. */
export const valueTypes = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueTypes;

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A function of the module `env` that the emitted code calls. */
export interface ImportedFunction {
  readonly name: string;
  readonly type: FunctionType;
}

/** Unsigned LEB128. */
export function unsigned(x: number): Bytes {
  const bytes: Bytes = [];
  for (; x > 127; x = Math.floor(x / 128)) bytes.push((x % 128) | 128);
  bytes.push(x);
  return bytes;
}

/** A double, little-endian. */
export const double = (x: number): Bytes => Array.from(new Uint8Array(Float64Array.of(x).buffer));

/** Signed LEB128 of a 32-bit integer. */
export function signed(x: number): Bytes {
  const bytes: Bytes = [];
  for (; x > 63 || x < -64; x >>= 7) bytes.push((x & 127) | 128);
  bytes.push(x & 127);
  return bytes;
}

const vector = (items: readonly Bytes[]): Bytes => [...unsigned(items.length), ...items.flat()];
const section = (id: number, contents: Bytes): Bytes => [id, ...unsigned(contents.length), ...contents];
const text = (s: string): Bytes => [...unsigned(s.length), ...Array.from(s, (c) => c.charCodeAt(0))];
const functionType = ({ parameters, results }: FunctionType): Bytes => [
  0x60,
  ...vector(parameters.map((p) => [valueTypes[p]])),
  ...vector(results.map((r) => [valueTypes[r]])),
];

/** The import of `env.memory`, which threads share or not: then its largest size is part of its type. */
const memoryImport = (shared: boolean): Bytes => [
  ...text('env'),
  ...text('memory'),
  0x02,
  ...(shared ? [0x03, ...unsigned(0), ...unsigned(65_536)] : [0x00, ...unsigned(0)]),
];

/** A module that imports nothing but `env.memory`, for memory that threads share. Throws when it is no such module. */
export function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const alone = section(2, vector([memoryImport(false)]));
  const at = bytes.findIndex((_, i) => alone.every((byte, k) => bytes[i + k] === byte));
  if (at < 0) throw new Error('cpu: expected a module that imports its memory and nothing else.');
  const shared = section(2, vector([memoryImport(true)]));
  return Uint8Array.from([...bytes.subarray(0, at), ...shared, ...bytes.subarray(at + alone.length)]);
}

/**
 * A module of one function, exported as `run`. It imports the memory `env.memory` and the given functions, which have the
 * indices 0, 1, ... in its code; `locals` follow its parameters.
 */
export function encodeModule(
  imports: readonly ImportedFunction[],
  type: FunctionType,
  locals: readonly ValueType[],
  code: Bytes,
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const body = [...vector(locals.map((l) => [1, valueTypes[l]])), ...code, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector([...imports.map((f) => functionType(f.type)), functionType(type)])),
    ...section(
      2,
      vector([...imports.map((f, i) => [...text('env'), ...text(f.name), 0x00, ...unsigned(i)]), memoryImport(shared)]),
    ),
    ...section(3, vector([unsigned(imports.length)])),
    ...section(7, vector([[...text('run'), 0x00, ...unsigned(imports.length)]])),
    ...section(10, vector([[...unsigned(body.length), ...body]])),
  ]);
}
