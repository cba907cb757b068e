import { expect, test } from 'vitest';
import { DeviceFloats, HostFloats, floats, isOnDevice } from '../src/resident.js';

const texture = (elements: unknown) => ({ toArray: () => elements, deleted: 0, delete: () => undefined });

test('floats in host memory count up to their length', () => {
  expect(new HostFloats(Float32Array.of(1, 2, 3, 4), 3).read()).toEqual(Float32Array.of(1, 2, 3));
});

test('floats on a device are read when asked for, at once or later, and released once', async () => {
  let released = 0;
  const now = new DeviceFloats(texture(Float32Array.of(1)), 1, () => released++);
  expect(now.read()).toEqual(Float32Array.of(1));
  now.delete();
  expect(released).toBe(1);
  const later = new DeviceFloats(texture(Promise.resolve(Float32Array.of(2))), 1, () => undefined);
  expect(await later.read()).toEqual(Float32Array.of(2));
});

test('what is no result of a kernel is an error', () => {
  expect(isOnDevice(texture(null))).toBe(true);
  expect(isOnDevice(Float32Array.of(1))).toBe(false);
  expect(() => floats(Float32Array.of(1), 2)).toThrow(new Error('gpujs: expected 2 elements from a kernel, got 1.'));
});
