/** Where in the user's program something was made. */
export interface Location {
  /** `file:line:column` of the innermost frame outside this framework, or `undefined` when there is none. */
  readonly line: string | undefined;
}

/** V8's view of a frame, as far as it is used here. */
interface CallSite {
  getFileName(): string | null | undefined;
  toString(): string;
}

/** Most calls are this close to the user's code; those that are not look again, deeper. */
const FEW = 10;
const MANY = 200;

/** The path of a file as a stack names it: `file:///a%20b/c.js?v=1` is `/a b/c.js`. */
function toPath(file: string): string {
  const bare = file.replace(/\?.*$/, '').replaceAll('\\', '/');
  if (!bare.startsWith('file://')) return bare;
  try {
    return decodeURIComponent(bare.slice('file://'.length));
  } catch {
    return bare.slice('file://'.length);
  }
}

/**
 * Tells the framework's files from the user's, given how stacks name this file. When it is not where the framework keeps it,
 * a bundler has moved it: then only the bundle itself is ours.
 */
function framework(own: string): (file: string) => boolean {
  const root = /^(.*\/)graph\/(?:src|dist)\/location\.[jt]s$/.exec(toPath(own))?.[1];
  const known = new Map<string, boolean>();
  const isOurs = (path: string): boolean =>
    path === '' ||
    path.startsWith('node:') ||
    /\/node_modules\/(?:@tensorloom|tensorloom)\//.test(path) ||
    (root === undefined
      ? path === toPath(own)
      : path.startsWith(root) && /^[^/]+\/(?:src|dist)\//.test(path.slice(root.length)));
  return (file) => {
    let ours = known.get(file);
    if (ours === undefined) known.set(file, (ours = isOurs(toPath(file))));
    return ours;
  };
}

const frameworks = new Map<string, (file: string) => boolean>();

/** The first of `files`, innermost first, that is not the framework's; this file is the first of them. */
function firstOfUser<F>(frames: readonly F[], fileOf: (frame: F) => string): F | undefined {
  if (frames.length === 0) return undefined;
  const own = fileOf(frames[0]);
  let isOurs = frameworks.get(own);
  if (isOurs === undefined) frameworks.set(own, (isOurs = framework(own)));
  return frames.find((frame) => !isOurs(fileOf(frame)));
}

/** The positions `file:line:column` in a stack's text: `at f (file:1:2)`, or `f@file:1:2` in Firefox and Safari. */
function positions(stack: string): string[] {
  return stack.split('\n').flatMap((line) => {
    const frame = /^\s*at (?:.*? \((.+)\)|(.+))$/.exec(line) ?? /^[^@]*@(.+)$/.exec(line);
    const at = frame?.[1] ?? frame?.[2] ?? '';
    return /:\d+$/.test(at) ? [at] : [];
  });
}

const fileOfPosition = (position: string): string => position.replace(/(?::\d+){1,2}$/, '');

/** What is kept of a stack: the user's frame, the text of other engines, or all of it where Node is to apply source maps. */
type Kept = CallSite | string | Error | undefined;

class Place implements Location {
  readonly #kept: Kept;
  constructor(kept: Kept) {
    this.#kept = kept;
  }
  get line(): string | undefined {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    const found =
      typeof kept === 'string' || kept instanceof Error
        ? firstOfUser(positions(typeof kept === 'string' ? kept : (kept.stack ?? '')), fileOfPosition)
        : positions(show(kept))[0];
    if (found === undefined) return undefined;
    const file = fileOfPosition(found);
    return `${toPath(file)}${found.slice(file.length)}`;
  }
}

/** A frame as text, by the tool that maps stacks to sources if there is one. */
function show(site: CallSite): string {
  const prepare: unknown = Reflect.get(Error, 'prepareStackTrace');
  return typeof prepare === 'function'
    ? String(Reflect.apply(prepare, Error, [new Error(), [site]]))
    : `at ${site.toString()}`;
}

/** The user's frame, as `Error.prepareStackTrace`. */
const pick = (_: Error, sites: readonly CallSite[]): CallSite | undefined =>
  firstOfUser(sites, (site) => site.getFileName() ?? '');

/**
 * Keeps one frame of the stack rather than the stack, which would hold on to every caller. The settings of `Error` are V8's alone
 * and may be frozen: they are set without insisting.
 */
function innermost(limit: number): Kept {
  const limitBefore: unknown = Reflect.get(Error, 'stackTraceLimit');
  const prepareBefore: unknown = Reflect.get(Error, 'prepareStackTrace');
  Reflect.set(Error, 'stackTraceLimit', limit);
  Reflect.set(Error, 'prepareStackTrace', pick);
  const kept: Kept = new Error().stack;
  Reflect.set(Error, 'prepareStackTrace', prepareBefore);
  Reflect.set(Error, 'stackTraceLimit', limitBefore);
  return kept;
}

/** An error with all its frames. */
function whole(): Error {
  const limitBefore: unknown = Reflect.get(Error, 'stackTraceLimit');
  Reflect.set(Error, 'stackTraceLimit', MANY);
  const error = new Error();
  Reflect.set(Error, 'stackTraceLimit', limitBefore);
  return error;
}

/** Whether Node itself maps stacks to sources, which it does for whole errors only. */
const nodeMapsStacks = (): boolean => {
  const { process } = globalThis as { process?: { sourceMapsEnabled?: boolean } };
  return process?.sourceMapsEnabled === true;
};

let inherited: Location | undefined;

/** The place that is calling into the framework now. */
export function here(): Location {
  if (inherited !== undefined) return inherited;
  if (nodeMapsStacks()) return new Place(whole());
  return new Place(innermost(FEW) ?? innermost(MANY));
}

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
