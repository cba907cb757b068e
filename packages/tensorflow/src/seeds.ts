import type { RandomStreamId } from '@tensorloom/graph';
import { DEFAULT_GRAPH_SEED } from '@tensorloom/runtime';

const MODULUS = 2 ** 31 - 1;
const truncate = (seed: number): number => ((seed % MODULUS) + MODULUS) % MODULUS;

/** The attributes `seed` and `seed2` of TensorFlow's random ops for a stream of ours: so both draw the same numbers. TensorFlow: `tf.get_seed`. */
export function seedsOf({ graphSeed, opSeed, index }: RandomStreamId): readonly [number, number] {
  if (graphSeed === undefined && opSeed === undefined) return [0, 0];
  const seeds = [truncate(graphSeed ?? DEFAULT_GRAPH_SEED), truncate(opSeed ?? index)] as const;
  return seeds[0] === 0 && seeds[1] === 0 ? [0, MODULUS] : seeds;
}
