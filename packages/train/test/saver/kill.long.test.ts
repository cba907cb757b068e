import { expect, test } from 'vitest';
import { killWhileSaving } from './kill.js';

test('200 programs, killed while they save: the newest checkpoint is a whole one', async () => {
  expect(await killWhileSaving(200)).toBeGreaterThan(10);
});
