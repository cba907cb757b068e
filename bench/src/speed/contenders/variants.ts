import { createCpu } from '@tensorloom/backend-cpu';
import { type Backend, loopRewrites, passesWithout, rewrites } from '@tensorloom/runtime';
import type * as tl from 'tensorloom';

/** A backend without one of the things that a backend may do or leave to the runtime. */
const without = <B>(missing: 'fuse' | 'compileLoop', backend: Backend<B>): Backend<B> => ({
  name: backend.name,
  description: backend.description,
  dtypes: backend.dtypes,
  kernels: backend.kernels,
  ...(missing !== 'fuse' && { fuse: (region) => backend.fuse?.(region) }),
  ...(missing !== 'compileLoop' && { compileLoop: (loop) => backend.compileLoop?.(loop) }),
  upload: (tensor) => backend.upload(tensor),
  download: (tensor) => backend.download(tensor),
  retain: (tensor) => backend.retain(tensor),
  free: (tensor) => backend.free(tensor),
  stats: () => backend.stats(),
  dispose: () => backend.dispose(),
});

const ofLoops = Object.keys(loopRewrites) as (keyof typeof loopRewrites)[];
const all = Object.keys(rewrites) as (keyof typeof rewrites)[];

/** How a session runs with everything on. */
export const ALL = 'all';

/** Options of a session by what they leave out, one thing at a time; the number of threads is that of the others. */
export const variants: Readonly<Record<string, (threads: number) => tl.SessionOptions>> = {
  [ALL]: (threads) => ({ backend: createCpu({ threads }) }),
  'no threads': () => ({ backend: createCpu({ threads: 1 }) }),
  'no compiled loops': (threads) => ({ backend: without('compileLoop', createCpu({ threads })) }),
  'no fused kernels': (threads) => ({ backend: without('fuse', createCpu({ threads })) }),
  'no relaxed SIMD': (threads) => ({ backend: createCpu({ threads, simd: 'plain' }) }),
  ...Object.fromEntries(
    all.map((name) => [
      `no ${name}`,
      (threads: number) => ({ backend: createCpu({ threads }), passes: passesWithout(name) }),
    ]),
  ),
  'no loop rewrites': (threads) => ({ backend: createCpu({ threads }), passes: passesWithout(...ofLoops) }),
};
