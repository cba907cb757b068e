import { Assert, type Op } from '@tensorloom/graph';
import type { HostKernel } from './host-kernel.js';

/** Assertions run on the host: a run that fails one stops there. */
export const checkKernels: readonly (readonly [Op, HostKernel])[] = [
  [
    Assert,
    ([condition, ...data], attrs) => {
      if (condition.data.some((v) => v === 0)) {
        const { message } = attrs as { readonly message: string };
        throw new Error(`Assert: ${message}${data.map((d) => ` [${d.data.join(' ')}]`).join('')}`);
      }
      return [];
    },
  ],
];
