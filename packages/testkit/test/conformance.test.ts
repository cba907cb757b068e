import { describe, expect, it } from 'vitest';
import { reference } from '@tensorloom/backend-reference';
import { conformance } from '../src/index.js';
describe('x', () => { it('y', async () => {
  const r = await conformance(reference(), {complete: true, samples: 100});
  console.log(r.map(x => `${x.op} ${x.dtype} ${x.status} ${x.samples} ${x.worstError}`).join('\n'));
}) });
