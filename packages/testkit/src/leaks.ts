import type { Backend } from '@tensorloom/runtime';

/**
 * Runs `f` and returns its result, after checking that `backend` holds as many handles and bytes as before. Throws otherwise,
 * or rejects when `f` returns a promise, which is awaited first.
 */
export function expectNoLeaks<T>(backend: Backend, f: () => T): T;
export function expectNoLeaks(backend: Backend, f: () => unknown): unknown {
  const before = backend.stats();
  const check = (): void => {
    const after = backend.stats();
    if (after.handles === before.handles && after.bytes === before.bytes) return;
    throw new Error(
      `expectNoLeaks: backend '${backend.name}' held ${before.handles} handles (${before.bytes} bytes) before and ${after.handles} (${after.bytes} bytes) after. Free each handle once.`,
    );
  };
  const result = f();
  if (result instanceof Promise) {
    return result.then((value: unknown) => {
      check();
      return value;
    });
  }
  check();
  return result;
}
