import { reference } from '@tensorloom/backend-reference';
import { type Fetch, type Fetched, type Feeds, globalVariablesInitializer } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';

/** What is fetched, in a session of its own with all variables initialised. */
export function run<const F extends Fetch>(fetches: F, feeds: Feeds = []): Fetched<F> {
  const session = new Session({ backend: reference() });
  session.runSync(globalVariablesInitializer());
  const results = session.runSync(fetches, feeds);
  session.close();
  return results;
}
