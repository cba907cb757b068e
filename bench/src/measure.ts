/** The middle of some measurements, and the quarters on either side of it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and quartiles. */
export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))];
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Milliseconds that `f` takes, promises awaited. */
export async function timed(f: () => unknown): Promise<number> {
  const start = performance.now();
  await f();
  return performance.now() - start;
}

/** Times each contender `rounds` times after `warmUp` untimed rounds, taking turns, so that all see the same machine. */
export async function interleaved<K extends string>(
  contenders: Record<K, () => unknown>,
  rounds: number,
  warmUp: number,
): Promise<Record<K, Spread>> {
  const names = Object.keys(contenders) as K[];
  const times = new Map<K, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const name of names) {
      const time = await timed(contenders[name]);
      if (round >= warmUp) times.get(name)?.push(time);
    }
  }
  return Object.fromEntries(names.map((name) => [name, spreadOf(times.get(name) ?? [])])) as Record<K, Spread>;
}

/** `12.3 ms (11.9 to 13.0)`, or `1.23 ms (1.19 to 1.30)`. */
export function showTime({ median, low, high }: Spread): string {
  const digits = median < 10 ? 2 : 1;
  return `${median.toFixed(digits)} ms (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
