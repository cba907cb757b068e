import {
  type Initializer,
  type Tensor,
  type TensorLike,
  type Variable,
  add,
  cast,
  constantInitializer,
  div,
  exp,
  getVariable,
  less,
  mod,
  mul,
  randomUniform,
  sigmoid,
  split,
  stopGradient,
  sub,
  tanh,
  variableScope,
  where,
} from '@tensorloom/graph';
import { type CellOptions, ScopedCell, checkUnits, inputDepth } from '../cell.js';
import { type Layer, linear } from '../linear.js';
import { type LSTMState, partsOf } from './lstm-state.js';

/** Options of a `PhasedLSTMCell`. */
export interface PhasedLSTMCellOptions extends CellOptions {
  /** Whether the gates see the memory; default false. */
  readonly usePeepholes?: boolean;
  /** What goes through a closed gate, between 0 and 1; default .001. */
  readonly leak?: TensorLike;
  /** The part of a period in which the gate is open, between 0 and 1; default .1. */
  readonly ratioOn?: number;
  /** Whether optimizers change that part; default true. */
  readonly trainableRatioOn?: boolean;
  /** The shortest period that a unit begins with; default 1. */
  readonly periodInitMin?: number;
  /** The longest; default 1000. */
  readonly periodInitMax?: number;
}

interface Variables {
  readonly mask: Layer;
  readonly input: Layer;
  readonly output: Layer;
  readonly period: Variable;
  readonly phase: Variable;
  readonly ratioOn: Variable;
}

/** Numbers whose logarithms are uniform between those of the bounds. */
const logUniform =
  (min: number, max: number): Initializer =>
  (shape, dtype) =>
    exp(randomUniform(shape, { minval: Math.log(min), maxval: Math.log(max), dtype }));

/** The rest of x / y, whose gradient goes to x. */
const cycled = (x: Tensor, y: Tensor): Tensor => add(stopGradient(sub(mod(x, y), x)), x);

/**
 * The LSTM with a gate for time (Neil, Pfeiffer and Liu 2016): its input is the pair of times [batch, 1], float32 or float64, and features [batch,
 * depth]. Of a step's c~ and h~, an LSTM's, with k for how far the gate is open at that time, c' = k c~ + (1 - k) c, h' = k h~ + (1 - k) h, its
 * output h'. Each unit's gate opens and closes in the first `ratioOn` of its `period`, shifted by its `phase`. Variables `mask_gates`, `new_input` and
 * `output_gate`, each `kernel` and `bias`, and `period`, `phase`, `ratio_on` [units]. TensorFlow: `tf.contrib.rnn.PhasedLSTMCell`.
 */
export class PhasedLSTMCell extends ScopedCell<LSTMState, Variables, readonly [times: Tensor, features: Tensor]> {
  readonly stateSize: Readonly<Record<'c' | 'h', number>>;
  readonly outputSize: number;
  readonly #options: PhasedLSTMCellOptions;

  constructor(numUnits: number, options: PhasedLSTMCellOptions = {}) {
    super('phased_lstm_cell', options);
    checkUnits('PhasedLSTMCell', numUnits);
    this.stateSize = { c: numUnits, h: numUnits };
    this.outputSize = numUnits;
    this.#options = options;
  }

  protected override build([, x]: readonly [Tensor, Tensor]): Variables {
    const { dtype } = x;
    const { usePeepholes = false, ratioOn = 0.1, trainableRatioOn: trainable = true } = this.#options;
    const { periodInitMin = 1, periodInitMax = 1000 } = this.#options;
    const n = this.outputSize;
    const depth = inputDepth('PhasedLSTMCell', x) + n;
    const seeing = usePeepholes ? depth + n : depth;
    const layer = (scope: string, of: number, units: number): Layer =>
      variableScope(scope, () => linear(of, units, dtype));
    const mask = layer('mask_gates', seeing, 2 * n);
    const input = layer('new_input', depth, n);
    const output = layer('output_gate', seeing, n);
    const period = getVariable('period', [n], { dtype, initializer: logUniform(periodInitMin, periodInitMax) });
    const upToPeriod: Initializer = (shape) => mul(randomUniform(shape, { dtype }), period.initialValue);
    const phase = getVariable('phase', [n], { dtype, initializer: upToPeriod });
    const initializer = constantInitializer(ratioOn);
    return {
      mask,
      input,
      output,
      period,
      phase,
      ratioOn: getVariable('ratio_on', [n], { dtype, initializer, trainable }),
    };
  }

  protected override step(
    [times, x]: readonly [Tensor, Tensor],
    state: LSTMState,
    variables: Variables,
  ): readonly [Tensor, LSTMState] {
    const { c, h } = partsOf('PhasedLSTMCell', state);
    const { usePeepholes = false } = this.#options;
    const [i, f] = split(sigmoid(variables.mask(x, h, ...(usePeepholes ? [c] : []))), 2, { axis: 1 });
    const memory = add(mul(c, f), mul(i, tanh(variables.input(x, h))));
    const o = sigmoid(variables.output(x, h, ...(usePeepholes ? [memory] : [])));
    const k = this.#openness(times, variables, x.dtype);
    const through = (fresh: Tensor, old: Tensor): Tensor => add(mul(k, fresh), mul(sub(1, k), old));
    const [nextC, nextH] = [through(memory, c), through(mul(tanh(memory), o), h)];
    return [nextH, { c: nextC, h: nextH }];
  }

  /** How far each unit's gate is open, [batch, units]: it opens in the first half of its time and closes in the second. */
  #openness(times: Tensor, { period, phase, ratioOn }: Variables, dtype: Tensor['dtype']): Tensor {
    // In the dtype of the times, as they may be large.
    const [shift, length] = [phase, period].map((v) => cast(v, times.dtype));
    const cycle = cast(div(cycled(sub(times, shift), length), length), dtype);
    const up = div(mul(cycle, 2), ratioOn);
    const closed = mul(cycle, this.#options.leak ?? 0.001);
    return where(less(cycle, mul(ratioOn, 0.5)), up, where(less(cycle, ratioOn), sub(2, up), closed));
  }
}
