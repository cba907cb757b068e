import { expect } from 'vitest';
import * as tl from 'tensorloom';

/** What tensors of the current graph hold as plain arrays, given feeds; variables have their initial values. A missing one fails the test. */
export function runWith(feeds: tl.Feeds, ...fetches: readonly (tl.Tensor | null)[]): unknown[] {
  const session = new tl.Session();
  try {
    session.runSync(tl.globalVariables().map((v) => v.initializer));
    const live = fetches.map((t) => t ?? expect.fail('a tensor is missing'));
    return session.runSync(live, feeds).map((v) => v.toArray());
  } finally {
    session.close();
  }
}

/** As `runWith`, without feeds. */
export const run = (...fetches: readonly (tl.Tensor | null)[]): unknown[] => runWith([], ...fetches);
