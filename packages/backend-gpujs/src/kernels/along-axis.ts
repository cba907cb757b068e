import { type AxisAttrs, type Op, alongAxis } from '@tensorloom/graph';
import { type Rule, rulesOf } from '../kernel.js';
import { around, rowMajor } from '../view.js';

/** Where the first element is that beats all others; NaN beats every number. */
const best = (comparison: '>' | '<'): Rule<AxisAttrs> => ({
  exactIntegers: true,
  plan([x], _, { axis }) {
    const [, length, stride] = around(x.shape, axis);
    return [
      {
        body: `
          const outer = quotient(this.thread.x, stride);
          const start = outer * stride * length + this.thread.x - outer * stride;
          let champion = x0[start];
          let at = 0;
          for (let k = 1; k < length; k++) {
            const x = x0[start + k * stride];
            let beats = 0;
            if (x < 0 || x >= 0) {
              if (x ${comparison} champion) { beats = 1; }
            } else if (champion < 0 || champion >= 0) { beats = 1; }
            if (beats === 1) {
              champion = x;
              at = k;
            }
          }
          return at;`,
        arrays: { x0: 0 },
        integers: { length, stride },
      },
    ];
  },
});

/** Which elements of its row each one sums, from the `first` up to the `last`. */
const sums = {
  forwards: { first: '0', last: 'at' },
  forwardsExclusive: { first: '0', last: 'at - 1' },
  backwards: { first: 'at', last: 'length - 1' },
  backwardsExclusive: { first: 'at + 1', last: 'length - 1' },
};

/** The elements of a row one after the other by size, up to the one with rank `rank`; `result` of it is returned. */
const ranked = (result: 'x0[start + at]' | 'at'): string => `
  const row = quotient(this.thread.x, count);
  const rank = this.thread.x - row * count;
  const start = row * length;
  let last = x0[start];
  let lastAt = -1;
  let at = -1;
  for (let r = 0; r <= rank; r++) {
    let champion = x0[start];
    at = -1;
    for (let i = 0; i < length; i++) {
      const x = x0[start + i];
      if (lastAt < 0 || precedes(last, lastAt, x, i) > 0.5) {
        if (at < 0 || precedes(x, i, champion, at) > 0.5) {
          champion = x;
          at = i;
        }
      }
    }
    last = champion;
    lastAt = at;
  }
  return ${result};`;

/** Rules of the ops that work along one axis. */
export const alongAxisRules: readonly [Op, Rule][] = rulesOf(alongAxis, {
  argMax: best('>'),
  argMin: best('<'),
  cumsum: {
    plan([x], _, { axis, exclusive, reverse }) {
      const [, length, stride] = around(x.shape, axis);
      const { first, last } = sums[`${reverse ? 'backwards' : 'forwards'}${exclusive ? 'Exclusive' : ''}`];
      return [
        {
          body: `
            const line = quotient(this.thread.x, stride);
            const outer = quotient(line, length);
            const at = line - outer * length;
            const start = outer * stride * length + this.thread.x - line * stride;
            const first = ${first};
            const last = ${last};
            let total = 0;
            for (let k = 0; k < length; k++) {
              if (k >= first && k <= last) { total = total + x0[start + k * stride]; }
            }
            return total;`,
          arrays: { x0: 0 },
          integers: { length, stride },
        },
      ];
    },
  },
  topK: {
    exactIntegers: true,
    plan([x, k]) {
      const length = x.shape[x.shape.length - 1];
      const launch = { arrays: { x0: 0 }, integers: { length, count: k.data[0] } };
      return [
        { ...launch, body: ranked('x0[start + at]') },
        { ...launch, body: ranked('at') },
      ];
    },
  },
  reverseSequence: {
    positions: [1],
    inRange: ([x, lengths], _, { seqAxis }) => lengths.data.every((n) => n >= 0 && n <= x.shape[seqAxis]),
    plan([x], _, { seqAxis, batchAxis }) {
      const strides = rowMajor(x.shape);
      return [
        {
          body: `
            const line = quotient(this.thread.x, stride);
            const at = line - quotient(line, steps) * steps;
            const entry = quotient(this.thread.x, batchStride);
            const length = x1[entry - quotient(entry, batch) * batch];
            let from = at;
            if (at < length) { from = length - 1 - at; }
            return x0[this.thread.x + (from - at) * stride];`,
          arrays: { x0: 0, x1: 1 },
          integers: {
            stride: strides[seqAxis],
            steps: x.shape[seqAxis],
            batchStride: strides[batchAxis],
            batch: x.shape[batchAxis],
          },
        },
      ];
    },
  },
});
