import { test } from 'vitest';
import { killWhileSaving } from './kill.js';

test('20 programs, killed while they save: the newest checkpoint is a whole one', async () => {
  await killWhileSaving(20);
}, 120_000);
