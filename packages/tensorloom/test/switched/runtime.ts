import { Session as WithPasses } from '../../../runtime/src/index.js';

export * from '../../../runtime/src/index.js';

/** A session whose programs are not rewritten, unless a test says how. */
export class Session extends WithPasses {
  constructor(options: ConstructorParameters<typeof WithPasses>[0] = {}) {
    super({ passes: [], ...options });
  }
}
