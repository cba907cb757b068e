import * as tl from '@tensorloom/graph';
import { lower, printProgram } from '@tensorloom/runtime';
import { buildClassifier } from '@tensorloom/testkit/models';
import { expect, test } from 'vitest';

test('the program of the MNIST training step', async () => {
  tl.resetDefaultGraph();
  const { X, y, loss, trainingOp } = buildClassifier({ steps: 28, inputs: 28, neurons: 150, classes: 10 });
  const text = printProgram(lower([loss], [trainingOp], [X, y]));
  await expect(`${text}\n`).toMatchFileSnapshot('__snapshots__/mnist-training-step.txt');
});
