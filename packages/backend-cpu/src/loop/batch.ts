import type { StaticBlock, StaticLoop } from '@tensorloom/runtime';
import { loopOps } from './ops/index.js';

/**
 * Which values of a loop consist of a row for each row of the batch, computed from that row of others only: `null` when the loop
 * cannot be cut along a batch. Constants are whole for every thread.
 */
export function batchOf(loop: StaticLoop): { readonly size: number; readonly batched: ReadonlySet<number> } | null {
  const { values, carry, xs, body, cond } = loop;
  const size = [...carry, ...xs].map((v) => values[v].shape).find((s) => s.length >= 2)?.[0];
  if (size === undefined || size < 2) return null;
  const batched = new Set([...carry, ...xs].filter((v) => values[v].shape[0] === size));
  const walk = ({ steps }: StaticBlock): boolean =>
    steps.every((step) => {
      const byRows = loopOps.get(step.op)?.rows(step, values, batched);
      if (byRows === undefined || byRows === null) return false;
      if (byRows) step.outputs.forEach((v) => batched.add(v));
      return true;
    });
  if (!walk(body) || (cond !== null && !walk(cond))) return null;
  const agree = carry.every((v, i) => batched.has(v) === batched.has(body.results[i]));
  const alone = cond === null || !batched.has(cond.results[0]);
  return agree && alone ? { size, batched } : null;
}
