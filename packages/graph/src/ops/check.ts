import { apply } from '../context.js';
import type { Node } from '../node.js';
import { makeOp, tensorInput } from '../op.js';
import { type TensorLike, toTensor } from './convert.js';

/** Most values that a failing assertion shows. */
const SHOWN = 7;

/** (condition, ...data): fails the run when an element of the condition is false. */
export const Assert = makeOp<{ readonly message: string }>({
  name: 'Assert',
  effect: 'external',
  onHost: true,
  hostInputs: Array.from({ length: SHOWN + 1 }, (_, i) => i),
  infer([condition]) {
    const { dtype } = tensorInput('Assert', condition);
    if (dtype !== 'bool') throw new TypeError(`Assert: expected a bool condition, got ${dtype}. Compare first.`);
    return [];
  },
});

/**
 * An op that fails the run with `message` and the values of `data` (seven at most) unless every element of `condition` is true. It
 * runs when something depends on it: use `controlDependencies`. TensorFlow: `tf.Assert`.
 */
export const assert = (condition: TensorLike, message: string, data: readonly TensorLike[] = []): Node =>
  apply(
    Assert,
    [condition, ...data.slice(0, SHOWN)].map((x) => toTensor(x, undefined, 'Assert')),
    { message },
  );
