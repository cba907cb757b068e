/** A time of so many milliseconds, in three digits: '19.2 ms', '5.39 s'. */
export const duration = (milliseconds: number): string => {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toPrecision(3)} s`;
  return `${milliseconds >= 100 ? Math.round(milliseconds) : milliseconds.toPrecision(3)} ms`;
};
