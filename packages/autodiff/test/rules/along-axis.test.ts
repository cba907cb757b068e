import { type Tensor, alongAxis, cumsum, topK } from '@tensorloom/graph';
import { checkGradients } from '@tensorloom/testkit';
import { describe, test } from 'vitest';
import { walkRules } from './walk.js';

describe('the family', () => walkRules(alongAxis));

const x = Object.assign(Float64Array.of(0.5, -1, 2, 0.25, 3, -2), { shape: [2, 3] });

test('cumsum in every form', () => {
  for (const axis of [0, 1, -1]) {
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        checkGradients({
          inputs: [x],
          order: 2,
          build: ([t]): Tensor => cumsum(t.sin(), axis, { exclusive, reverse }).square(),
        });
      }
    }
  }
});

test('topK passes the gradients of its values to where they were found', () => {
  for (const k of [1, 2, 3]) {
    checkGradients({ inputs: [x], shapes: [[null, null]], order: 2, build: ([t]): Tensor => topK(t, k)[0].square() });
  }
});
