import {
  type DType,
  type Op,
  type Tensor,
  cond,
  constant,
  elementwise,
  placeholder,
  resetDefaultGraph,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/backend.js';
import { bind } from '../../src/execute/bind.js';
import { lower } from '../../src/lower/lower.js';
import { here, leakFree, messageFrom } from '../support.js';

beforeEach(() => resetDefaultGraph());

const without = (op: Op): Backend => {
  const backend = leakFree();
  return { ...backend, name: 'tiny', kernels: new Map([...backend.kernels].filter(([key]) => key !== op)) };
};
const holding = (...dtypes: DType[]): Backend => ({ ...leakFree(), name: 'tiny', dtypes: new Set(dtypes) });
const bound = (backend: Backend, fetches: readonly Tensor[], fed: readonly Tensor[] = []) =>
  bind(lower(fetches, [], fed), { backend, variables: new Map(), stream: () => expect.fail('nothing is drawn') });

describe('a kernel', () => {
  test('is found for each step, in bodies too', () => {
    const backend = leakFree();
    const asked: string[] = [];
    const kernels = new Map(backend.kernels);
    kernels.get = (op) => (asked.push(op.name), backend.kernels.get(op));
    const [r] = whileLoop(
      (x) => x.less(9),
      (x) => [x.exp()],
      [constant(1).neg()],
    );
    bound({ ...backend, kernels }, [r]);
    expect(asked).toEqual(['Neg', 'Exp', 'Less']);
  });

  test('that is missing is an error, before anything runs', () => {
    const x = placeholder('float32', [2], { name: 'x' });
    const [y, at] = [x.tanh({ name: 'y' }), here()];
    expect(messageFrom(() => bound(without(elementwise.tanh), [y], [x]))).toBe(
      "Tanh: backend 'tiny' has no kernel for this op. Use another backend, add the kernel to its table, or make the session with { allowSoftPlacement: true }.\n" +
        "  node:    'y' = Tanh(x:0 float32[2])\n" +
        `  made at: ${at}`,
    );
  });

  test('that is missing in a branch is an error too', () => {
    const p = placeholder('bool', []);
    const r = cond(
      p,
      () => constant(1).tanh(),
      () => constant(1),
    );
    expect(() => bound(without(elementwise.tanh), [r], [p])).toThrow("Tanh: backend 'tiny' has no kernel");
  });

  test('is what adding to a variable takes', () => {
    const v = variable([1, 2], { name: 'v' });
    const [next, at] = [v.assignSub([1, 1]), here()];
    expect(messageFrom(() => bound(without(elementwise.sub), [next]))).toBe(
      "AssignSub: backend 'tiny' has no kernel for Sub, which this op needs. Use another backend, add the kernel to its table, or make the session with { allowSoftPlacement: true }.\n" +
        "  node:    'v/AssignSub' = AssignSub(Const:0 float32[2])\n" +
        `  made at: ${at}`,
    );
    expect(() => bound(without(elementwise.add), [v.assign([1, 1])])).not.toThrow();
  });
});

describe('a dtype that the backend does not hold', () => {
  test('is an error where the values come from', () => {
    const [x, at] = [placeholder('float64', [2], { name: 'x' }), here()];
    expect(messageFrom(() => bound(holding('float32', 'int32'), [x.tanh()], [x]))).toBe(
      "Placeholder: backend 'tiny' does not hold float64, expected one of float32, int32, got x:0 float64[2]. Build it with another dtype, use another backend, or make the session with { allowSoftPlacement: true }.\n" +
        "  node:    'x' = Placeholder()\n" +
        `  made at: ${at}`,
    );
  });

  test('is fine on the host', () => {
    const n = placeholder('int32', []);
    expect(() => bound(holding('float32'), [n.add(1)], [n])).not.toThrow();
  });

  test('is an error for variables, and in bodies', () => {
    const backend = holding('float32', 'int32');
    expect(() => bound(backend, [variable([1], { dtype: 'float64' }).value()])).toThrow('ReadVariable: backend');
    const [r] = whileLoop(
      (x) => x.less(9),
      (x) => [x.add(x.greater(2).cast('float32'))],
      [constant(1)],
    );
    expect(() => bound(backend, [r])).toThrow("Greater: backend 'tiny' does not hold bool");
  });
});

test('constants are put on the device when first used, once, and given up with the program', () => {
  const backend = leakFree();
  const [r] = whileLoop(
    (x) => x.less(9),
    (x) => [x.mul(2)],
    [constant(1)],
  );
  const program = bound(backend, [r]);
  const run = (): unknown => program.run([]).next().value;
  expect(backend.stats().handles).toBe(0);
  expect(run()).toMatchObject([{ data: Float32Array.of(16) }]);
  // 1, and in the bodies 9 and 2.
  expect(backend.stats().handles).toBe(3);
  expect(run()).toMatchObject([{ data: Float32Array.of(16) }]);
  expect(backend.stats().handles).toBe(3);
  program.dispose();
  program.dispose();
  expect(backend.stats().handles).toBe(0);
});
