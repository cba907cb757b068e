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
