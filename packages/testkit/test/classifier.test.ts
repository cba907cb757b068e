import { reference } from '@tensorloom/backend-reference';
import { Graph, NDArray, setRandomSeed, withGraph } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { expect, it } from 'vitest';
import { buildClassifier } from '../src/classifier.js';

it('is a model of the given sizes, for batches of any, which learns', () => {
  withGraph(new Graph(), () => {
    setRandomSeed(1);
    const { X, y, logits, loss, trainingOp, init } = buildClassifier({ steps: 3, inputs: 2, neurons: 4, classes: 3 });
    expect([X.shape, y.shape, logits.shape, loss.shape]).toEqual([[null, 3, 2], [null], [null, 3], []]);
    const session = new Session({ backend: reference() });
    session.runSync(init);
    const feeds = [
      [
        X,
        new NDArray(
          'float32',
          [5, 3, 2],
          Float32Array.from({ length: 30 }, (_, i) => Math.sin(i)),
        ),
      ],
      [y, [0, 1, 2, 0, 1]],
    ] as const;
    const before = session.runSync(loss, feeds).item();
    for (let i = 0; i < 50; i++) session.runSync(trainingOp, feeds);
    expect(session.runSync(loss, feeds).item()).toBeLessThan(before);
    session.close();
  });
});
