import {
  type Node,
  type Structure,
  type Tensor,
  type TensorLike,
  controlDependencies,
  flatten,
  identity,
  refuse,
} from '@tensorloom/graph';
import { type Cell, flatSizes, flatState, packState } from '../cell.js';
import { type StaticRnnOptions, staticRnn } from './static-rnn.js';

/** What keeps states between runs: variables, a table in a database, whatever. */
export interface StateSaver {
  /** The state of that name, [batch, size]. */
  state(name: string): Tensor;
  /** The op that saves a state under a name. */
  saveState(name: string, value: Tensor): Tensor | Node;
}

/** A name, or names in the structure of a state. */
export type StateNames = string | readonly StateNames[] | { readonly [key: string]: StateNames };

/**
 * `staticRnn` whose state is read from a saver before the first step and saved after the last: returns the outputs and the final state,
 * and fetching the last output, or the state, saves it. `stateName` names the parts of the state, in its structure. Throws when
 * there are more or fewer names than parts. TensorFlow: `tf.nn.static_state_saving_rnn`.
 */
export function staticStateSavingRnn<S extends Structure>(
  cell: Cell<S>,
  inputs: readonly TensorLike[],
  stateSaver: StateSaver,
  stateName: StateNames,
  options: Omit<StaticRnnOptions<S>, 'initialState' | 'dtype'> = {},
): [Tensor[], S] {
  const names = flatten(stateName, (x): x is string => typeof x === 'string', 'staticStateSavingRnn: stateName');
  const sizes = flatSizes(cell.stateSize);
  if (names.length !== sizes.length) {
    return refuse(
      'staticStateSavingRnn',
      `expected a name for each of the ${sizes.length} parts of the cell's state, got ${names.length}. Give stateName the state's structure.`,
    );
  }
  const saved = names.map((name) => stateSaver.state(name));
  const [first] = saved;
  const like = cell.zeroState(1, first.dtype);
  const [outputs, state] = staticRnn(cell, inputs, { ...options, initialState: packState(like, saved) });
  const saves = flatState(state).map((s, i) => stateSaver.saveState(names[i], s));
  return controlDependencies(saves, () => [
    [...outputs.slice(0, -1), identity(outputs[outputs.length - 1])],
    packState(
      state,
      flatState(state).map((s) => identity(s)),
    ),
  ]);
}
