import type { Stepper } from '../measure.js';

/** Steps, and milliseconds, after which a contender is as fast as it gets: engines that compile what runs often need some hundreds. */
const STEPS = 400;
const TIME = 6000;

/** Steps at a time, but for a contender that takes longer than `SLOW` milliseconds for one. */
const IN_A_ROW = 10;
export const SLOW = 400;

/** Runs a contender until it is as fast as it gets. */
export async function warmUp(contender: Stepper): Promise<void> {
  const begun = performance.now();
  for (let done = 0; done < STEPS && performance.now() - begun < TIME; done += IN_A_ROW) {
    const [time] = await contender.steps(1);
    if (time < SLOW) await contender.steps(IN_A_ROW - 1);
  }
}
