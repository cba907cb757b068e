import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CheckpointError, SafetensorsFile } from '../../src/saver/safetensors.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const MB = 2 ** 20;

/** A file of 4 MB whose header is `start`, then `unit` again and again, then `end`. */
function large(start: string, unit: (i: number) => string, end = ''): Uint8Array {
  const parts = [start];
  for (let length = 0, i = 0; length < 4 * MB; i++) {
    parts.push(unit(i));
    length += parts[i + 1].length;
  }
  const text = new TextEncoder().encode(parts.join('') + end);
  const bytes = new Uint8Array(8 + text.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  return bytes;
}

const files: Readonly<Record<string, () => Uint8Array>> = {
  'brackets in a shape': () => large('{"x":{"dtype":"F32","shape":', () => '['),
  'objects in objects': () => large('', () => '{"a":'),
  'a shape of many entries': () => large('{"x":{"dtype":"F32","shape":[1', () => ',1'),
  'a number of many digits': () => large('{"x":{"dtype":"F32","shape":[1', () => '11111111'),
  'a name without end': () => large('{"', () => 'aaaaaaaa'),
  'a name of escapes': () => large('{"', () => '\\u0061', '":1}'),
  spaces: () => large('{', () => '        '),
  'metadata of one long text': () => large('{"__metadata__":{"a":"', () => 'aaaaaaaa', '"}'),
};

test.each(Object.keys(files))('4 MB of %s: refused within a second and twice the memory', (name) => {
  const bytes = files[name]();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const start = performance.now();
  expect(() => new SafetensorsFile(bytes)).toThrow(CheckpointError);
  const took = performance.now() - start;
  const after = process.memoryUsage();
  expect(took).toBeLessThan(1000);
  expect(after.heapUsed - heapUsed + after.arrayBuffers - arrayBuffers).toBeLessThan(2 * bytes.length + MB);
});
