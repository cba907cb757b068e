import type { Kernel } from '@tensorloom/runtime';
import type { GpujsTensor, Handle, Handles } from '../handles.js';
import { all, chain } from '../maybe-promise.js';

/**
 * A kernel that joins any number of tensors, from kernels that join `limit` at a time: `first` joins inputs, `next` what came of it,
 * until one is left.
 */
export function inGroups(first: Kernel<Handle>, next: Kernel<Handle>, limit: number, handles: Handles): Kernel<Handle> {
  return (inputs, call) => {
    if (inputs.length <= limit) return first(inputs, call);
    const groups = Array.from({ length: Math.ceil(inputs.length / limit) }, (_, i) =>
      inputs.slice(i * limit, (i + 1) * limit),
    );
    const donated = groups.map(() => false);
    return chain(all(groups.map((group) => first(group, call))), (results) => {
      const parts: readonly GpujsTensor[] = results.flat();
      return chain(inGroups(next, next, limit, handles)(parts, { ...call, donated }), (y) => {
        for (const part of parts) handles.free(part);
        return y;
      });
    });
  };
}
