import { createCpu } from '@tensorloom/backend-cpu';
import { conformance } from '@tensorloom/testkit';
import { expect, test } from 'vitest';

test('every op agrees with the reference, in all dtypes', { timeout: 60_000 }, async () => {
  const backend = createCpu();
  const report = await conformance(backend, { complete: true, samples: 25 });
  expect(report.every((r) => r.status === 'passed')).toBe(true);
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});
