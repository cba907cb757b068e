const ENDS_SERIES = 1e-17;

/** The error function, 2 / sqrt(pi) times the integral of e^-t^2 from 0 to x, to double precision (Abramowitz and Stegun 7.1.6, 7.1.14). */
export function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  const y = a < 2.5 ? series(a) : 1 - tail(a);
  return x < 0 ? -y : x === 0 ? x : y;
}

/** A sum of positive terms, so that nothing cancels. */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > ENDS_SERIES * sum; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 1 - erf(x) as a continued fraction, from its far end. */
function tail(x: number): number {
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}
