import { gradients } from '@tensorloom/autodiff';
import { createCpu } from '@tensorloom/backend-cpu';
import { reference } from '@tensorloom/backend-reference';
import { Graph, type NDArray, defaultGraph, placeholder, reduceSum, sin, withGraph } from '@tensorloom/graph';
import { type Backend, type Pass, ProgramRunner, Session, lower, passes } from '@tensorloom/runtime';
import { type ProgramDescription, buildProgram, checkGradients } from '@tensorloom/testkit';
import { expect } from 'vitest';

function shapesOf({ rows, openLength, openBatch }: ProgramDescription): (number | null)[][] {
  const length = openLength ? null : rows.shape[0];
  const batch = openBatch ? null : rows.shape[1];
  return [
    [batch, 2],
    [4, 2],
    [length, batch, 2],
  ];
}

/** Throws unless gradients of order 1 and 2 are those of finite differences, and all memory is given back. */
export function checkDerivatives(description: ProgramDescription): void {
  const { x, weights, rows, result } = description;
  checkGradients({
    inputs: [x, weights, rows],
    shapes: shapesOf(description),
    order: 2,
    build: ([at, by, over]) => buildProgram(result, { x: at, weights: by, rows: over }),
  });
}

/** A program's result, its gradients, and theirs. */
function build(description: ProgramDescription) {
  const { x, weights, rows, result } = description;
  const inputs = shapesOf(description).map((shape) => placeholder('float64', shape));
  const y = buildProgram(result, { x: inputs[0], weights: inputs[1], rows: inputs[2] });
  const first = gradients(y, inputs, { unconnectedGradients: 'zero' }).filter((g) => g !== null);
  const weighted = first.map((g) => reduceSum(sin(g))).reduce((a, b) => a.add(b));
  const second = gradients(weighted, inputs, { unconnectedGradients: 'zero' }).filter((g) => g !== null);
  return { fetches: [y, ...first, ...second], inputs, fed: [x, weights, rows] };
}

/** What a program computes, as a backend runs it under some passes. */
function run(description: ProgramDescription, backend: Backend, rewrites: readonly Pass[]): NDArray[] {
  return withGraph(new Graph(), () => {
    const { fetches, inputs, fed } = build(description);
    const runner = new ProgramRunner(backend);
    try {
      return runner.run(lower(fetches, [], inputs, rewrites), fed);
    } finally {
      runner.close();
      expect(backend.stats().handles).toBe(0);
    }
  });
}

/** Places every node on one of some devices, those in bodies too, as `pick` says. */
function scatter(graph: Graph, pick: () => string | undefined): void {
  for (const n of graph.nodes) {
    Object.defineProperty(n, 'device', { value: pick() });
    for (const body of n.op.subgraphs?.(n.attrs) ?? []) scatter(body.graph, pick);
  }
}

/** Throws unless a program whose nodes are on several devices computes what it does on one, to the last bit, and gives all memory back. */
export function checkPlaced(description: ProgramDescription, places: readonly (string | undefined)[]): void {
  const alone = run(description, reference(), passes);
  const backends = { a: reference(), b: reference(), c: reference() };
  const placed = withGraph(new Graph(), () => {
    const { fetches, inputs, fed } = build(description);
    let next = 0;
    scatter(defaultGraph(), () => places[next++ % places.length]);
    const session = new Session({ backends, passes });
    try {
      return session.runSync(
        fetches,
        inputs.map((t, i) => [t, fed[i]] as const),
      );
    } finally {
      session.close();
      for (const backend of Object.values(backends)) expect(backend.stats().handles).toBe(0);
    }
  });
  expect(placed.map((v) => [v.shape, v.data])).toEqual(alone.map((v) => [v.shape, v.data]));
}

/** Throws unless results and gradients are the same without passes, with them, and on the CPU backend: to rounding, for passes add up in another order. */
export function checkRuns(description: ProgramDescription): void {
  const plain = run(description, reference(), []);
  for (const others of [run(description, reference(), passes), run(description, createCpu(), passes)]) {
    plain.forEach(({ shape, data }, i) => {
      expect(others[i].shape).toEqual(shape);
      data.forEach((v, k) => {
        const apart = Math.abs(others[i].data[k] - v);
        expect(apart, `result ${i}, element ${k}: ${others[i].data[k]} for ${v}`).toBeLessThanOrEqual(
          1e-9 * Math.max(1, Math.abs(v)),
        );
      });
    });
  }
}
