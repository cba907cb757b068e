import type { Seeds } from './philox.js';

/** The graph seed that goes with an op seed when no graph seed was set (TensorFlow's `DEFAULT_GRAPH_SEED`). */
export const DEFAULT_GRAPH_SEED = 87654321;

const SEED_MODULUS = 2 ** 31 - 1;

/**
 * The seeds of a random op's stream, by TensorFlow 1's rules (`tf.get_seed`).
 *
 * | graph seed | op seed | the stream's seeds                                          |
 * | ---------- | ------- | ----------------------------------------------------------- |
 * | set        | set     | both                                                        |
 * | set        | not set | the graph seed, and the op's index in its graph as op seed  |
 * | not set    | set     | {@link DEFAULT_GRAPH_SEED} and the op seed                  |
 * | not set    | not set | nondeterministic: drawn anew at each call                   |
 *
 * Seeds are taken modulo 2^31 - 1 (never negative), and two zeros become (0, 2^31 - 1), as TensorFlow does. A seed
 * that is not a safe integer is an error.
 */
export function resolveSeeds(graphSeed: number | undefined, opSeed: number | undefined, nodeIndex: number): Seeds {
  if (graphSeed === undefined && opSeed === undefined) return nondeterministicSeeds();

  const graph = truncate('graph seed', graphSeed ?? DEFAULT_GRAPH_SEED);
  const op = truncate('op seed', opSeed ?? nodeIndex);
  return { key: [graph, 0], counter: [graph === 0 && op === 0 ? SEED_MODULUS : op, 0] };
}

function truncate(what: string, seed: number): number {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `random seeds: expected the ${what} to be a safe integer, got ${seed}. Give an integer, or none.`,
    );
  }
  return ((seed % SEED_MODULUS) + SEED_MODULUS) % SEED_MODULUS;
}

function nondeterministicSeeds(): Seeds {
  const [keyLow, keyHigh, counterLow, counterHigh] = globalThis.crypto.getRandomValues(new Uint32Array(4));
  return { key: [keyLow, keyHigh], counter: [counterLow, counterHigh] };
}
