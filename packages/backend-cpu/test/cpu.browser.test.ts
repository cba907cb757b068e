import { createCpu } from '@tensorloom/backend-cpu';
import { conformance } from '@tensorloom/testkit';
import { expect, test } from 'vitest';

test('conforms in a browser', async () => {
  const report = await conformance(createCpu(), { samples: 10, complete: true });
  expect(report.length).toBeGreaterThan(90);
});
