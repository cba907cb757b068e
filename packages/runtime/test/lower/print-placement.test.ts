import { constant, device, placeholder, reduceSum, resetDefaultGraph, variable, whileLoop } from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import type { Devices } from '../../src/lower/device.js';
import { lower, passes } from '../../src/lower/lower.js';
import { printPlacement } from '../../src/lower/print-placement.js';

beforeEach(() => resetDefaultGraph());

const [cpu, gpu] = [{ name: 'cpu' }, { name: 'gpu' }];
const devices: Devices = { count: 2, first: cpu, choose: (spec) => (spec === 'gpu' ? gpu : cpu), fuses: () => false };

test('ops by device, those of bodies and assignments too, and what moves between devices', () => {
  const x = placeholder('float32', [2], { name: 'x' });
  const v = device('gpu', () => variable([1, 2], { name: 'v' }));
  const [y] = whileLoop(
    (h) => reduceSum(h).less(100),
    (h) => [device('gpu', () => h.exp().exp()).neg({ name: 'minus' })],
    [x],
  );
  const program = lower([y, v.assignAdd(constant([1, 1]))], [], [x], passes, devices);
  expect(printPlacement(program, ['cpu', 'gpu'])).toMatchInlineSnapshot(`
    "cpu: Sum, Less, Neg
    gpu: 2 Exp, AssignAdd
    copied from cpu to gpu: while/var_0_1:0 float32[2]
    copied from gpu to cpu: while/Exp_1:0 float32[2]"
  `);
});

test('a device with nothing to do', () => {
  const x = placeholder('float32', [2]);
  expect(printPlacement(lower([x.neg()], [], [x], passes, devices), ['cpu', 'gpu'])).toBe('cpu: Neg\ngpu: nothing');
});
