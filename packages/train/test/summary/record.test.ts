import fc from 'fast-check';
import { expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { concatenated } from '../../src/summary/concatenated.js';
import { record } from '../../src/summary/record.js';
import { bytesOf, hex, readRecords } from './support.js';

test('records are TensorFlow’s, byte for byte', () => {
  const { data, file } = golden.records;
  expect(hex(concatenated(data.map((d) => record(bytesOf(d)))))).toBe(hex(bytesOf(file)));
});

test('what is written can be read, and a changed byte is noticed', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1 }), fc.nat(), (data, at) => {
      const file = concatenated(data.map(record));
      expect(readRecords(file).map(hex)).toEqual(data.map(hex));
      file[at % file.length] ^= 0x10;
      expect(() => readRecords(file)).toThrow(RangeError);
    }),
  );
});
