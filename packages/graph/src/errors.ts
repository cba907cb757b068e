import type { Location } from './location.js';

/** An error in building or running a graph: what is wrong, what was expected and got, what to do; then the node and the user's line. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** Appends the node and the line that made it to a message. */
export function explain(message: string, node: string, location: Location): string {
  const { line } = location;
  return `${message}\n  node:    ${node}${line === undefined ? '' : `\n  made at: ${line}`}`;
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What something is that was not expected: `null`, `a string`, `an array`, `an object of class Map`. */
export function describe(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (Array.isArray(x)) return 'an array';
  if (typeof x !== 'object') return `a ${typeof x}`;
  const { constructor }: { constructor?: unknown } = x;
  return typeof constructor === 'function' ? `an object of class ${constructor.name}` : 'an object of no class';
}
