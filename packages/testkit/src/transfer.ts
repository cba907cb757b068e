import type { NDArray } from '@tensorloom/graph';
import type { Backend } from '@tensorloom/runtime';
import { compareTensors } from './tolerance.js';

/** Takes `x` to the device and back. Throws unless it comes back as it was, in a private copy, and lives as long as its last reference. */
export async function transfer(backend: Backend, x: NDArray): Promise<void> {
  const exact = { rtol: 0, atol: 0 };
  const first = backend.upload(x);
  const second = backend.retain(first);
  backend.free(first);
  try {
    const copy = await backend.download(second);
    compareTensors(x, copy, exact);
    copy.data.fill(1);
    compareTensors(x, await backend.download(second), exact);
  } finally {
    backend.free(second);
  }
}
