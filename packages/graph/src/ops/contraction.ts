import { refuse } from '../node.js';
import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { axesOf, rankOf } from './axis.js';
import { type TensorLike, toInts, toTensors } from './convert.js';
import type { Named } from './elementwise.js';
import { concat } from './join.js';
import { matmul } from './matmul.js';
import { reduceProd, reduceSum } from './reduce.js';
import { expandDims, reshape, shapeOf, transpose } from './shape.js';
import { gather } from './gather.js';

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The lengths of some axes as an int32 vector. */
const lengths = (x: Tensor, axes: readonly number[]): Tensor => gather(shapeOf(x), toInts([...axes], 'Tensordot'));

/** How many elements some axes have together, as a vector of one. */
const countOf = (x: Tensor, axes: readonly number[]): Tensor => reshape(reduceProd(lengths(x, axes)), [1]);

/** Axes in that order, those of each group flattened into one. */
function grouped(x: Tensor, groups: readonly (readonly number[])[]): Tensor {
  const perm = groups.flat();
  const ordered = perm.every((a, i) => a === i) ? x : transpose(x, perm);
  return reshape(
    ordered,
    concat(
      groups.map((axes) => countOf(x, axes)),
      0,
    ),
  );
}

/**
 * Sums of products over pairs of axes: `axes` is a number n (the last n axes of a with the first n of b), or the axes of a and those of
 * b. The result has the other axes of a, then those of b. TensorFlow: `tf.tensordot`.
 */
export function tensordot(
  a: TensorLike,
  b: TensorLike,
  axes: number | readonly [readonly number[] | number, readonly number[] | number],
  { name = 'Tensordot' }: Named = {},
): Tensor {
  const [x, y] = toTensors('Tensordot', [a, b]);
  const rankX = rankOf('Tensordot', x);
  const [overX, overY] =
    typeof axes === 'number'
      ? [range(axes).map((i) => rankX - axes + i), range(axes)]
      : [[axes[0]].flat(), [axes[1]].flat()];
  const [inX, inY] = [axesOf('Tensordot', x, overX), axesOf('Tensordot', y, overY)];
  if (inX.length !== inY.length) {
    return refuse(
      'Tensordot',
      `${inX.length} axes of a and ${inY.length} of b, expected pairs. Name as many of both.`,
      [x, y],
    );
  }
  const freeX = range(rankX).filter((i) => !inX.includes(i));
  const freeY = range(rankOf('Tensordot', y)).filter((i) => !inY.includes(i));
  return nameScope(name, () => {
    const product = matmul(grouped(x, [freeX, inX]), grouped(y, [inY, freeY]));
    return reshape(product, concat([lengths(x, freeX), lengths(y, freeY)], 0));
  });
}

/** A tensor whose axes have letters. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: string;
}

/**
 * Sums of products in index notation: `einsum('bij,bjk->bik', a, b)` multiplies matrices for each b. Letters that the result leaves out
 * are summed over; without `->` the result has, in alphabetical order, the letters that occur once. A letter may not occur twice in
 * one operand. TensorFlow: `tf.einsum`.
 */
export function einsum(equation: string, ...operands: readonly TensorLike[]): Tensor {
  const wrong = (message: string): never => refuse('Einsum', `${message} in '${equation}'.`);
  const [left, right] = equation.replaceAll(' ', '').split('->');
  const inputs = left.split(',');
  if (!/^[A-Za-z,]*$/.test(left) || !/^[A-Za-z]*$/.test(right ?? '')) {
    return wrong('expected letters, commas and one arrow, and no ellipsis,');
  }
  if (inputs.length !== operands.length) return wrong(`expected ${inputs.length} operands, got ${operands.length},`);
  const counts = (label: string): number => left.split(label).length - 1;
  const output =
    right ??
    [...new Set(left.replaceAll(',', ''))]
      .filter((l) => counts(l) === 1)
      .sort()
      .join('');
  const repeated = [...inputs, output].find((labels) => new Set(labels).size < labels.length);
  if (repeated !== undefined)
    return wrong(`a letter occurs twice in '${repeated}', expected each axis to have its own`);
  const unknown = [...output].find((l) => !left.includes(l));
  if (unknown !== undefined) return wrong(`the result has '${unknown}', which no operand has,`);
  return nameScope('einsum', () => {
    const tensors = toTensors('Einsum', operands).map((tensor, i): Labelled => {
      const rank = rankOf('Einsum', tensor);
      if (rank !== inputs[i].length)
        wrong(`operand ${i} has ${rank} axes, expected ${inputs[i].length} for '${inputs[i]}'`);
      return { tensor, labels: inputs[i] };
    });
    const rest = (k: number): string => output + inputs.slice(k).join('');
    const result = tensors.slice(1).reduce((a, b, i) => multiply(a, b, rest(i + 2)), summed(tensors[0], rest(1)));
    return ordered(summed(result, output), output);
  });
}

/** Without the axes that nothing else needs. */
function summed({ tensor, labels }: Labelled, needed: string): Labelled {
  const axes = [...labels].flatMap((l, i) => (needed.includes(l) ? [] : [i]));
  if (axes.length === 0) return { tensor, labels };
  return { tensor: reduceSum(tensor, axes), labels: [...labels].filter((l) => needed.includes(l)).join('') };
}

/** The product of two operands, summed over the letters that only they have: a batched product of matrices. */
function multiply(first: Labelled, second: Labelled, needed: string): Labelled {
  const a = summed(first, needed + second.labels);
  const b = summed(second, needed + a.labels);
  const common = [...a.labels].filter((l) => b.labels.includes(l));
  const batch = common.filter((l) => needed.includes(l));
  const over = common.filter((l) => !needed.includes(l));
  const freeA = [...a.labels].filter((l) => !common.includes(l));
  const freeB = [...b.labels].filter((l) => !common.includes(l));
  const at = ({ labels }: Labelled, letters: readonly string[]): number[] => letters.map((l) => labels.indexOf(l));
  const x = grouped(a.tensor, [at(a, batch), at(a, freeA), at(a, over)]);
  const y = grouped(b.tensor, [at(b, batch), at(b, over), at(b, freeB)]);
  const product =
    batch.length === 0 ? expandDims(matmul(reshape(x, tailOf(x)), reshape(y, tailOf(y))), 0) : matmul(x, y);
  const dims = concat(
    [lengths(a.tensor, at(a, batch)), lengths(a.tensor, at(a, freeA)), lengths(b.tensor, at(b, freeB))],
    0,
  );
  return { tensor: reshape(product, dims), labels: [...batch, ...freeA, ...freeB].join('') };
}

/** The shape without its first axis. */
const tailOf = (x: Tensor): Tensor => lengths(x, range(rankOf('Einsum', x)).slice(1));

/** Axes in the order of `output`. */
function ordered({ tensor, labels }: Labelled, output: string): Tensor {
  const perm = [...output].map((l) => labels.indexOf(l));
  return perm.every((p, i) => p === i) ? tensor : transpose(tensor, perm);
}

/** The functions of this file that are methods of tensors. */
export const contractionMethods = { tensordot };
