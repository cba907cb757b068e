import { sizeOf } from '@tensorloom/graph';

/** How an array is read for the elements of a result: where the first lies, and how far apart the next ones are along each axis. */
export interface View {
  readonly offset: number;
  readonly strides: readonly number[];
}

/** Kernel text that finds elements in arrays: statements, an index into each array, and the integers that occur in them. */
export interface Access {
  readonly body: string;
  readonly at: readonly string[];
  readonly integers: Readonly<Record<string, number>>;
}

/** For each axis of a row-major array, how many elements lie between neighbours. */
export function rowMajor(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/** A row-major array of shape `from` as if it had been broadcast to `to`. */
export function broadcastView(from: readonly number[], to: readonly number[]): View {
  const strides = rowMajor(from);
  const added = to.length - from.length;
  return { offset: 0, strides: to.map((_, i) => (i < added || from[i - added] === 1 ? 0 : strides[i - added])) };
}

/** Axes of a result that are next to each other in every array are one axis; those of length 1 are none. */
interface Axis {
  readonly length: number;
  readonly strides: readonly number[];
}

function merged(shape: readonly number[], views: readonly View[]): Axis[] {
  const axes: Axis[] = [];
  shape.forEach((length, i) => {
    if (length === 1) return;
    const strides = views.map((v) => v.strides[i]);
    const last = axes[axes.length - 1];
    if (axes.length > 0 && last.strides.every((s, k) => s === strides[k] * length)) {
      axes[axes.length - 1] = { length: last.length * length, strides };
    } else axes.push({ length, strides });
  });
  return axes;
}

/**
 * Text that finds, for element `index` (an expression) of a result of shape `shape`, the elements of the arrays that `views` read.
 * The text depends on the number of axes left when they are merged, and on which arrays repeat along them; lengths and strides
 * are integers under names that begin with `prefix`.
 */
export function access(
  shape: readonly number[],
  views: readonly View[],
  { index = 'this.thread.x', prefix = '' }: { readonly index?: string; readonly prefix?: string } = {},
): Access {
  const axes = merged(shape, views);
  const whole = rowMajor(axes.map((a) => a.length));
  const integers: Record<string, number> = {};
  const at = views.map(({ offset }, v) => {
    if (offset === 0 && axes.every(({ strides }, i) => strides[v] === whole[i])) return index;
    const terms = axes.flatMap(({ strides }, i) => {
      if (strides[v] === 0) return [];
      integers[`${prefix}s${v}${i}`] = strides[v];
      return [`${prefix}i${i} * ${prefix}s${v}${i}`];
    });
    if (offset !== 0) {
      integers[`${prefix}o${v}`] = offset;
      terms.push(`${prefix}o${v}`);
    }
    return terms.length === 0 ? '0' : terms.join(' + ');
  });
  const used = axes.some((_, i) => at.some((a) => a.includes(`${prefix}i${i} `)));
  const split = used ? coordinates(axes, index, prefix) : { body: '', integers: {} };
  return { body: split.body, at, integers: { ...split.integers, ...integers } };
}

/** Text that takes an index apart into one for each axis, `i0`, `i1` and so on, the first axis outermost. */
function coordinates(axes: readonly Axis[], index: string, prefix: string): Omit<Access, 'at'> {
  const integers: Record<string, number> = {};
  let [body, rest] = ['', index];
  for (let i = axes.length - 1; i > 0; i--) {
    integers[`${prefix}n${i}`] = axes[i].length;
    body += `const ${prefix}q${i} = quotient(${rest}, ${prefix}n${i}); `;
    body += `const ${prefix}i${i} = ${rest} - ${prefix}q${i} * ${prefix}n${i}; `;
    rest = `${prefix}q${i}`;
  }
  return { body: `${body}const ${prefix}i0 = ${rest}; `, integers };
}

/** Text that takes the index of an element apart along all axes of `shape`, of which there is at least one: `i0`, `i1` and so on. */
export const coordinatesOf = (shape: readonly number[]): Omit<Access, 'at'> =>
  coordinates(
    shape.map((length) => ({ length, strides: [] })),
    'this.thread.x',
    '',
  );

/** A shape seen from one axis: how many elements before it, along it, and after it. */
export const around = (shape: readonly number[], axis: number): readonly [number, number, number] => [
  sizeOf(shape.slice(0, axis)),
  shape[axis],
  sizeOf(shape.slice(axis + 1)),
];
