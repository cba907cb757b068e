import {
  type DType,
  type Tensor,
  type TensorLike,
  assert,
  cast,
  controlDependencies,
  dimOf,
  expandDims,
  greater,
  identity,
  mul,
  nameScope,
  refuse,
  sequenceMask,
  showSpec,
  toTensor,
  uniqueScope,
  variableScope,
  where,
  zeros,
} from '@tensorloom/graph';
import { layers } from '@tensorloom/nn';
import { checkUnits } from '../cell.js';
import { checkedLengths } from '../drivers/sequence-length.js';
import type { AttentionMechanism } from './attention-mechanism.js';

/** Options of every attention mechanism over a memory. */
export interface MemoryAttentionOptions {
  /** How much of each row's memory there is, int32 [batch], each at least 1; default: all of it. */
  readonly memorySequenceLength?: TensorLike | null;
  /** The score of what is past a row's length; default -Infinity. */
  readonly scoreMaskValue?: number;
  /** Of the memory, when that is no tensor; a tensor's own is checked. */
  readonly dtype?: DType;
  /** Scope of the ops that prepare the memory; default: the mechanism's name. */
  readonly name?: string;
}

/** What makes one mechanism different from the others. */
export interface MemoryAttentionParts {
  /** Name of the class, for messages. */
  readonly mechanism: string;
  /** Scope of the variables that scores have, made unique in the scope of the call. */
  readonly scope: string;
  /** Units of the keys. */
  readonly numUnits: number;
  /** Applied to queries; null: they are compared with the keys as they are. */
  readonly queryLayer: layers.Dense | null;
  /** Scores [batch, time] of a query [batch, units] against the keys; called in the mechanism's scope, where it makes its variables once. */
  readonly score: (query: Tensor, keys: Tensor) => Tensor;
  /** Scores, and the alignments before, to alignments. */
  readonly probability: (score: Tensor, previous: Tensor) => Tensor;
}

/**
 * Attention over a memory [batch, time, depth]: a layer without bias makes keys of it, a score says how well a query fits each key, and a
 * probability function makes alignments of the scores. Past a row's length values are zeros and scores are masked. The state is the
 * alignments of the step before. The keys' variable is `memory_layer/kernel` in the variable scope of the constructor; those of scores are
 * made in that of the first call and shared by later ones. Throws when the memory's rank or depth is not known. TensorFlow: `_BaseAttentionMechanism`.
 */
export class MemoryAttention implements AttentionMechanism {
  readonly values: Tensor;
  /** The memory as it is compared with queries: [batch, time, units]. */
  readonly keys: Tensor;
  readonly memoryLayer: layers.Dense;
  readonly queryLayer: layers.Dense | null;
  readonly alignmentsSize: number | Tensor;
  readonly stateSize: number | Tensor;
  readonly #parts: MemoryAttentionParts;
  readonly #masked: (score: Tensor) => Tensor;

  constructor(memory: TensorLike, parts: MemoryAttentionParts, options: MemoryAttentionOptions) {
    const { mechanism, numUnits, queryLayer } = parts;
    const { memorySequenceLength, scoreMaskValue = -Infinity, name = mechanism } = options;
    checkUnits(mechanism, numUnits);
    const given = memoryInput(mechanism, memory, options.dtype);
    this.#parts = parts;
    this.queryLayer = queryLayer;
    this.memoryLayer = new layers.Dense(numUnits, { name: uniqueScope('memory_layer'), useBias: false });
    if (memorySequenceLength == null) {
      this.values = given;
      this.#masked = (score) => score;
    } else {
      const mask = nameScope(name, () => maskOf(mechanism, memorySequenceLength, given));
      this.values = mul(given, expandDims(cast(mask, given.dtype), 2));
      this.#masked = (score) => where(mask, score, scoreMaskValue);
    }
    this.keys = this.memoryLayer.apply(this.values);
    this.alignmentsSize = given.shape?.[1] ?? dimOf(given, 1);
    this.stateSize = this.alignmentsSize;
  }

  /** Zeros. */
  initialAlignments(batchSize: TensorLike, dtype: DType): Tensor {
    return zeros([batchSize, this.alignmentsSize], { dtype });
  }

  /** The initial alignments. */
  initialState(batchSize: TensorLike, dtype: DType): Tensor {
    return this.initialAlignments(batchSize, dtype);
  }

  call(query: Tensor, previous: Tensor): readonly [alignments: Tensor, nextState: Tensor] {
    const { scope, score, probability } = this.#parts;
    const scores = variableScope(uniqueScope(scope), () =>
      score(this.queryLayer === null ? query : this.queryLayer.apply(query), this.keys),
    );
    const alignments = probability(this.#masked(scores), previous);
    return [alignments, alignments];
  }
}

function memoryInput(mechanism: string, memory: TensorLike, dtype: DType | undefined): Tensor {
  const given = toTensor(memory, dtype, `${mechanism}: memory`);
  if (dtype !== undefined && given.dtype !== dtype) {
    refuse(mechanism, `expected a memory of dtype ${dtype}, got ${showSpec(given.spec)}. Use cast().`, [given]);
  }
  if (given.shape?.length === 3 && given.shape[2] !== null) return given;
  return refuse(
    mechanism,
    `expected a memory [batch, time, depth] with a known depth, got ${showSpec(given.spec)}. Give the placeholder's rank and last dimension.`,
    [given],
  );
}

/** Which places of the memory are there: bool [batch, time]. */
function maskOf(mechanism: string, memorySequenceLength: TensorLike, memory: Tensor): Tensor {
  const steps = dimOf(memory, 1);
  const lengths = checkedLengths(memorySequenceLength, steps, dimOf(memory, 0), mechanism, 'memorySequenceLength');
  const check = assert(
    greater(lengths, 0),
    `${mechanism}: every memorySequenceLength must be at least 1, so that there is something to attend to. Lengths:`,
    [lengths],
  );
  return sequenceMask(
    controlDependencies([check], () => identity(lengths)),
    steps,
  );
}
