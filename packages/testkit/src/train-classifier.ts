import { Graph, type HostValue, setRandomSeed, withGraph } from '@tensorloom/graph';
import { type Backend, Session } from '@tensorloom/runtime';
import { type Sizes, buildClassifier } from './classifier.js';

/** Sequences float32 [batch, steps, inputs] and the class of each, int32 [batch]. */
export interface ClassifierBatch {
  readonly images: HostValue;
  readonly labels: HostValue;
}

/**
 * Trains the classifier of `buildClassifier`, from the same weights every time, and gives its loss before each step: backends can be
 * compared by it. Throws when steps after the first leave handles behind, or the session does.
 */
export async function trainClassifier(
  backend: Backend,
  sizes: Sizes,
  batches: Iterable<ClassifierBatch>,
): Promise<number[]> {
  const graph = new Graph();
  const { X, y, loss, trainingOp, init } = withGraph(graph, () => {
    setRandomSeed(42);
    return buildClassifier(sizes);
  });
  const before = backend.stats().handles;
  const losses: number[] = [];
  let warm: number | undefined;
  {
    await using session = new Session({ graph, backend });
    await session.run(init);
    for (const { images, labels } of batches) {
      const { l } = await session.run({ l: loss, trainingOp }, [
        [X, images],
        [y, labels],
      ]);
      losses.push(l.item());
      warm ??= backend.stats().handles;
    }
    expectSame(backend, 'training', warm ?? before);
  }
  expectSame(backend, 'closing the session', before);
  return losses;
}

function expectSame(backend: Backend, after: string, handles: number): void {
  const live = backend.stats().handles;
  if (live === handles) return;
  throw new Error(
    `trainClassifier: backend '${backend.name}' has ${live} live handles after ${after}, expected ${handles}.`,
  );
}
