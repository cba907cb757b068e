import type { SessionOptions } from 'tensorloom';

/** What a session needs to run on each backend; only the one asked for is loaded. The CPU is a session's default. */
const backends = new Map<string, () => Promise<SessionOptions>>([
  ['cpu', async () => ({})],
  ['reference', async () => ({ backend: (await import('@tensorloom/backend-reference')).reference() })],
  ['tfjs', async () => ({ backend: await (await import('@tensorloom/backend-tfjs')).tfjs('cpu') })],
  ['tfjs-wasm', async () => ({ backend: await (await import('@tensorloom/backend-tfjs')).tfjs('wasm') })],
  ['gpujs', async () => ({ backend: await (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'cpu' }) })],
  [
    'gpujs-webasm',
    async () => ({ backend: await (await import('@tensorloom/backend-gpujs')).gpujs({ mode: 'webasm' }) }),
  ],
]);

/** The names `openBackend` knows. */
export const backendNames = [...backends.keys()];

/** The options of a session on a backend. Rejects with an `Error` when the backend is unknown or cannot start here. */
export async function openBackend(name: string): Promise<SessionOptions> {
  const open = backends.get(name);
  if (open === undefined) throw new Error(`backend: expected one of ${backendNames.join(', ')}, got ${name}.`);
  return open();
}
