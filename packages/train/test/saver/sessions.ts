import { reference } from '@tensorloom/backend-reference';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Graph, type NDArray, type NestedArray, type Variable, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { onTestFinished } from 'vitest';

/** A new folder, removed when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** A session, closed when the test ends, on a graph of its own that `build` makes. */
export function program<T>(build: () => T): { readonly session: Session; readonly graph: Graph } & T {
  const graph = new Graph();
  const session = new Session({ graph, backend: reference() });
  onTestFinished(() => session.close());
  return { session, graph, ...withGraph(graph, build) };
}

/** The values of variables by name. */
export async function valuesOf(session: Session, variables: readonly Variable[]): Promise<Record<string, NestedArray>> {
  const values: readonly NDArray[] = await session.run([...variables]);
  return Object.fromEntries(variables.map((v, i) => [v.op, values[i].toArray()]));
}
