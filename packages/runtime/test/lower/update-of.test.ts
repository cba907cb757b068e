import { elementwise, state } from '@tensorloom/graph';
import { expect, test } from 'vitest';
import { updateOf } from '../../src/lower/update-of.js';

test('an assignment takes the value as it is, or computes it by an op', () => {
  expect([state.assign, state.assignAdd, state.assignSub].map(updateOf)).toEqual([
    null,
    elementwise.add,
    elementwise.sub,
  ]);
  expect(updateOf(state.scatterUpdate)).not.toBeNull();
});
