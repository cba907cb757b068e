import { type Family, type Op, elementwise, matrix, mixed } from '@tensorloom/graph';
import { definitions } from '../../emit/definitions.js';
import { add, cast, select } from '../../emit/expression.js';
import { Unsupported } from '../program.js';
import { type LoopOp, entry, rowByRow } from './loop-op.js';

/** Ops that may have no result for some int32 operands, which a loop could not report. */
const checked: ReadonlySet<Op> = new Set([elementwise.floorDiv, elementwise.floorMod, elementwise.pow]);
const family: Family = elementwise;

const elementwiseEntries = Object.entries(definitions).map(([key, define]): [Op, LoopOp] => {
  const op = family[key];
  return [
    op,
    {
      rows: rowByRow,
      plan: (step, planner) => {
        if (checked.has(op) && planner.type(step.inputs[0]).dtype === 'int32') throw new Unsupported(op.name);
        planner.elementwise(step, define);
      },
    },
  ];
});

/** Ops that compute each element from those in the same place. */
export const elementwiseOps: readonly [Op, LoopOp][] = [
  ...elementwiseEntries,
  entry(mixed.select, rowByRow, (step, planner) => planner.elementwise(step, select)),
  entry(mixed.cast, rowByRow, (step, planner) => planner.elementwise(step, (x) => cast(x, step.attrs.to))),
  entry(matrix.biasAdd, rowByRow, (step, planner) => planner.elementwise(step, add)),
];
