import {
  type Structure,
  type Tensor,
  TensorArray,
  type TensorLike,
  constant,
  flatten,
  isTensor,
  logicalNot,
  logicalOr,
  packLike,
  reduceAll,
  refuse,
  toTensor,
  variableScope,
  where,
  whileLoop,
  zerosLike,
} from '@tensorloom/graph';
import { type Cell, flatState, packState } from '../cell.js';
import { sameState } from './dynamic-rnn.js';
import { dimsOf } from '../tensor-shape.js';

/**
 * What a `LoopFn` returns: whether each row is finished (bool [batch]), the next input and cell state, what is collected (null for the
 * cell's output), and the next loop state (null for the one before).
 */
export type LoopFnResult<S extends Structure> = readonly [
  finished: TensorLike,
  nextInput: Tensor,
  nextCellState: S,
  emitOutput: Structure | null,
  nextLoopState: Structure | null,
];

/**
 * Decides what happens between the steps of `rawRnn`. It is called once for time 0, with null for the rest: then the state is the one to
 * start from and what is collected says the structure, shapes (without the batch) and dtypes of what is to come. And it is called once
 * inside the loop, after the cell.
 */
export type LoopFn<S extends Structure> = (
  time: Tensor,
  cellOutput: Tensor | null,
  cellState: S | null,
  loopState: Structure | null,
) => LoopFnResult<S>;

/** How `rawRnn` runs. */
export interface RawRnnOptions {
  /** Accepted for TensorFlow's sake; steps run one after the other. */
  readonly parallelIterations?: number;
  /** What the gradient needs of the steps waits in host memory; default false. */
  readonly swapMemory?: boolean;
  /** Variable scope; default 'rnn'. */
  readonly scope?: string;
}

/**
 * Runs a cell until all rows are finished, with `loopFn` choosing inputs, states and what is collected: the driver from which others can
 * be built. Returns what was collected, an array over the steps (or arrays, in the structure of what is collected), the final state
 * and the final loop state. Past a row's end its state stays and zeros are collected. TensorFlow: `tf.nn.raw_rnn`.
 */
export function rawRnn<S extends Structure>(
  cell: Cell<S>,
  loopFn: LoopFn<S>,
  { swapMemory = false, scope = 'rnn' }: RawRnnOptions = {},
): [emitted: unknown, state: S, loopState: Structure | null] {
  return variableScope(scope, () => {
    const zero = constant(0, { dtype: 'int32' });
    const [finished, firstInput, initial, like, firstLoopState] = loopFn(zero, null, null, null);
    if (!isTensor(firstInput))
      return refuse(
        'rawRnn',
        'loopFn returned no input at time 0. Return [finished, nextInput, nextCellState, null, null].',
      );
    const { dtype } = flatState(initial)[0];
    const arrays =
      like === null
        ? [
            new TensorArray(dtype, 0, {
              dynamicSize: true,
              elementShape: [batchOf(firstInput), ...dimsOf(cell.outputSize)],
            }),
          ]
        : flatten(like, isTensor, 'rawRnn: emitOutput').map(
            (t) =>
              new TensorArray(t.dtype, 0, {
                dynamicSize: true,
                ...(t.shape !== undefined && { elementShape: [batchOf(firstInput), ...t.shape] }),
              }),
          );
    const loopState = firstLoopState === null ? [] : flatten(firstLoopState, isTensor, 'rawRnn: loopState');
    const states = flatState(initial);
    const result = whileLoop(
      (_time: Tensor, done: Tensor) => logicalNot(reduceAll(done)),
      (
        time: Tensor,
        done: Tensor,
        input: Tensor,
        emitted: readonly TensorArray[],
        now: readonly Tensor[],
        kept: readonly Tensor[],
      ): [Tensor, Tensor, Tensor, TensorArray[], Tensor[], Tensor[]] => {
        const state = packState(initial, now);
        const [output, after] = cell.call(input, state);
        const next = time.add(1);
        const lastLoopState = firstLoopState === null ? null : packLike(firstLoopState, kept, isTensor);
        const [isDone, nextInput, chosen, emit, nextLoopState] = loopFn(
          next,
          output,
          after,
          lastLoopState as Structure | null,
        );
        // Rows that had finished before this step keep their state and collect zeros.
        const through = (old: Tensor, fresh: Tensor): Tensor =>
          fresh.shape?.length === 0 ? fresh : where(done, old, fresh);
        const emits = flatten(emit ?? output, isTensor, 'rawRnn: emitOutput');
        if (emits.length !== emitted.length) {
          return refuse(
            'rawRnn',
            `loopFn returned ${emits.length} tensors to collect, expected ${emitted.length} as at time 0. Return the same structure.`,
          );
        }
        const loops = nextLoopState === null ? kept : flatten(nextLoopState, isTensor, 'rawRnn: loopState');
        return [
          next,
          logicalOr(done, toTensor(isDone, 'bool', 'rawRnn: finished')),
          nextInput,
          emitted.map((array, i) => array.write(time, through(zerosLike(emits[i]), emits[i]))),
          sameState(initial, chosen).map((s, i) => through(now[i], s)),
          [...loops],
        ];
      },
      [zero, toTensor(finished, 'bool', 'rawRnn: finished'), firstInput, arrays, states, loopState],
      { swapMemory },
    );
    const [, , , emitted, last, lastLoop] = result;
    return [
      like === null ? emitted[0] : packLike(like, emitted, isTensor),
      packState(initial, last),
      firstLoopState === null ? null : (packLike(firstLoopState, lastLoop, isTensor) as Structure),
    ];
  });
}

/** The static batch size of an input. */
const batchOf = (input: Tensor): number | null => input.shape?.[0] ?? null;
