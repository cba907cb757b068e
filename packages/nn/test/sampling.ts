import { reference } from '@tensorloom/backend-reference';
import type { Feeds } from '@tensorloom/graph';
import type { nn } from '@tensorloom/nn';
import { Session } from '@tensorloom/runtime';
import { expect } from 'vitest';

/** Classes, and how often the true and the sampled ones are expected, as a golden file has them: numbers in nested arrays. */
export type Execution = readonly unknown[];

/** Expects a sampler to give these, one execution in a session after the other. */
export function expectExecutions(
  drawn: nn.SampledValues,
  executions: readonly Execution[],
  feeds: (execution: number) => Feeds = () => [],
): void {
  const session = new Session({ backend: reference() });
  executions.forEach(([classes, ...counts], k) => {
    const [sampled, ...expected] = session.runSync(drawn, feeds(k)).map((v) => v.toArray());
    expect(sampled).toEqual(classes);
    counts.forEach((want, i) => {
      const [got, wanted] = [[expected[i]].flat(2), [want].flat(2)];
      expect(got).toHaveLength(wanted.length);
      wanted.forEach((v, j) => expect(got[j]).toBeCloseTo(Number(v), 5));
    });
  });
  session.close();
}

/** What is fetched, by a session of its own. */
export function run(fetches: nn.SampledValues, feeds: Feeds = []): unknown[] {
  const session = new Session({ backend: reference() });
  const values = session.runSync(fetches, feeds).map((v) => v.toArray());
  session.close();
  return values;
}
