import { RandomStreamId } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { seedsOf } from '../src/seeds.js';

// TensorFlow 2.21: tf.compat.v1.get_seed with these graph and op seeds, at the node with index 5.
test.each([
  [1, 2, [1, 2]],
  [7, undefined, [7, 5]],
  [undefined, 3, [87654321, 3]],
  [0, 0, [0, 2147483647]],
  [-1, 2147483647, [2147483646, 0]],
])('the graph seed %s and the op seed %s are those of TensorFlow', (graphSeed, opSeed, expected) => {
  expect(seedsOf(new RandomStreamId(graphSeed, opSeed, 5))).toEqual(expected);
});

test('no seed at all is TensorFlow’s way of saying so', () => {
  expect(seedsOf(new RandomStreamId(undefined, undefined, 5))).toEqual([0, 0]);
});
