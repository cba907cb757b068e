import { expect, it } from 'vitest';
import { tInstance } from '../src/time-series-program.js';

it('the training instance is np.linspace(12.2, 12.2 + 0.1 * 21, 21): 20 steps, and one more for the last target', () => {
  expect(tInstance).toHaveLength(21);
  expect(tInstance[0]).toBe(12.2);
  expect(tInstance.at(-1)).toBeCloseTo(14.3, 12);
  tInstance.slice(1).forEach((t, i) => expect(t - tInstance[i]).toBeCloseTo(0.105, 12));
});
