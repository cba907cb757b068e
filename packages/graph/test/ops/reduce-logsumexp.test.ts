import { beforeEach, expect, test } from 'vitest';
import { reduceLogsumexp, resetDefaultGraph } from '../../src/index.js';
import { messageFrom, specs, x } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('reduces axes like the other reductions', () => {
  expect(
    specs(
      reduceLogsumexp(x([2, null])),
      reduceLogsumexp(x([2, null]), 1),
      x([2, 3]).reduceLogsumexp([0], { keepdims: true }),
    ),
  ).toEqual(['float32[]', 'float32[2]', 'float32[1,3]']);
  expect(messageFrom(() => reduceLogsumexp(x([2], 'int32')))).toMatch(/expected float operands, got int32/);
});
