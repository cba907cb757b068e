import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatenated } from '../../src/summary/concatenated.js';

test('bytes follow each other', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect([...concatenated(parts)]).toEqual(parts.flatMap((part) => [...part]));
    }),
  );
});
