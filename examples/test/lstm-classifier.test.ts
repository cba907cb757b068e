import { loadMnist } from '@tensorloom/datasets';
import * as tl from 'tensorloom';
import { expect, it } from 'vitest';
import { readByLstmLayers } from '../src/lstm-classifier.js';
import { trainMnistClassifier } from '../src/mnist-classifier.js';

it('three layers of LSTM cells learn: the loss falls within a few steps', { timeout: 120_000 }, async () => {
  const mnist = await loadMnist({ limit: 1500, seed: 42 });
  const losses: number[] = [];
  for await (const event of trainMnistClassifier(mnist, { readRows: readByLstmLayers, epochs: 1, seed: 42 })) {
    if (event.kind === 'step') losses.push(event.loss);
    if (losses.length === 10) break;
  }
  expect(Math.abs(losses[0] - Math.log(10))).toBeLessThan(0.1);
  expect(losses[9]).toBeLessThan(losses[0] - 0.02);
  expect(tl.trainableVariables().map(({ name }) => name)).toContain(
    'rnn/multi_rnn_cell/cell_2/basic_lstm_cell/kernel:0',
  );
});
