import { expect, it } from 'vitest';
import { run } from '../src/deep-rnn.js';

it('deep-rnn: the last output is the state of the top layer', async () => {
  const { outputs, topState } = await run();
  expect([outputs.shape, topState.shape]).toEqual([
    [2, 5, 100],
    [2, 100],
  ]);
  for (const instance of [0, 1]) {
    for (let unit = 0; unit < 100; unit++) expect(outputs.get(instance, 4, unit)).toBe(topState.get(instance, unit));
  }
});
