import { NDArray } from '@tensorloom/graph';
import { summary } from '@tensorloom/train';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fieldsOf, hex, number, raw, readRecords, strings } from './support.js';

test('is an event file: its version, then the events in order', () => {
  const event = fc.record({
    step: fc.maxSafeInteger(),
    wallTime: fc.double({ min: 0, max: 4e9, noNaN: true }),
    summary: fc.uint8Array(),
  });
  fc.assert(
    fc.property(fc.array(event), (events) => {
      const buffer = new summary.EventBuffer();
      for (const e of events) buffer.addEvent(e);
      const [version, ...read] = readRecords(buffer.toBytes()).map(fieldsOf);
      expect(strings(version, 3)).toEqual(['brain.Event:2']);
      const again = read.map((e) => [number(e, 2), number(e, 1), ...raw(e, 5).map(hex)]);
      expect(again).toEqual(events.map((e) => [e.step, e.wallTime, hex(e.summary)]));
    }),
  );
});

test('goes on after its bytes were taken', () => {
  const buffer = new summary.EventBuffer();
  expect(readRecords(buffer.toBytes())).toHaveLength(1);
  buffer.addSummary(Uint8Array.of(1), 5);
  const first = buffer.toBytes();
  buffer.addSummary(Uint8Array.of(2), 6);
  expect(hex(buffer.toBytes()).startsWith(hex(first))).toBe(true);
  expect(readRecords(buffer.toBytes())).toHaveLength(3);
});

test('a step is a number, or the value of a global step', () => {
  const buffer = new summary.EventBuffer();
  buffer.addSummary(new Uint8Array());
  buffer.addSummary(new Uint8Array(), 7);
  buffer.addSummary(new Uint8Array(), new NDArray('int32', [], Int32Array.of(8)));
  buffer.addSessionLog({ status: 'start' }, new NDArray('int32', [], Int32Array.of(9)));
  const [, ...events] = readRecords(buffer.toBytes()).map(fieldsOf);
  expect(events.map((e) => number(e, 2))).toEqual([0, 7, 8, 9]);
  expect(() => buffer.addSummary(new Uint8Array(), 0.5)).toThrow(
    new TypeError('addEvent: the step is 0.5, expected an integer.'),
  );
});

test('refuses a summary that was not run', () => {
  const made = summary.text('t', 'words');
  const buffer = new summary.EventBuffer();
  // @ts-expect-error bytes are expected
  expect(() => buffer.addSummary(made, 1)).toThrow(
    new TypeError('addSummary: expected the bytes that a run of a summary gives. Run the summary in a session.'),
  );
});
