/** A function that kernels may call; its arguments and its result are of one type. */
export interface KernelFunction {
  readonly type: 'Integer' | 'Number';
  readonly source: string;
}

const integer = (source: string): KernelFunction => ({ type: 'Integer', source });
const number = (source: string): KernelFunction => ({ type: 'Number', source });

/**
 * The functions that all kernels may call, in the part of JavaScript that gpu.js translates. They say what GPUs leave open: what
 * division, powers, exponentials and logarithms give at the ends of their range, and for NaN. What is neither below 0 nor from 0 is
 * NaN: WebGPU finds that NaN and itself are not unequal.
 */
export const prelude: readonly KernelFunction[] = [
  // Divisions of GPUs may be off in their last bits; what is left over tells.
  integer(`function quotient(i, n) {
    let q = Math.floor(i / n);
    const left = i - q * n;
    if (left < 0) { q = q - 1; }
    if (left >= n) { q = q + 1; }
    return q;
  }`),
  // No literal is infinite or NaN, and what a compiler can work out beforehand must not be either.
  number(`function exponential(x) {
    if (x > 89) { return x * 3e38; }
    if (x < -104) { return 0; }
    if (x < 0 || x >= 0) { return Math.exp(x); }
    return x;
  }`),
  number(`function logarithm(x) {
    if (x > 0 && x < 3.4e38) { return Math.log(x); }
    if (x === 0) { return -1 / Math.abs(x); }
    if (x > 0) { return x; }
    return (x - x) / (x - x);
  }`),
  number(`function exponentialLess1(x) {
    if (Math.abs(x) > 0.1) { return exponential(x) - 1; }
    return x * (1 + x / 2 * (1 + x / 3 * (1 + x / 4 * (1 + x / 5))));
  }`),
  number(`function logarithmOf1And(x) {
    if (Math.abs(x) > 0.1) { return logarithm(1 + x); }
    const s = x / (2 + x);
    return 2 * s * (1 + s * s * (1 / 3 + s * s * (1 / 5 + s * s / 7)));
  }`),
  // Angles of GPUs are good for a few turns; these are taken apart into quarters of a turn, whose length is in three parts, exactly, and
  // what is left, at most an eighth, for which the power series are short.
  number(`function quarters(x) {
    return Math.floor(x * 0.6366197723675814 + 0.5);
  }`),
  number(`function withoutQuarters(x, q) {
    return x - q * 1.5703125 - q * 0.0004837512969970703 - q * 7.549789948768648e-8;
  }`),
  number(`function shortSine(x) {
    const s = x * x;
    return x * (1 - s / 6 * (1 - s / 20 * (1 - s / 42 * (1 - s / 72))));
  }`),
  number(`function shortCosine(x) {
    const s = x * x;
    return 1 - s / 2 * (1 - s / 12 * (1 - s / 30 * (1 - s / 56 * (1 - s / 90))));
  }`),
  number(`function sine(x) {
    if (Math.abs(x) <= 30000) {
      const q = quarters(x);
      const quarter = q - 4 * Math.floor(q / 4);
      const left = withoutQuarters(x, q);
      if (quarter < 0.5) { return shortSine(left); }
      if (quarter < 1.5) { return shortCosine(left); }
      if (quarter < 2.5) { return -shortSine(left); }
      return -shortCosine(left);
    }
    if (Math.abs(x) <= 3.4e38) { return Math.sin(x); }
    return x - x;
  }`),
  number(`function cosine(x) {
    if (Math.abs(x) <= 30000) {
      const q = quarters(x);
      const quarter = q - 4 * Math.floor(q / 4);
      const left = withoutQuarters(x, q);
      if (quarter < 0.5) { return shortCosine(left); }
      if (quarter < 1.5) { return -shortSine(left); }
      if (quarter < 2.5) { return -shortCosine(left); }
      return shortSine(left);
    }
    if (Math.abs(x) <= 3.4e38) { return Math.cos(x); }
    return x - x;
  }`),
  number(`function hyperbolicTangent(x) {
    if (x > 9.5) { return 1; }
    if (x < -9.5) { return -1; }
    return Math.tanh(x);
  }`),
  number(`function roundHalfToEven(x) {
    const below = Math.floor(x);
    const left = x - below;
    if (left < 0.5) { return below; }
    if (left > 0.5) { return below + 1; }
    if (Math.floor(below / 2) * 2 === below) { return below; }
    return below + 1;
  }`),
  number(`function remainder(x, y) {
    if (Math.abs(y) > 3.4e38 && Math.abs(x) <= 3.4e38) {
      if (x === 0) { return x; }
      if ((x < 0 && y > 0) || (x > 0 && y < 0)) { return y; }
      return x;
    }
    const times = Math.floor(x / y);
    if (Math.abs(times) > 3.4e38 && Math.abs(x) <= 3.4e38 && y !== 0) { return 0; }
    return x - y * times;
  }`),
  number(`function power(x, y) {
    if (y === 0 || x === 1) { return 1; }
    if (x < 0 || x >= 0) {
      const size = Math.abs(x);
      const half = y / 2;
      let sign = 1;
      if (x < 0 && Math.floor(y) === y && Math.floor(half) !== half) { sign = -1; }
      if (Math.abs(y) > 3.4e38) {
        if (size === 1) { return 1; }
        if ((size > 1 && y > 0) || (size < 1 && y < 0)) { return Math.abs(y); }
        return 0;
      }
      if (size > 3.4e38 || size === 0) {
        if (size > 1 && y > 0) { return sign * size; }
        if (size < 1 && y < 0) {
          if (Math.floor(half) === half || Math.floor(y) !== y) { return 1 / size; }
          return 1 / x;
        }
        if (y < 0 || y > 0) { return 0; }
        return y;
      }
      if (x < 0 && Math.floor(y) !== y) { return (y - y) / (y - y); }
      if (y < 0 || y >= 0) { return sign * Math.pow(size, y); }
      return y;
    }
    return x;
  }`),
  // The power series and, further out, Abramowitz and Stegun 7.1.26, to 1.5e-7.
  number(`function errorFunction(x) {
    const a = Math.abs(x);
    const s = x * x;
    if (a < 0.5) {
      return x * (1.1283791671 - s * (0.3761263890 - s * (0.1128379167 - s * (0.0268661706 - s * 0.0052239776))));
    }
    let y = 1;
    if (a < 4) {
      const t = 1 / (1 + 0.3275911 * a);
      y = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-s);
    }
    if (x < 0) { return -y; }
    if (x >= 0) { return y; }
    return x;
  }`),
  number(`function precedes(x, i, y, j) {
    if (x > y) { return 1; }
    if (x < y) { return 0; }
    if (x === y) {
      if (i < j) { return 1; }
      return 0;
    }
    if (x < 0 || x >= 0) { return 0; }
    if (y < 0 || y >= 0) { return 1; }
    if (i < j) { return 1; }
    return 0;
  }`),
];
