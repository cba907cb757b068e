import { elementwise, placeholder, resetDefaultGraph } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import type { Backend } from '../../src/backend.js';
import { Session } from '../../src/session.js';
import { fusing } from '../fusing.js';
import { asynchronous, here, leakFree, messageFrom, open, rejection } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('a session runs regions by the kernels that its backend makes of them, each made once', () => {
  const ran: string[] = [];
  const made: number[] = [];
  const backend = fusing(leakFree(), (ops) => ran.push(ops.join(' ')));
  const counting: Backend = {
    ...backend,
    fuse: (region) => {
      made.push(region.steps.length);
      return backend.fuse?.(region);
    },
  };
  const x = placeholder('float32', [null]);
  const y = x.exp().neg();
  const session = open(counting);
  expect(session.runSync(y, [[x, [0, 1]]]).toArray()).toEqual([-1, Math.fround(-Math.E)]);
  expect(session.runSync(y, [[x, [0]]]).toArray()).toEqual([-1]);
  expect([ran, made]).toEqual([['Exp Neg', 'Exp Neg'], [2]]);
});

test('where the backend would rather not, its kernels run one after the other, and leave nothing behind', async () => {
  const x = placeholder('float32', [2]);
  const y = x.exp().mul(x).neg();
  for (const backend of [leakFree(), asynchronous(leakFree())]) {
    const session = open({ ...backend, fuse: () => undefined });
    expect(session.describe(y)).toContain('{Exp Mul Neg}');
    expect((await session.run(y, [[x, [0, 1]]])).data).toEqual(Float32Array.of(-0, -Math.E));
  }
});

test('a step without a kernel is named', async () => {
  const x = placeholder('float32', [2]);
  const backend = leakFree();
  const kernels = new Map([...backend.kernels].filter(([op]) => op !== elementwise.exp));
  const session = open({ ...backend, name: 'tiny', kernels, fuse: () => undefined });
  expect(await rejection(session.run(x.neg().exp(), [[x, [1, 2]]]))).toMatch(/^Exp: backend 'tiny' has no kernel/);
});

test('operands that do not fit together are the error of the op that takes them', () => {
  const [a, b] = [placeholder('float32', [null], { name: 'a' }), placeholder('float32', [null], { name: 'b' })];
  const [sum, at] = [a.add(b, { name: 'sum' }), here()];
  const session = open(fusing(leakFree()));
  const message = messageFrom(() =>
    session.runSync(sum.neg(), [
      [a, [1, 2]],
      [b, [1, 2, 3]],
    ]),
  );
  expect(message).toMatch(/^Add: /);
  expect(message).toContain(`  node:    'sum' = Add(a:0 float32[2], b:0 float32[3])\n  made at: ${at}`);
});

test('with several devices, on each that fuses; not where numbers are checked', () => {
  const ran: string[] = [];
  const gpu = fusing(leakFree(), (ops) => ran.push(ops.join(' ')));
  const x = placeholder('float32', [2]);
  const y = x.exp().neg();
  const session = new Session({ backends: { gpu, cpu: leakFree() } });
  expect(session.runSync(y, [[x, [0, 0]]]).toArray()).toEqual([-1, -1]);
  expect(ran).toEqual(['Exp Neg']);
  session.close();
  const checked = open(gpu, { checkNumerics: true });
  expect(() => checked.runSync(x.log().neg(), [[x, [0, 1]]])).toThrow(/^checkNumerics: 'Log' gave Inf/);
});
