import {
  type Tensor,
  type TensorLike,
  add,
  clipByValue,
  cumprod,
  cumsum,
  dimOf,
  div,
  mul,
  nameScope,
  refuse,
  scan,
  sub,
  toTensors,
  transpose,
  zeros,
} from '@tensorloom/graph';
import { safeCumprod } from './safe-cumprod.js';

/** How `monotonicAttention` computes. */
export type MonotonicMode = 'recursive' | 'parallel' | 'hard';

/**
 * Where attention goes that only moves on (Raffel et al. 2017): from where it was, `previousAttention` [batch, time], it walks along the
 * memory and stops at place i with probability `pChooseI` [batch, time]. Its sums are below 1 where it may walk off the end. Before the
 * first step it is at the first place: [1, 0, ..., 0]. 'recursive' scans the places and is exact; 'parallel' divides cumulative products,
 * which is wrong where it walks past places with probabilities close to 1, or very many places; 'hard' is for probabilities that are 0 or 1. Throws at another
 * mode. TensorFlow: `tf.contrib.seq2seq.monotonic_attention`.
 */
export function monotonicAttention(pChooseI: TensorLike, previousAttention: TensorLike, mode: MonotonicMode): Tensor {
  const compute = modes.get(mode);
  if (compute === undefined) {
    return refuse('monotonicAttention', `expected a mode of ${[...modes.keys()].join(', ')}, got ${mode}.`);
  }
  const [p, previous] = toTensors('monotonicAttention', [pChooseI, previousAttention]);
  return nameScope('monotonic_attention', () => compute(p, previous));
}

const modes: ReadonlyMap<string, (p: Tensor, previous: Tensor) => Tensor> = new Map([
  ['recursive', recursive],
  ['parallel', parallel],
  ['hard', hard],
]);

/** What passed the places before joins what was at a place; p of that stops there, and the rest passes on. */
function recursive(p: Tensor, previous: Tensor): Tensor {
  const nothing = zeros([dimOf(p, 0)], { dtype: p.dtype });
  const { stops } = scan(
    ({ passes }, [choose, before]) => {
      const reaches = add(passes, before);
      const stops = mul(choose, reaches);
      return { stops, passes: sub(reaches, stops) };
    },
    [transpose(p), transpose(previous)],
    { initializer: { stops: nothing, passes: nothing } },
  );
  return transpose(stops);
}

function parallel(p: Tensor, previous: Tensor): Tensor {
  const passed = safeCumprod(sub(1, p), 1, { exclusive: true });
  return mul(mul(p, passed), cumsum(div(previous, clipByValue(passed, 1e-10, 1)), 1));
}

/** The first place chosen that is not before the last one. */
function hard(p: Tensor, previous: Tensor): Tensor {
  const chosen = mul(p, cumsum(previous, 1));
  return mul(chosen, cumprod(sub(1, chosen), 1, { exclusive: true }));
}
