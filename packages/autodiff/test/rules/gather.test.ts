import { type Tensor, gather, indexing, unsortedSegmentSum } from '@tensorloom/graph';
import { checkGradients } from '@tensorloom/testkit';
import { describe, test } from 'vitest';
import { walkRules } from './walk.js';

describe('the family', () => walkRules(indexing));

const x = Float64Array.of(0.5, -1, 2);

test('what is read twice gets both gradients', () => {
  checkGradients({ inputs: [x], order: 2, build: ([t]): Tensor => gather(t.sin(), [2, 0, 2, 2]).square() });
});

test('what no segment counts gets none', () => {
  checkGradients({
    inputs: [x],
    order: 2,
    build: ([t]): Tensor => unsortedSegmentSum(t.sin(), [1, -1, 1], 3).square(),
  });
});
