import type { Shape } from '@tensorloom/graph';
import { Emitter, type Library, type Ref } from './emitter.js';
import type { DataType } from './messages/graph-def.js';

/** What a function takes. */
export interface Argument {
  readonly type: DataType;
  readonly shape: Shape;
}

/** What a function gives. */
export interface Result {
  readonly ref: Ref;
  readonly type: DataType;
}

/** Writes a function of a library; `build` gets the values of its arguments. Returns what it is called. */
export function writeFunction(
  library: Library,
  wanted: string,
  args: readonly Argument[],
  build: (inner: Emitter, args: readonly Ref[]) => readonly Result[],
): { readonly name: string; readonly isStateful: boolean } {
  const name = library.functionName(wanted);
  const inner = new Emitter(library, true);
  const inputs = args.map(({ type }, i) => ({ name: inner.unique(`arg_${i}`), type }));
  const results = build(
    inner,
    inputs.map(({ name: argument }) => ({ argument })),
  );
  const { isStateful } = inner;
  library.functions.push({
    name,
    inputs,
    outputs: results.map(({ type }, i) => ({ name: `result_${i}`, type })),
    nodes: inner.nodes,
    results: results.map(({ ref }) => inner.show(ref)),
    awaited: inner.awaited,
    isStateful,
  });
  return { name, isStateful };
}
