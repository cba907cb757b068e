import { NDArray } from '@tensorloom/graph';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import golden from '../../../testkit/golden/safetensors.json' with { type: 'json' };
import { CheckpointError, SafetensorsFile, writeSafetensors } from '../../src/saver/safetensors.js';
import { namedArrays } from './support.js';
import { checkMutatedFiles } from './mutated-files.js';

/** A file with the given header, and that many bytes of data. */
function fileOf(header: string, data = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

/** `bytes` with another one at `at`; from the end when negative. */
const changed = (bytes: Uint8Array, at: number, byte: number): Uint8Array => {
  bytes[at < 0 ? bytes.length + at : at] = byte;
  return bytes;
};

const read = (bytes: Uint8Array) => {
  const file = new SafetensorsFile(bytes);
  return [...file.tensors.keys()].map((name) => [name, file.get(name)] as const);
};

const bitsOf = ({ data }: NDArray): number[] => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];

test('what is written is read again, bit for bit', () => {
  const texts = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(namedArrays, texts, fc.nat(8), (tensors, metadata, shift) => {
      const written = writeSafetensors(tensors, Object.entries(metadata));
      // Wherever the bytes begin in a larger buffer.
      const moved = new Uint8Array(written.length + shift).subarray(shift);
      moved.set(written);
      const file = new SafetensorsFile(moved);
      expect(file.metadata).toEqual(new Map(Object.entries(metadata)));
      expect([...file.tensors.keys()].sort()).toEqual(tensors.map(([name]) => name).sort());
      for (const [name, array] of tensors) {
        const { dtype, shape } = array;
        const found = file.get(name);
        expect(file.tensors.get(name)).toMatchObject({ dtype, shape });
        expect([found.dtype, found.shape]).toEqual([dtype, shape]);
        expect(bitsOf(found)).toEqual(bitsOf(array));
      }
    }),
  );
});

test('the bytes of a file', () => {
  const a = new NDArray('bool', [1], Uint8Array.of(1));
  const b = new NDArray('float32', [2], Float32Array.of(1, -2));
  const bytes = writeSafetensors(Object.entries({ a, b }), [['format', 'x']]);
  const header =
    '{"__metadata__":{"format":"x"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}';
  expect(bytes.length % 8).toBe(1);
  expect(new DataView(bytes.buffer).getBigUint64(0, true)).toBe(BigInt(bytes.length - 17));
  expect(new TextDecoder().decode(bytes.subarray(8, -9)).trimEnd()).toBe(header);
  expect([...bytes.subarray(-9)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192, 1]);
});

