/** Where in the user's program something was made; reads the stack only when asked. */
export interface Location {
  /** `file:line:column` of the innermost frame outside this framework, or `undefined` when there is none. */
  readonly line: string | undefined;
}

const FRAMES = 40;

/** The folder that holds the framework's packages, from where this file itself is. */
const packagesRoot = ((): string => {
  const path = import.meta.url.replace(/^file:\/\//, '');
  return path.split('/').slice(0, -3).join('/');
})();

const isOurs = (frame: string): boolean =>
  frame.includes('node:internal') ||
  (frame.includes(`${packagesRoot}/`) && /\/(src|dist)\//.test(frame.slice(frame.indexOf(packagesRoot) + packagesRoot.length))) ||
  /\/node_modules\/(@tensorloom|tensorloom)\//.test(frame);

class Stack implements Location {
  readonly #at: { stack?: string };
  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = FRAMES;
    this.#at = new Error();
    Error.stackTraceLimit = limit;
  }
  get line(): string | undefined {
    const frames = (this.#at.stack ?? '').split('\n').filter((l) => /(^\s+at |@).*:\d+/.test(l));
    const user = frames.find((f) => !isOurs(f));
    return user === undefined ? undefined : /\(?((?:file:\/\/|https?:\/\/)?[^()\s@]+:\d+(?::\d+)?)\)?\s*$/.exec(user)?.[1]?.replace(/^file:\/\//, '');
  }
}

let inherited: Location | undefined;

/** The place that is calling into the framework now. */
export const here = (): Location => inherited ?? new Stack();

/** Runs `build`; what it makes counts as made at `location`: gradients belong to the line of the node they differentiate. */
export function madeAt<T>(location: Location, build: () => T): T {
  const outer = inherited;
  inherited = location;
  try {
    return build();
  } finally {
    inherited = outer;
  }
}
