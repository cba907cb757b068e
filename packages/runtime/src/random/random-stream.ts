import { type DType, type Op, type RandomStreamId, allocate, random, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { fillNormal, fillTruncatedNormal, fillUniform, fillUniformInt } from './distributions.js';
import { fillCandidates, logUniform, uniform } from './candidates.js';
import { fillMultinomial } from './multinomial.js';
import { fillPermutation } from './permutation.js';
import type { Seeds } from './philox.js';
import { resolveSeeds } from './seeds.js';
import { advance } from './stream.js';

/** The random numbers of one op in one session: an execution starts where the last one ended, by TensorFlow's rule. */
export class RandomStream {
  readonly #seeds: Seeds;
  #block = 0;

  constructor({ graphSeed, opSeed, index }: RandomStreamId) {
    this.#seeds = resolveSeeds(graphSeed, opSeed, index);
  }

  /** Draws a tensor for one execution of `op`; `inputs` are its shape and, for integers, the bounds, or what else the op takes. */
  draw(op: Op, dtype: DType, inputs: readonly HostTensor[]): HostTensor {
    if (op === random.permutation) return this.#permutation(inputs[0].data[0]);
    if (op === random.multinomial) return this.#multinomial(inputs[0], inputs[1].data[0]);
    if (op === random.logUniformCandidates) return this.#candidates(logUniform, inputs);
    if (op === random.uniformCandidates) return this.#candidates(uniform, inputs);
    const [dims, low, high] = inputs;
    const shape = Array.from(dims.data);
    const data = allocate(dtype, sizeOf(shape));
    const [seeds, block] = [this.#seeds, this.#block];
    if (data instanceof Int32Array) fillUniformInt(data, seeds, block, low.data[0], high.data[0]);
    else if (data instanceof Uint8Array) throw new TypeError(`${op.name}: bool is not drawn.`);
    else if (op === random.uniform) fillUniform(data, seeds, block, 0, 1);
    else if (op === random.normal) fillNormal(data, seeds, block, 0, 1);
    else if (op === random.truncatedNormal) fillTruncatedNormal(data, seeds, block, 0, 1);
    else throw new TypeError(`${op.name}: not a distribution.`);
    this.#block = advance(block, data.length);
    return { dtype, shape, data };
  }
  #permutation(n: number): HostTensor {
    const data = new Int32Array(n);
    this.#block = fillPermutation(data, this.#seeds, this.#block);
    return { dtype: 'int32', shape: [n], data };
  }

  #candidates(draw: typeof uniform, [count, range, unique]: readonly HostTensor[]): HostTensor {
    const data = new Int32Array(count.data[0] + 1);
    this.#block = fillCandidates(data, this.#seeds, this.#block, draw, range.data[0], unique.data[0] !== 0);
    return { dtype: 'int32', shape: [data.length], data };
  }

  #multinomial(logits: HostTensor, samples: number): HostTensor {
    const [rows, classes] = logits.shape;
    if (classes === 0) throw new RangeError('Multinomial: expected a class to draw, got logits with none.');
    const data = new Int32Array(rows * samples);
    this.#block = fillMultinomial(data, this.#seeds, this.#block, logits);
    return { dtype: 'int32', shape: [rows, samples], data };
  }
}
