import { type Structure, type Tensor, type TensorLike, cond, refuse, toTensor } from '@tensorloom/graph';
import { flatState, packState } from '../cell.js';

/** What decoders return: an output for each step, and the final state. */
export type Decoded<S> = [outputs: Tensor[], state: S];

/**
 * Decodes with or without what was written before, as `feedPrevious` says, which a run may choose: then gradients do not go to the embedding
 * of what was written before, as in TensorFlow.
 */
export function decodeAs<S extends Structure>(
  what: string,
  feedPrevious: TensorLike,
  decode: (previous: boolean, update: boolean) => Decoded<S>,
): Decoded<S> {
  if (typeof feedPrevious === 'boolean') return decode(feedPrevious, true);
  const pred = toTensor(feedPrevious, 'bool', what);
  if (pred.dtype !== 'bool') {
    return refuse(what, `expected feedPrevious to be a boolean or a bool scalar, got ${pred.dtype}. Compare first.`, [
      pred,
    ]);
  }
  const seen: Decoded<S>[] = [];
  const flat = (previous: boolean): Tensor[] => {
    const decoded = decode(previous, false);
    seen.push(decoded);
    return [...decoded[0], ...flatState(decoded[1])];
  };
  const all = cond(
    pred,
    () => flat(true),
    () => flat(false),
  );
  const [[outputs, state]] = seen;
  return [all.slice(0, outputs.length), packState(state, all.slice(outputs.length))];
}
