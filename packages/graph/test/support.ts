import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type DType, type Shape, type Tensor, constant, placeholder } from '../src/index.js';

/** The message of what `f` throws, with paths cut to file names and line numbers to LINE. */
export function messageFrom(f: () => unknown): string {
  try {
    f();
  } catch (e) {
    if (e instanceof Error) return e.message.replace(/(made at:? )\S*\/(\S+?):\d+:\d+/g, '$1$2:LINE');
  }
  throw new Error('expected an error, got none');
}

/** The number of the line that ends in the comment `mark`, in the test file at `url`. */
export function lineOf(url: string, mark: string): number {
  const lines = readFileSync(fileURLToPath(url), 'utf8').split('\n');
  const found = lines.flatMap((line, i) => (line.endsWith(`// ${mark}`) ? [i + 1] : []));
  if (found.length !== 1) throw new Error(`expected one line marked ${mark}, got ${found.length}`);
  return found[0];
}

/** An int32 scalar. */
export const int = (v: number): Tensor => constant(v, { dtype: 'int32' });

/** A placeholder called x. */
export const x = (shape?: Shape, dtype: DType = 'float32'): Tensor => placeholder(dtype, shape, { name: 'x' });

/** Dtype and shape of tensors, as they print. */
export const specs = (...ts: readonly Tensor[]): string[] => ts.map((t) => /\S+(?=\)$)/.exec(t.toString())?.[0] ?? '');
