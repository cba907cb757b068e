import { expect, test } from 'vitest';
import golden from '../../../testkit/golden/summaries.json' with { type: 'json' };
import { type LogEvent, encodeEvent } from '../../src/summary/event-message.js';
import { bytesOf, fieldsOf, hex, number } from './support.js';

const { events, scalars } = golden;
const summary = bytesOf(scalars[0].bytes);

test.each<[string, LogEvent]>([
  [events.version, { wallTime: 1700000000.25, fileVersion: 'brain.Event:2' }],
  [events.summary, { wallTime: 1.5, step: 2 ** 40 + 3, summary }],
  [events.first, { wallTime: 2.5, step: 0, summary }],
  [events.negative, { wallTime: 2.5, step: -1, summary }],
  [events.start, { wallTime: 0.5, step: 9, sessionLog: { status: 'start' } }],
  [
    events.checkpoint,
    { wallTime: 0.5, sessionLog: { status: 'checkpoint', checkpointPath: 'runs/model-9', msg: 'saved' } },
  ],
  [events.graph, { wallTime: 0.5, graphDef: new TextEncoder().encode('graph') }],
])('an event is TensorFlow’s, byte for byte', (bytes, event) => {
  expect(hex(encodeEvent(event))).toBe(hex(bytesOf(bytes)));
});

test('happens now unless it says when', () => {
  const before = Date.now() / 1000;
  const at = number(fieldsOf(encodeEvent({ summary })), 1);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now() / 1000);
});
