/**
 * Those of `all` that a variable of the environment names, as in `SPEED=A,C`; all of them where it is not set. Throws `RangeError` for
 * a name that is not even known.
 */
export function chosen(variable: string, all: readonly string[], known: readonly string[] = all): readonly string[] {
  const names = process.env[variable]?.split(',') ?? all;
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`${variable}: expected ${known.join(', ')}, got ${unknown.join(', ')}.`);
  return names.filter((name) => all.includes(name));
}
