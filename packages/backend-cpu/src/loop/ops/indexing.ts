import { type AttrsOf, type Op, alongAxis, indexing, sizeOf } from '@tensorloom/graph';
import { elementSize } from '../../element-size.js';
import type { Planner } from '../planner.js';
import { type KernelName, Unsupported, int, rows } from '../program.js';
import { type LoopOp, type Step, capital, entry, unlessFirst } from './loop-op.js';

const choice = (op: Op<AttrsOf<typeof alongAxis.argMax>>, name: 'argMax' | 'argMin'): [Op, LoopOp] =>
  entry(
    op,
    unlessFirst(({ attrs: { axis } }) => axis === 0),
    ({ inputs: [x], outputs: [y], attrs: { axis } }, planner) => {
      const { dtype, shape } = planner.type(x);
      if (dtype === 'bool') throw new Unsupported(name);
      const isBatched = planner.isBatched(y);
      const from = planner.dense(x);
      const to = planner.denseTarget(y);
      planner.call(
        `${name}${capital(dtype)}` as KernelName,
        planner.address(from, isBatched),
        planner.address(to, isBatched),
        isBatched ? rows(sizeOf(shape.slice(1, axis))) : int(sizeOf(shape.slice(0, axis))),
        int(shape[axis]),
        int(sizeOf(shape.slice(axis + 1))),
      );
    },
  );

/** Parts of the first input, at the indices that are the second. */
function gathered(step: Step<AttrsOf<typeof indexing.gather>>, planner: Planner): void {
  const {
    inputs: [x, indices],
    outputs: [y],
    attrs: { axis },
  } = step;
  const { dtype, shape } = planner.type(x);
  const isBatched = planner.isBatched(y);
  const at = planner.type(indices).shape;
  const [from, chosen] = [planner.dense(x), planner.dense(indices)];
  const to = planner.denseTarget(y);
  const [fromRows, atRows] = [planner.isBatched(x), planner.isBatched(indices)];
  planner.call(
    'gatherParts',
    planner.address(from, fromRows),
    planner.address(chosen, atRows),
    planner.address(to, isBatched),
    fromRows ? rows(sizeOf(shape.slice(1, axis))) : int(sizeOf(shape.slice(0, axis))),
    int(shape[axis]),
    atRows ? rows(sizeOf(at.slice(1))) : int(sizeOf(at)),
    int(sizeOf(shape.slice(axis + 1)) * elementSize(dtype)),
  );
}

/** Ops that give or take indices. */
export const indexingOps: readonly [Op, LoopOp][] = [
  choice(alongAxis.argMax, 'argMax'),
  choice(alongAxis.argMin, 'argMin'),
  entry(
    indexing.gather,
    ({ inputs: [x, indices], attrs: { axis } }, values, batched) => {
      if (batched.has(x)) return axis === 0 || batched.has(indices) ? null : true;
      // Rows of an index of more axes are rows of the result, too.
      return batched.has(indices) ? (axis === 0 ? true : null) : false;
    },
    gathered,
  ),
];
