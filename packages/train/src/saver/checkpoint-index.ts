import type { Files } from './files.js';
import { CheckpointError } from './safetensors.js';

/** Which checkpoints a folder holds, oldest first, by their names in it: what TensorFlow keeps in its file `checkpoint`. */
export type CheckpointIndex = readonly string[];

/** The name of the index in its folder unless another is given. */
export const INDEX_NAME = 'checkpoint.json';

const VERSION = 1;

/** The index of a folder, empty when there is none. Rejects with a `CheckpointError` when it is damaged. */
export async function readIndex(files: Files, folder: string, name: string): Promise<CheckpointIndex> {
  const path = files.join(folder, name);
  const bytes = await files.read(path);
  if (bytes === null) return [];
  const index = parse(bytes);
  if (isIndex(index)) return index.checkpoints;
  throw new CheckpointError(
    `checkpoint index: ${path} is damaged, expected {"version":${VERSION},"checkpoints":[names of files, each once]}. Remove it: the checkpoints are in files of their own.`,
  );
}

/** Writes the index of a folder. */
export function writeIndex(files: Files, folder: string, name: string, checkpoints: CheckpointIndex): Promise<void> {
  const text = `${JSON.stringify({ version: VERSION, checkpoints }, null, 2)}\n`;
  return files.replace(files.join(folder, name), new TextEncoder().encode(text));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isIndex(x: unknown): x is { readonly checkpoints: CheckpointIndex } {
  if (typeof x !== 'object' || x === null || !('version' in x) || !('checkpoints' in x)) return false;
  const { version, checkpoints: names } = x;
  return version === VERSION && Array.isArray(names) && names.every(isFileName) && new Set(names).size === names.length;
}

/** Whether `x` names a file in the index's own folder: files that it names are read and removed. */
const isFileName = (x: unknown): boolean =>
  typeof x === 'string' && x !== '' && x !== '.' && x !== '..' && !/[/\\\0]/.test(x);
