import { apply, apply1 } from '../context.js';
import { isFloating } from '../dtype.js';
import { type Node, refuse } from '../node.js';
import { makeOp, tensorInput } from '../op.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensor } from './convert.js';
import type { Named } from './elementwise.js';

/** Most values that an assertion may show. */
const MOST_SHOWN = 64;

/** Attributes of ops that show values: how many elements of each, `null` for all. */
export interface Showing {
  readonly message: string;
  readonly summarize: number | null;
}

/** Attributes of `print`: `firstN` is how often it prints in all, `null` for always. */
export interface PrintAttrs extends Showing {
  readonly firstN: number | null;
}

/** Ops that look at values while a graph runs. Each counts as an effect, so none is shared with its like. */
export const check = {
  /** (condition, ...data): fails the run when an element of the condition is false. */
  assert: makeOp<Showing>({
    name: 'Assert',
    effect: 'external',
    onHost: true,
    hostInputs: Array.from({ length: MOST_SHOWN + 1 }, (_, i) => i),
    infer([condition]) {
      const { dtype } = tensorInput('Assert', condition);
      if (dtype !== 'bool') throw new TypeError(`Assert: expected a bool condition, got ${dtype}. Compare first.`);
      return [];
    },
  }),
  /** (x) to x: fails the run when x has NaN or an infinity. */
  checkNumerics: makeOp<{ readonly message: string }>({
    name: 'CheckNumerics',
    effect: 'external',
    infer([x]) {
      const spec = tensorInput('CheckNumerics', x);
      if (!isFloating(spec.dtype)) {
        throw new TypeError(
          `CheckNumerics: expected float32 or float64, got ${spec.dtype}, which is always finite. Leave the check out.`,
        );
      }
      return [spec];
    },
    fold: ([x]) => x.value,
  }),
  /** (x, ...data) to x: prints the data. */
  print: makeOp<PrintAttrs>({
    name: 'Print',
    effect: 'external',
    infer([x, ...data]) {
      data.forEach((d) => tensorInput('Print', d));
      return [tensorInput('Print', x)];
    },
    fold: ([x]) => x.value,
  }),
};

/** Options of ops that show values. */
export interface ShowOptions extends Named {
  /** Elements shown of each value; default 3, -1 shows all. */
  readonly summarize?: number;
}

/** Options of `print`. */
export interface PrintOptions extends ShowOptions {
  /** Stands before the values. */
  readonly message?: string;
  /** How often it prints in all; default: each time. */
  readonly firstN?: number;
}

/** The number of elements to show; `null` for all. Throws a `GraphError` in the name of `op` when it is none. */
function shown(op: string, summarize = 3): number | null {
  if (!Number.isInteger(summarize) || summarize < -1) {
    refuse(op, `summarize is ${summarize}, expected a number of elements, or -1 for all. Leave it out to show 3.`);
  }
  return summarize === -1 ? null : summarize;
}

/**
 * An op that fails the run with `message` and the values of `data` (64 at most) unless every element of `condition`, a bool tensor of
 * any shape, is true. It runs when something depends on it: use `controlDependencies`. TensorFlow: `tf.Assert`.
 */
export function assert(
  condition: TensorLike,
  message: string,
  data: readonly TensorLike[] = [],
  { summarize, name }: ShowOptions = {},
): Node {
  const tensors = [condition, ...data].map((x) => toTensor(x, undefined, 'Assert'));
  if (data.length > MOST_SHOWN) {
    refuse(
      'Assert',
      `expected at most ${MOST_SHOWN} values to show, got ${data.length}. Join them with stack().`,
      tensors,
    );
  }
  return apply(check.assert, tensors, { message, summarize: shown('Assert', summarize) }, name);
}

/**
 * `x` (float32 or float64, any shape) itself; running it fails with `message` and what was found when an element is NaN or infinite.
 * Its gradient is checked in the same way. TensorFlow: `tf.check_numerics`.
 */
export const checkNumerics = (x: TensorLike, message: string, { name }: Named = {}): Tensor =>
  apply1(check.checkNumerics, [toTensor(x, undefined, 'CheckNumerics')], { message }, name);

/**
 * `x` itself; running it prints `message` and the values of `data` (default: of `x`) to the error output, as in `loss: [0.5][1 2 3...]`.
 * Its gradient passes through. `firstN` counts per backend. TensorFlow: `tf.Print`.
 */
export function print(
  x: TensorLike,
  data?: readonly TensorLike[],
  { message = '', summarize, firstN, name }: PrintOptions = {},
): Tensor {
  const own = toTensor(x, undefined, 'Print');
  const values = data === undefined ? [own] : data.map((d) => toTensor(d, undefined, 'Print'));
  if (firstN !== undefined && (!Number.isInteger(firstN) || firstN < 0)) {
    refuse('Print', `firstN is ${firstN}, expected how often to print. Leave it out to print each time.`, [own]);
  }
  const attrs = { message, summarize: shown('Print', summarize), firstN: firstN ?? null };
  return apply1(check.print, [own, ...values], attrs, name);
}

/** The functions of this family that take a tensor first, as methods. */
export const checkMethods = { checkNumerics, print };
