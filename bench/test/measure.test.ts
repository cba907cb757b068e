import fc from 'fast-check';
import { expect, test } from 'vitest';
import { showTime, spreadOf } from '../src/measure.js';

test('median and quartiles', () => {
  expect(spreadOf([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7 });
});

test('half of the times are within the quartiles, whatever their order', () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(times, (ts) => {
      const { median, low, high } = spreadOf(ts);
      const share = (holds: (t: number) => boolean): number => ts.filter(holds).length / ts.length;
      expect(share((t) => t >= low && t <= high)).toBeGreaterThanOrEqual(0.5);
      expect(
        Math.min(
          share((t) => t <= median),
          share((t) => t >= median),
        ),
      ).toBeGreaterThanOrEqual(0.5);
      expect(spreadOf([...ts].reverse())).toEqual({ median, low, high });
    }),
  );
});

test('short times have a digit more', () => {
  expect(showTime({ median: 12.34, low: 9.87, high: 13 })).toBe('12.3 ms (9.9 to 13.0)');
  expect(showTime({ median: 1.234, low: 1, high: 13 })).toBe('1.23 ms (1.00 to 13.00)');
});
