import { itemOf } from '../host/host-scalar.js';
import type { CondStep } from '../lower/program.js';
import type { BoundProgram } from './bound-program.js';
import { type Action, begin } from './machine.js';
import { type Registers, fill, hostAt, valueAt } from './registers.js';
import type { ListValue, Value } from './values.js';

/** Runs the branch that the predicate chooses. What the other one saves is a list without elements. */
export function branchAction(
  step: CondStep,
  then: BoundProgram,
  otherwise: BoundProgram,
  registers: Registers,
): Action {
  const savedThen = then.program.results.length - step.results;
  const dtypes = [then, otherwise].flatMap(({ program: { results, slots } }) =>
    results.slice(step.results).map((r) => slots[r.slot].spec.dtype),
  );
  const outputs = (taken: boolean, out: readonly Value[]): Value[] => {
    const own = out.slice(step.results);
    const lists = dtypes.map((dtype, i): ListValue => {
      const item = taken === i < savedThen ? own.at(taken ? i : i - savedThen) : undefined;
      return { dtype, items: item === undefined ? [] : [item], refs: 1 };
    });
    return [...out.slice(0, step.results), ...lists];
  };
  return () => {
    const taken = itemOf(hostAt(registers, step.pred)) !== 0;
    const captures = step.captures.map((s) => valueAt(registers, s));
    return begin((taken ? then : otherwise).run(captures), (out) => fill(registers, step.outputs, outputs(taken, out)));
  };
}
