import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../src/file/base64.js';

test('bytes come back from their text, which is that of others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

test('many bytes', () => {
  const bytes = Uint8Array.from({ length: 200_001 }, (_, i) => i * 7);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});

test.each(['a', 'ab', 'abc', 'ab!=', '=abc', 'a===', 'ab==ab==', 'ab c', 'äbcd'])('%s is refused', (text) => {
  expect(() => fromBase64(text)).toThrow(TypeError);
});