test('a file that Python wrote, with dtypes that are not ours', () => {
  const file = new SafetensorsFile(Buffer.from(golden.bytes, 'base64'));
  expect(file.metadata).toEqual(
    new Map([
      ['format', 'np'],
      ['note', '\u2603 \n'],
    ]),
  );
  expect([...file.tensors.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
  for (const [name, { shape, items }] of Object.entries(golden.tensors)) {
    const array = file.get(name);
    expect(array.shape).toEqual(shape);
    const numbers = items.map((s) => Number(s.replace('inf', 'Infinity')));
    expect([...array.data]).toEqual(array.dtype === 'float32' ? [...Float32Array.from(numbers)] : numbers);
  }
  expect(Object.fromEntries([...file.tensors].map(([name, { dtype }]) => [name, dtype]))).toMatchObject({
    half: 'float32',
    long: 'int32',
    scalar: 'float64',
    flags: 'bool',
  });
});

test('bfloat16 and float16, number by number', () => {
  const file = (dtype: string, words: number[]) => {
    const header = `{"x":{"dtype":"${dtype}","shape":[${words.length}],"data_offsets":[0,${2 * words.length}]}}`;
    const bytes = fileOf(header, 2 * words.length);
    bytes.set(new Uint8Array(Uint16Array.from(words).buffer), 8 + header.length);
    return [...new SafetensorsFile(bytes).get('x').data];
  };
  expect(file('BF16', [0x3f80, 0xbfc0, 0x7f80, 0x7fc0, 0x8000])).toEqual([1, -1.5, Infinity, NaN, -0]);
  expect(file('F16', [0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x7c01, 0xfc00])).toEqual([
    1,
    -2,
    2 ** -24,
    1023 * 2 ** -24,
    65504,
    NaN,
    -Infinity,
  ]);
});

test('names that mean something to JavaScript are names', () => {
  const tensors = ['__proto__', 'constructor', 'toString', ''].map(
    (name, i) => [name, new NDArray('int32', [], Int32Array.of(i))] as const,
  );
  expect(read(writeSafetensors(tensors, [['__proto__', 'x']]))).toEqual(tensors);
});

test('names that occur twice or are taken are not written', () => {
  const x = new NDArray('int32', [], Int32Array.of(1));
  expect(() => writeSafetensors([['__metadata__', x]])).toThrow(
    "safetensors: the name '__metadata__' is kept for the metadata. Choose another.",
  );
  expect(() =>
    writeSafetensors([
      ['x', x],
      ['x', x],
    ]),
  ).toThrow("the name 'x' occurs twice, expected once");
});

describe('refuses', () => {
  const entry = (dtype: string, shape: string, offsets: string): string =>
    `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`;
  const f32 = (shape: string, offsets: string): string => entry('F32', shape, offsets);
  const cases: [string, Uint8Array, string][] = [
    ['nothing', new Uint8Array(), 'expected at least 8 bytes, got 0'],
    [
      'a header longer than the file',
      Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 123, 125),
      'the header would be 3 bytes long, expected at most 2',
    ],
    [
      'a header of 2^63 bytes',
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125),
      'the header would be 9223372036854776000 bytes long',
    ],
    ['a cut header', fileOf('{"x":'), "expected 'x' at byte 5 of the text, got the end"],
    ['no object', fileOf('[]'), "expected the header at byte 0 of the text, got '['"],
    ['what follows the header', fileOf('{} {}'), "expected the end at byte 3 of the text, got '{'"],
    [
      'nesting',
      fileOf('{"x":{"dtype":"F32","shape":' + '['.repeat(1e6)),
      "expected an entry of the shape of 'x' as an integer from 0",
    ],
    [
      'a key that occurs twice',
      fileOf(`{"x":${f32('[0]', '[0,0]')},"x":${f32('[0]', '[0,0]')}}`),
      'the header has the key "x" twice',
    ],
    [
      'a key that occurs twice, written otherwise',
      fileOf(`{"x":${f32('[0]', '[0,0]')},"\\u0078":${f32('[0]', '[0,0]')}}`),
      'has the key "x" twice',
    ],
    [
      'a key of an entry that occurs twice',
      fileOf('{"x":{"dtype":"F32","dtype":"F64"}}'),
      '\'x\' has the key "dtype" twice',
    ],
    ['metadata that occurs twice', fileOf('{"__metadata__":{},"__metadata__":{}}'), 'has the key "__metadata__" twice'],
    [
      'metadata that is no text',
      fileOf('{"__metadata__":{"a":1}}'),
      "expected the value of a at byte 21 of the text, got '1'",
    ],
    [
      'an unknown key',
      fileOf('{"x":{"type":"F32"}}'),
      "'x' has the key 'type', expected dtype, shape and data_offsets",
    ],
    ['a missing key', fileOf('{"x":{"dtype":"F32","shape":[]}}'), "'x' is incomplete"],
    [
      'an unknown dtype',
      fileOf(`{"x":${entry('F8_E4M3', '[1]', '[0,1]')}}`, 1),
      "'x' is of dtype F8_E4M3, expected one of F32, F64, I32",
    ],
    [
      'a dtype that JavaScript knows',
      fileOf(`{"x":${entry('constructor', '[1]', '[0,1]')}}`, 1),
      "'x' is of dtype constructor",
    ],
    ['a fraction', fileOf(`{"x":${f32('[1.5]', '[0,4]')}}`, 4), 'as an integer from 0'],
    ['an exponent', fileOf(`{"x":${f32('[1e2]', '[0,400]')}}`, 400), 'as an integer from 0'],
    ['a zero before a number', fileOf(`{"x":${f32('[01]', '[0,4]')}}`, 4), 'as an integer from 0'],
    [
      'a negative number',
      fileOf(`{"x":${f32('[-1]', '[0,4]')}}`, 4),
      "as an integer from 0 at byte 29 of the text, got '-'",
    ],
    ['NaN', fileOf(`{"x":${f32('[NaN]', '[0,4]')}}`, 4), "got 'N'"],
    ['Infinity', fileOf(`{"x":${f32('[1]', '[0,Infinity]')}}`, 4), "got 'I'"],
    ['a number beyond 2^53', fileOf(`{"x":${f32('[9007199254740993]', '[0,4]')}}`, 4), 'is too large'],
    [
      'a huge shape',
      fileOf(`{"x":${f32('[1000000000,1000000000,1000000000]', '[0,4]')}}`, 4),
      'takes 4e+27 bytes, got the bytes 0 to 4',
    ],
    ['a rank beyond 64', fileOf(`{"x":${f32(`[${Array(65).fill(1).join()}]`, '[0,4]')}}`, 4), 'more than 64 items'],
    [
      'a size that is not that of the shape',
      fileOf(`{"x":${f32('[2]', '[0,4]')}}`, 4),
      'takes 8 bytes, got the bytes 0 to 4',
    ],
    ['offsets the wrong way round', fileOf(`{"x":${f32('[1]', '[4,0]')}}`, 4), 'takes 4 bytes, got the bytes 4 to 0'],
    [
      'an end beyond the data',
      fileOf(`{"x":${f32('[2]', '[0,8]')}}`, 4),
      "'x' ends at byte 8 of the data, expected within its 4 bytes",
    ],
    [
      'an overlap',
      fileOf(`{"x":${f32('[2]', '[0,8]')},"y":${f32('[2]', '[4,12]')}}`, 12),
      "'y' begins at byte 4 of the data and overlaps",
    ],
    [
      'a hole',
      fileOf(`{"x":${f32('[1]', '[0,4]')},"y":${f32('[1]', '[8,12]')}}`, 12),
      "'y' begins at byte 8 of the data and leaves a hole",
    ],
    [
      'data that nothing reads',
      fileOf(`{"x":${f32('[1]', '[0,4]')}}`, 12),
      "the tensors fill 4 bytes, expected all of the data's 12",
    ],
    ['a boolean of 7', changed(fileOf(`{"x":${entry('BOOL', '[1]', '[0,1]')}}`, 1), -1, 7), 'the byte 7 is no BOOL'],
    [
      'an int64 beyond int32',
      changed(fileOf(`{"x":${entry('I64', '[1]', '[0,8]')}}`, 8), -1, 64),
      'element 0 is 4611686018427387904',
    ],
    ['half a character', fileOf('{"\\ud800":{}}'), 'a key of the header holds half a character'],
    ['bytes that are no UTF-8', changed(fileOf('{"x":{}}'), 10, 255), 'a key of the header is no text'],
    [
      'a control character',
      fileOf('{"\n":{}}'),
      'expected the end of a key of the header at byte 2 of the text, got the byte 10',
    ],
    ['an unknown escape', fileOf('{"\\x":{}}'), 'a key of the header is no text'],
  ];
  test.each(cases)('%s', (_, bytes, message) => {
    const attempt = () => read(bytes);
    expect(attempt).toThrow(CheckpointError);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(/^safetensors: .{1,500}\.$/s);
  });
});

test('2,000 mutated files: a clear error, or a file that says the same again', () => checkMutatedFiles(2000));
