import { reference } from '@tensorloom/backend-reference';
import {
  constant,
  constantInitializer,
  globalVariablesInitializer,
  placeholder,
  resetDefaultGraph,
  trainableVariables,
  variableScope,
} from '@tensorloom/graph';
import { BasicLSTMCell, EmbeddingWrapper, GRUCell, dynamicRnn, flatState } from '@tensorloom/rnn';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { beforeEach, expect, test } from 'vitest';
import { expectClose, filled } from '../support.js';

beforeEach(() => resetDefaultGraph());

test("TensorFlow's own test: id 1 of 3, embeddings of 2 for a GRU of 2, all variables 0.5, state 0.1", () => {
  const [output] = variableScope('root', { initializer: constantInitializer(0.5) }, () =>
    new EmbeddingWrapper(new GRUCell(2), 3, 2).call(constant([[1]], { dtype: 'int32' }), filled(2, 0.1)),
  );
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  expectClose(session.runSync(output).toArray(), [[0.17139, 0.17139]], 1e-5);
  session.close();
});

test('the embedding is uniform from -sqrt 3 to sqrt 3, and named as in TensorFlow', () => {
  const ids = placeholder('int32', [null, 4, 1]);
  const [outputs] = dynamicRnn(new EmbeddingWrapper(new BasicLSTMCell(3), 200, 5), ids, { dtype: 'float32' });
  expect(outputs.shape).toEqual([null, 4, 3]);
  expect(trainableVariables().map((v) => [v.op, v.shape])).toEqual([
    ['rnn/embedding_wrapper/embedding', [200, 5]],
    ['rnn/embedding_wrapper/basic_lstm_cell/kernel', [8, 12]],
    ['rnn/embedding_wrapper/basic_lstm_cell/bias', [12]],
  ]);
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const { data } = session.runSync(trainableVariables()[0]);
  session.close();
  expect(Math.max(...data)).toBeLessThan(Math.sqrt(3));
  expect(Math.max(...data)).toBeGreaterThan(1.6);
  const variance = Array.from(data).reduce((sum, v) => sum + v * v, 0) / data.length;
  expect(variance).toBeGreaterThan(0.9);
  expect(variance).toBeLessThan(1.1);
});

test('gradients through time', () => {
  checkGradients({
    inputs: [],
    order: 2,
    build: () => {
      const ids = constant([[[1], [0]], [[2], [1]]], { dtype: 'int32' }); // prettier-ignore
      const cell = new EmbeddingWrapper(new GRUCell(2), 3, 2);
      const [outputs, state] = dynamicRnn(cell, ids, { dtype: 'float64', sequenceLength: [2, 1] });
      return [outputs, ...flatState(state)];
    },
  });
});

test('errors', () => {
  expect(() => new EmbeddingWrapper(new GRUCell(2), 0, 2)).toThrow(
    /EmbeddingWrapper: expected a positive number of classes/,
  );
});
