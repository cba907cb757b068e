import { Graph, setRandomSeed, withGraph } from '@tensorloom/graph';
import { type Backend, type MemoryStats, Session } from '@tensorloom/runtime';
import { type Sizes, buildClassifier } from '@tensorloom/testkit/models';

/** What came of training: the losses, and what the backend held after the first step, the last one and the end. */
export interface Training {
  readonly losses: readonly number[];
  readonly first: MemoryStats;
  readonly last: MemoryStats;
  readonly end: MemoryStats;
}

/** Trains a classifier of sequences on one batch. */
export async function train(backend: Backend, sizes: Sizes, batch: number, steps: number): Promise<Training> {
  const { session, init, X, y, loss, trainingOp } = withGraph(new Graph(), () => {
    setRandomSeed(42);
    return { session: new Session({ backend }), ...buildClassifier(sizes) };
  });
  const shape = [batch, sizes.steps, sizes.inputs];
  const feeds = [
    [X, { shape, data: Float32Array.from({ length: batch * sizes.steps * sizes.inputs }, (_, i) => Math.sin(i)) }],
    [y, Int32Array.from({ length: batch }, (_, i) => i % sizes.classes)],
  ] as const;
  await session.run(init);
  const losses: number[] = [];
  const held: MemoryStats[] = [];
  for (let i = 0; i < steps; i++) {
    const results = await session.run({ trainingOp, loss }, feeds);
    losses.push(results.loss.item());
    held.push(backend.stats());
  }
  session.close();
  return { losses, first: held[0], last: held[held.length - 1], end: backend.stats() };
}
