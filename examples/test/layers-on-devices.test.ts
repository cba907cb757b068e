import * as tl from 'tensorloom';
import { expect, it } from 'vitest';
import { DeviceCellWrapper, run } from '../src/layers-on-devices.js';

it('DeviceCellWrapper places what a cell makes, and nothing else', () => {
  tl.resetDefaultGraph();
  const cell = new DeviceCellWrapper('/gpu:1', new tl.rnn.BasicRNNCell(2));
  const [output] = cell.call(tl.ones([3, 4]), cell.zeroState(3, 'float32'));
  expect(output.op.device).toBe('/gpu:1');
  expect(tl.ones([1]).op.device).toBeUndefined();
});

it('layers-on-devices runs all of them on one backend', async () => {
  const { outputs } = await run();
  expect(outputs.shape).toEqual([2, 20, 100]);
  expect(new Set(outputs.data).size).toBeGreaterThan(3000);
});
