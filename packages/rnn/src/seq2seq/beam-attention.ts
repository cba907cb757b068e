import { type Tensor, add, div, isTensor, refuse } from '@tensorloom/graph';

/** The alignments in a state of an `AttentionWrapper`, or of several in an array: their mean, [batch, beams, time]. Throws when there are none. */
export function attentionOf(cellState: unknown): Tensor {
  const states: readonly unknown[] = Array.isArray(cellState) ? cellState : [cellState];
  const each = states.flatMap((state) => {
    const found = alignmentsIn(state);
    return found.length === 0 ? [] : [mean(found)];
  });
  if (each.length === 0) {
    return refuse(
      'BeamSearchDecoder',
      'coveragePenaltyWeight needs alignments, and the cell has none in its state. Use an AttentionWrapper, or leave coveragePenaltyWeight out.',
    );
  }
  return mean(each);
}

function alignmentsIn(state: unknown): readonly Tensor[] {
  if (typeof state !== 'object' || state === null || !('alignments' in state)) return [];
  const { alignments } = state;
  return (Array.isArray(alignments) ? alignments : [alignments]).filter((a) => isTensor(a));
}

const mean = (ts: readonly Tensor[]): Tensor =>
  ts.length === 1
    ? ts[0]
    : div(
        ts.reduce((sum, t) => add(sum, t)),
        ts.length,
      );
