import { reference } from '@tensorloom/backend-reference';
import { type DType, type Op, elementwise } from '@tensorloom/graph';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../src/backend.js';
import { SessionDevices } from '../src/session-devices.js';

const lacking = (op: Op): Backend => {
  const backend = reference();
  return { ...backend, kernels: new Map([...backend.kernels].filter(([key]) => key !== op)) };
};
const holding = (...dtypes: DType[]): Backend => ({ ...reference(), dtypes: new Set(dtypes) });
const devices = (backends: Record<string, Backend>, soft = false): SessionDevices =>
  new SessionDevices(new Map(Object.entries(backends)), soft);

describe('the name of a device', () => {
  const two = devices({ gpu: reference(), 'gpu:1': reference() });

  test.each([
    ['gpu', 'gpu'],
    ['/gpu:0', 'gpu'],
    ['/GPU:0', 'gpu'],
    ['/device:GPU:0', 'gpu'],
    ['/job:worker/task:1/device:GPU:1', 'gpu:1'],
    ['gpu:1', 'gpu:1'],
  ])('%s is %s', (spec, name) => expect(two.choose(spec, null, []).name).toBe(name));

  test('none is the first', () => expect(two.choose(undefined, null, [])).toBe(two.first));

  test('that is none of them is refused, by what there is', () => {
    expect(() => two.choose('/tpu:0', null, [])).toThrow(
      "the session has no device '/tpu:0', expected one of gpu, gpu:1. Make the session with it: { backends }, or let it choose another: { allowSoftPlacement: true }.",
    );
    expect(() => two.choose('gpu:2', null, [])).toThrow("no device 'gpu:2'");
  });
});

describe('soft placement', () => {
  const soft = devices({ gpu: lacking(elementwise.tanh), old: holding('float32', 'int32'), cpu: reference() }, true);

  test('keeps what runs where it is wanted', () => {
    expect(soft.choose('gpu', elementwise.exp, ['float32']).name).toBe('gpu');
    expect(soft.choose('old', elementwise.tanh, ['float32']).name).toBe('old');
  });

  test('takes what has no kernel or dtype there to the CPU, before others', () => {
    expect(soft.choose('gpu', elementwise.tanh, ['float32']).name).toBe('cpu');
    expect(soft.choose('old', elementwise.tanh, ['float64']).name).toBe('cpu');
    expect(soft.choose('old', null, ['float64']).name).toBe('cpu');
  });

  test('takes what is wanted on no device of the session to the first', () => {
    expect(soft.choose('/tpu:0', elementwise.exp, ['float32']).name).toBe('gpu');
    expect(soft.choose('/tpu:0', elementwise.tanh, ['float32']).name).toBe('cpu');
  });

  test('takes it to another where there is no CPU, and leaves what runs nowhere', () => {
    const others = devices({ a: lacking(elementwise.tanh), b: reference() }, true);
    expect(others.choose(undefined, elementwise.tanh, ['float32']).name).toBe('b');
    const neither = devices({ a: lacking(elementwise.tanh), b: lacking(elementwise.tanh) }, true);
    expect(neither.choose('b', elementwise.tanh, ['float32']).name).toBe('b');
  });

  test('is asked for: otherwise an op stays, and says what is missing', () => {
    const hard = devices({ a: lacking(elementwise.tanh), b: reference() });
    expect(hard.choose(undefined, elementwise.tanh, ['float32']).name).toBe('a');
  });
});
