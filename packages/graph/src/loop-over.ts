import { apply, defaultGraph } from './context.js';
import { type MemoryOptions, checkMemory } from './memory.js';
import { type Node, refuse } from './node.js';
import { type LoopAttrs, control, loop, rowSpec, stopGradient, tripsOf } from './ops/control.js';
import { listStack, listUnstack } from './ops/list.js';
import { elementShapeOf, firstRows, sequenceSegments } from './segments.js';
import { type Edge, type List, type Tensor, asTensors } from './tensor.js';
import { close, trace } from './trace.js';

/** What a loop over sequences gives: final carry, what each trip returned (as lists), and the number of trips. */
export interface Scanned {
  readonly carry: readonly Tensor[];
  readonly ys: readonly List[];
  readonly trips: Tensor;
  /** The first `length` rows of `ys` as tensors, zeros past the last trip. */
  readonly stacked: (length: Tensor) => readonly Tensor[];
}

/** What the body of a loop over sequences returns: the next carry, and what is collected. */
export interface ScanStep {
  readonly carry: readonly Tensor[];
  readonly ys: readonly Tensor[];
}

/** How a loop over sequences runs. */
export interface LoopOverOptions extends MemoryOptions {
  /** Number of trips, where it is to end before the sequences do. */
  readonly length?: Tensor;
  /** Run from the last row to the first. */
  readonly reverse?: boolean;
  /** Name scope of the loop and of its body; default 'scan'. */
  readonly name?: string;
  /** Names of the carried values, for messages. */
  readonly names?: readonly string[];
  /** Tensors of the shapes that what is collected has: where there is nothing, a run takes unknown lengths from them. */
  readonly like?: readonly Tensor[];
}

/**
 * A loop over the rows of `xs` (tensors along their first axis, or lists): `f(carry, rows)` returns the next carry and what is
 * collected. `length` ends it early. The building block of `scan` and of recurrent networks.
 */
export function loopOver(
  f: (carry: readonly Tensor[], rows: readonly Tensor[]) => ScanStep,
  init: readonly Tensor[],
  xs: readonly Edge[],
  { length, reverse = false, name = 'scan', names, like = [], ...memory }: LoopOverOptions = {},
): Scanned {
  const n = init.length;
  const { checkpointEvery, swapMemory = false, backProp = true } = memory;
  checkMemory(name, memory);
  const turn = (
    carry: readonly Edge[],
    sequences: readonly Edge[],
    limit: Tensor | undefined,
    how: Partial<LoopAttrs>,
  ): Node<LoopAttrs> => {
    const params = [
      ...init.map((t, i) => ({ spec: t.spec, name: names?.[i] ?? `carry_${i}` })),
      ...sequences.map((x, i) => ({ spec: rowSpec(x.spec), name: `row_${i}` })),
    ];
    const traced = trace(defaultGraph(), params, (args) => {
      const ts = asTensors(args);
      const next = f(ts.slice(0, n), ts.slice(n));
      if (next.carry.length !== n)
        refuse(
          name,
          `the body returned a carry of ${next.carry.length} tensors, expected ${n}. Return one for each.`,
          init,
        );
      return [...next.carry, ...next.ys];
    });
    const captures = [...traced.captures.keys()];
    return loop(
      {
        body: close(traced, captures),
        cond: null,
        consts: captures.length,
        carry: n,
        counted: limit !== undefined,
        reverse,
        saved: [],
        widens: null,
        names: names ?? init.map((t) => t.name),
        ...how,
      },
      [...captures, ...carry, ...sequences, ...(limit === undefined ? [] : [limit])],
    );
  };
  const ends = (ts: readonly Tensor[]): readonly Tensor[] => (backProp ? ts : ts.map((t) => stopGradient(t)));
  return defaultGraph().names.within(name, () => {
    if (checkpointEvery === undefined) {
      const node = turn(init, xs, length, { swapMemory });
      const ys = node.outputs.slice(n, -1).flatMap((y) => (y.kind === 'list' ? [backProp ? y : stoppedList(y)] : []));
      return {
        carry: ends(asTensors(node.outputs.slice(0, n))),
        ys,
        trips: tripsOf(node),
        stacked: (rows) => ys.map((y, i) => listStack(y, rows, elementShapeOf(y, like.at(i)))),
      };
    }
    const { carry, ys, trips } = sequenceSegments({
      init,
      xs,
      names: names ?? init.map((t) => t.name),
      length,
      reverse,
      every: checkpointEvery,
      swapMemory,
      like,
      segment: (now, rows, count) => turn(now, rows, count, { recomputed: true }),
    });
    const tensors = ends(ys);
    return {
      carry: ends(carry),
      ys: tensors.map((y) => listUnstack(y, trips)),
      trips,
      stacked: (rows) => tensors.map((y) => firstRows(y, rows)),
    };
  });
}

const stoppedList = (l: List): List => {
  const [out] = apply(control.stopGradient, [l], {}).outputs;
  return out.kind === 'list' ? out : l;
};
