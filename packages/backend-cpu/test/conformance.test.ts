import { createCpu } from '@tensorloom/backend-cpu';
import { conformance } from '@tensorloom/testkit';
import { expect, test } from 'vitest';

test.each([1, 2])(
  'every op agrees with the reference, in all dtypes, threads: %i',
  { timeout: 60_000 },
  async (threads) => {
    const backend = createCpu({ threads });
    const report = await conformance(backend, { complete: true, samples: 25 });
    expect(report.every((r) => r.status === 'passed')).toBe(true);
    expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
  },
);
