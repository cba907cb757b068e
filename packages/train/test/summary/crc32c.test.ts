import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c, maskedCrc32c } from '../../src/summary/crc32c.js';

test('crc32c gives the answers of RFC 3720', () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, i) => i);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(ascending)).toBe(0x46dd794e);
  expect(crc32c(ascending.slice().reverse())).toBe(0x113fdb5c);
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array())).toBe(0);
});

test('a mask can be taken off again', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const turned = (maskedCrc32c(bytes) - 0xa282ead8) >>> 0;
      expect(((turned >>> 17) | (turned << 15)) >>> 0).toBe(crc32c(bytes));
    }),
  );
});
