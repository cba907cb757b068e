import { type DType, type Op, type RandomStreamId, allocate, random, sizeOf } from '@tensorloom/graph';
import type { HostTensor } from '../backend.js';
import { fillNormal, fillTruncatedNormal, fillUniform, fillUniformInt } from './distributions.js';
import { AliasTable } from './alias-table.js';
import { type Draw, fillCandidates, logUniform, uniform } from './candidates.js';
import { ClassCounts } from './class-counts.js';
import { fillMultinomial } from './multinomial.js';
import { fillPermutation } from './permutation.js';
import type { Seeds } from './philox.js';
import { resolveSeeds } from './seeds.js';
import { advance } from './stream.js';

/** Where the random numbers of an op stand in a session: what has to be kept for them to go on as if nothing had happened. */
export interface RandomStreamState {
  /** The generator's key and its counter's upper half: four 32-bit words. An op without seeds has drawn them. */
  readonly seeds: readonly [number, number, number, number];
  /** The block of random bits at which the next execution starts. */
  readonly block: number;
  /** How often each class was seen, and once more, where the op draws by that. */
  readonly counts?: readonly number[];
}

/** The random numbers of one op in one session: an execution starts where the last one ended, by TensorFlow's rule. */
export class RandomStream {
  #seeds: Seeds;
  #block = 0;
  #table: AliasTable | undefined;
  #counts: ClassCounts | undefined;

  constructor({ graphSeed, opSeed, index }: RandomStreamId) {
    this.#seeds = resolveSeeds(graphSeed, opSeed, index);
  }

  get state(): RandomStreamState {
    const { key, counter } = this.#seeds;
    const state: RandomStreamState = { seeds: [...key, ...counter], block: this.#block };
    return this.#counts === undefined ? state : { ...state, counts: this.#counts.counts };
  }

  /** Goes on from a state that this op's stream was in, in this session or another. */
  set state({ seeds: [a, b, c, d], block, counts }: RandomStreamState) {
    this.#seeds = { key: [a, b], counter: [c, d] };
    this.#block = block;
    this.#counts = counts === undefined ? undefined : new ClassCounts(counts.length, counts);
  }

  /** Draws a tensor for one execution of `op`; `inputs` are its shape and, for integers, the bounds, or what else the op takes. */
  draw(op: Op, dtype: DType, inputs: readonly HostTensor[]): HostTensor {
    if (op === random.permutation) return this.#permutation(inputs[0].data[0]);
    if (op === random.multinomial) return this.#multinomial(inputs[0], inputs[1].data[0]);
    if (op === random.logUniformCandidates) return ints(this.#candidates(logUniform, inputs));
    if (op === random.uniformCandidates) return ints(this.#candidates(uniform, inputs));
    if (op === random.weightedCandidates) return this.#weighted(inputs);
    if (op === random.learnedCandidates) return this.#learned(inputs);
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

  /** Numbers below `range`, and how often it drew. */
  #candidates(draw: Draw, [count, range, unique]: readonly HostTensor[], below = range.data[0]): Int32Array {
    const drawn = new Int32Array(count.data[0] + 1);
    this.#block = fillCandidates(drawn, this.#seeds, this.#block, draw, below, unique.data[0] !== 0);
    return drawn;
  }

  #weighted(inputs: readonly HostTensor[]): HostTensor {
    const weights = inputs[1].data;
    // Weights hardly ever change from one execution to the next.
    const known = this.#table?.isOf(weights) === true ? this.#table : undefined;
    const table = (this.#table = known ?? new AliasTable(weights));
    return ints(this.#candidates((words) => table.draw(words), inputs, table.size));
  }

  /** The candidates, how often each of them and of the classes was seen, and all classes together; then the classes count as seen. */
  #learned(inputs: readonly HostTensor[]): HostTensor {
    const [, range, , classes] = inputs;
    const counts = (this.#counts ??= new ClassCounts(range.data[0]));
    if (counts.range !== range.data[0])
      throw new RangeError(
        `LearnedCandidates: expected ${counts.range} classes, as were counted before, got ${range.data[0]}.`,
      );
    const misfit = classes.data.find((k) => k < 0 || k >= counts.range);
    if (misfit !== undefined)
      throw new RangeError(`LearnedCandidates: class ${misfit} is out of range, expected 0 to ${counts.range - 1}.`);
    const drawn = this.#candidates((words) => counts.draw(words), inputs);
    const seen = [...drawn.subarray(0, -1), ...classes.data].map((k) => counts.countOf(k));
    const data = Int32Array.from([...drawn, ...seen, counts.total]);
    classes.data.forEach((k) => counts.add(k));
    return ints(data);
  }

  #multinomial(logits: HostTensor, samples: number): HostTensor {
    const [rows, classes] = logits.shape;
    if (classes === 0) throw new RangeError('Multinomial: expected a class to draw, got logits with none.');
    const data = new Int32Array(rows * samples);
    this.#block = fillMultinomial(data, this.#seeds, this.#block, logits);
    return { dtype: 'int32', shape: [rows, samples], data };
  }
}

const ints = (data: Int32Array): HostTensor => ({ dtype: 'int32', shape: [data.length], data });
