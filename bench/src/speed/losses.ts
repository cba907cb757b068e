/** The most that losses of contenders may differ, as a share of those that are greater than 1. */
const TOLERANCE = 1e-3;

/** Whether two contenders compute the same, by what their first steps gave; a comparison is fair only then. */
export const lossesAgree = (found: readonly number[] = [], wanted: readonly number[] = []): boolean =>
  found.length === wanted.length &&
  found.every((x, i) => Math.abs(x - wanted[i]) <= TOLERANCE * Math.max(1, Math.abs(wanted[i])));
