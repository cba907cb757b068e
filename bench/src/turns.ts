import { spreadOf, timed } from './measure.js';

/** What runs steps in a row, and tells how many milliseconds each of them took. */
export interface Stepper {
  steps(count: number): readonly number[] | Promise<readonly number[]>;
}

/** A stepper that times a function of this process. */
export const stepper = (f: () => unknown): Stepper => ({
  async steps(count) {
    const times: number[] = [];
    for (let i = 0; i < count; i++) times.push(await timed(f));
    return times;
  },
});

/** Steps in a row, and how often each contender has its turn; `TURNS=1` in the environment gives a quick look. */
const IN_A_ROW = 10;
const TURNS = Number(process.env.TURNS ?? 6);

/** A contender that takes longer than this for a step, in milliseconds, has a single step in each of its turns but the first. */
const SLOW = 400;

/** Steps, and milliseconds, after which a contender is as fast as it gets: engines that compile what runs often need some hundreds. */
const WARM_UP = 400;
const WARM_UP_TIME = 6000;

/** Runs a contender until it is as fast as it gets. */
export async function warmUp(contender: Stepper): Promise<void> {
  const begun = performance.now();
  for (let done = 0; done < WARM_UP && performance.now() - begun < WARM_UP_TIME; done += IN_A_ROW) {
    const [time] = await contender.steps(1);
    if (time < SLOW) await contender.steps(IN_A_ROW - 1);
  }
}

/**
 * Milliseconds of the steps of contenders that take turns, so that all see the same machine, of several steps in a row, so that each
 * finds its own data in the caches: the first step of a turn, which brings them there, does not count.
 */
export async function inTurns<K>(contenders: ReadonlyMap<K, Stepper>): Promise<Map<K, readonly number[]>> {
  const times = new Map<K, number[]>([...contenders.keys()].map((key) => [key, []]));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [key, taken] of times) {
      const count = spreadOf(taken).median > SLOW ? 1 : IN_A_ROW;
      const contender = contenders.get(key);
      if (contender !== undefined) taken.push(...(await contender.steps(1 + count)).slice(1));
    }
  }
  return times;
}
