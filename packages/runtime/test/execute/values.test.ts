import { expect, test } from 'vitest';
import type { DeviceTensor } from '../../src/backend.js';
import { type ListValue, isDevice, isHost, isList, release, retain } from '../../src/execute/values.js';
import { leakFree } from '../support.js';

const host = { dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) } as const;
const listOf = (...items: ListValue['items']): ListValue => ({ dtype: 'float32', items, refs: 1 });

test('a value is of one kind', () => {
  const backend = leakFree();
  const device = backend.upload(host);
  const kinds = [host, device, listOf()].map((v) => [isHost(v), isDevice(v), isList(v)]);
  expect(kinds).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, true],
  ]);
  backend.free(device);
});

test('a tensor on the device is held until each reference is released', () => {
  const backend = leakFree();
  const first = backend.upload(host);
  const second = retain(backend, first);
  expect(backend.stats().handles).toBe(2);
  release(backend, first);
  expect(isDevice(second) && backend.download(second)).toMatchObject({ data: host.data });
  release(backend, second);
});

test('a list holds its elements until its last reference is released; lists in it likewise', () => {
  const backend = leakFree();
  const elements: DeviceTensor[] = [backend.upload(host), backend.upload(host)];
  const inner = listOf(elements[1]);
  const outer = listOf(elements[0], null, host, inner);
  retain(backend, inner);
  retain(backend, outer);
  release(backend, outer);
  expect(backend.stats().handles).toBe(2);
  release(backend, outer);
  expect(backend.stats().handles).toBe(1);
  release(backend, inner);
  expect(backend.stats().handles).toBe(0);
});

test('values in host memory are not counted', () => {
  const backend = leakFree();
  expect(retain(backend, host)).toBe(host);
  release(backend, host);
  release(backend, host);
});
