import { elementwise } from '@tensorloom/graph';
import { describe, expect, it } from 'vitest';
import { Compiler } from '../../src/emit/compile.js';
import { type Expression, input } from '../../src/emit/expression.js';
import * as float32 from '../../src/emit/float32.js';
import { Memory } from '../../src/memory.js';

const memory = new Memory();
const compiler = new Compiler(memory, false);

/** Applies vector code to float32 values. */
function apply(define: (x: Expression) => Expression, xs: Float32Array): Float32Array {
  const [source, target] = [memory.allocate(4 * xs.length), memory.allocate(4 * xs.length)];
  memory.views.float32.set(xs, source.address / 4);
  compiler.compile([define(input(0, 'float32'))], ['vector']).run(1, xs.length, target.address, 0, source.address, 0);
  const out = memory.views.float32.slice(target.address / 4, target.address / 4 + xs.length);
  memory.release(source);
  memory.release(target);
  return out;
}

/** About 850,000 float32 numbers of every sign and exponent, NaN and infinities among them. */
const all = (): Float32Array => {
  const bits = Uint32Array.from({ length: 847_000 }, (_, i) => i * 5071);
  bits.set([
    0, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 1, 0x8000_0001, 0x7f7f_ffff, 0xff7f_ffff, 0x3f80_0000,
  ]);
  return new Float32Array(bits.buffer);
};

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Smallest normal number of float32: below it, precision falls off by nature. */
const NORMAL = 2 ** -126;

/** Bound on the error, relative where the result is normal, and absolute elsewhere. */
const functions = [
  ['tanh', float32.tanh, Math.tanh, 4e-7, 0],
  ['exp', float32.exp, Math.exp, 1e-7, 2 ** -149],
  ['sigmoid', float32.sigmoid, sigmoid, 2e-7, NORMAL],
  ['log', float32.log, Math.log, 1e-7, 0],
  ['log1p', float32.log1p, Math.log1p, 2e-7, 2 ** -149],
  ['expm1', float32.expm1, Math.expm1, 2e-7, 2 ** -149],
  ['softplus', float32.softplus, (x: number) => elementwise.softplus.scalar(x), 2e-7, NORMAL],
  ['sin', float32.sin, Math.sin, 0, 1e-7],
  ['cos', float32.cos, Math.cos, 0, 1e-7],
] as const;

describe.each(functions)('%s', (_, define, exact, relative, absolute) => {
  it('keeps its bound over the whole range, and overflows as it should', () => {
    const xs = all();
    const ys = apply(define, xs);
    const wrong: string[] = [];
    let worst = 0;
    xs.forEach((x, i) => {
      const [y, e] = [ys[i], exact(x)];
      const rounded = Math.fround(e);
      if (Number.isNaN(e) || !Number.isFinite(rounded)) {
        if (!Object.is(y, rounded)) wrong.push(`at ${x}: expected ${rounded}, got ${y}`);
        return;
      }
      const bound = relative > 0 && Math.abs(e) >= NORMAL ? relative * Math.abs(e) : absolute;
      if (!(Math.abs(y - e) <= bound) && y !== rounded) wrong.push(`at ${x}: expected ${e}, got ${y}`);
      else if (bound > 0) worst = Math.max(worst, Math.abs(y - e) / bound);
    });
    expect(wrong).toEqual([]);
    // The bounds are close: an error half as large would be claimed if it were true.
    expect(worst).toBeGreaterThan(0.5);
  });
});

describe('tanh', () => {
  it('stays within -1 and 1, is odd, and keeps the sign of 0', () => {
    const xs = all().filter((x) => !Number.isNaN(x));
    const ys = apply(float32.tanh, xs);
    const negated = apply(
      float32.tanh,
      xs.map((x) => -x),
    );
    expect(ys.every((y) => Math.abs(y) <= 1)).toBe(true);
    expect(ys.every((y, i) => Object.is(y, -negated[i]))).toBe(true);
  });
});

describe('exp and log', () => {
  it('are exact where the result is 1 or 0', () => {
    expect(apply(float32.exp, Float32Array.of(0, -0))).toEqual(Float32Array.of(1, 1));
    expect(apply(float32.log, Float32Array.of(1, 0, -0, -1, Infinity))).toEqual(
      Float32Array.of(0, -Infinity, -Infinity, NaN, Infinity),
    );
  });
});
