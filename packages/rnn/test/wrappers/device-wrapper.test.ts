import { constant, resetDefaultGraph } from '@tensorloom/graph';
import { BasicLSTMCell, DeviceWrapper } from '@tensorloom/rnn';
import { beforeEach, expect, test } from 'vitest';
import { checkBptt } from '../support.js';

beforeEach(() => resetDefaultGraph());

// As testDeviceWrapper of TensorFlow's rnn_cell tests does.
test('places the steps and the zero state', () => {
  const cell = new DeviceWrapper(new BasicLSTMCell(3), '/cpu:14159');
  const state = cell.zeroState(1, 'float32');
  const [output] = cell.call(constant([[1, 1]]), state);
  expect([output.op.device, state.c.op.device]).toEqual(['/cpu:14159', '/cpu:14159']);
  expect([cell.stateSize, cell.outputSize]).toEqual([{ c: 3, h: 3 }, 3]);
});

test('gradients through time', () => checkBptt(() => new DeviceWrapper(new BasicLSTMCell(2), '/cpu:0')));
