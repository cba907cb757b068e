import { refuse } from '../node.js';
import { nameScope } from '../scopes.js';
import type { Tensor } from '../tensor.js';
import { rankOf } from './axis.js';
import { type TensorLike, toTensors } from './convert.js';
import { grouped, indices, lengths } from './grouping.js';
import { concat } from './join.js';
import { matmul } from './matmul.js';
import { reduceSum } from './reduce.js';
import { expandDims, reshape, transpose } from './shape.js';

/** A tensor whose axes have letters. */
interface Labelled {
  readonly tensor: Tensor;
  readonly labels: readonly string[];
}

/**
 * Sums of products in index notation: `einsum('bij,bjk->bik', a, b)` multiplies matrices for each b. Letters that the result leaves out
 * are summed over; without `->` the result has, in alphabetical order, the letters that occur once. A letter may not occur twice in
 * one operand. TensorFlow: `tf.einsum`.
 */
export function einsum(equation: string, ...operands: readonly TensorLike[]): Tensor {
  const wrong = (message: string): never => refuse('Einsum', `${message} in '${equation}'.`);
  const [left, right] = equation.replaceAll(' ', '').split('->');
  const inputs = left.split(',').map((part) => Array.from(part));
  if (!/^[A-Za-z,]*$/.test(left) || !/^[A-Za-z]*$/.test(right ?? '')) {
    return wrong('expected letters, commas and one arrow, and no ellipsis,');
  }
  if (inputs.length !== operands.length) return wrong(`expected ${inputs.length} operands, got ${operands.length},`);
  const counts = (label: string): number => left.split(label).length - 1;
  const letters = inputs.flat();
  const output = right === undefined ? letters.filter((l) => counts(l) === 1).sort() : Array.from(right);
  const repeated = [...inputs, output].find((labels) => new Set(labels).size < labels.length);
  if (repeated !== undefined)
    return wrong(`a letter occurs twice in '${repeated.join('')}', expected each axis to have its own`);
  const unknown = output.find((l) => !letters.includes(l));
  if (unknown !== undefined) return wrong(`the result has '${unknown}', which no operand has,`);
  return nameScope('einsum', () => {
    const tensors = toTensors('Einsum', operands).map((tensor, i): Labelled => {
      const rank = rankOf('Einsum', tensor);
      if (rank !== inputs[i].length)
        wrong(`operand ${i} has ${rank} axes, expected ${inputs[i].length} for '${inputs[i].join('')}'`);
      return { tensor, labels: inputs[i] };
    });
    const rest = (k: number): string[] => [...output, ...inputs.slice(k).flat()];
    const result = tensors.slice(1).reduce((a, b, i) => multiply(a, b, rest(i + 2)), summed(tensors[0], rest(1)));
    return ordered(summed(result, output), output);
  });
}

/** Without the axes that nothing else needs. */
function summed({ tensor, labels }: Labelled, needed: readonly string[]): Labelled {
  const axes = labels.flatMap((l, i) => (needed.includes(l) ? [] : [i]));
  if (axes.length === 0) return { tensor, labels };
  return { tensor: reduceSum(tensor, axes), labels: labels.filter((l) => needed.includes(l)) };
}

/** The product of two operands, summed over the letters that only they have: a batched product of matrices. */
function multiply(first: Labelled, second: Labelled, needed: readonly string[]): Labelled {
  const a = summed(first, [...needed, ...second.labels]);
  const b = summed(second, [...needed, ...a.labels]);
  const common = a.labels.filter((l) => b.labels.includes(l));
  const batch = common.filter((l) => needed.includes(l));
  const over = common.filter((l) => !needed.includes(l));
  const freeA = a.labels.filter((l) => !common.includes(l));
  const freeB = b.labels.filter((l) => !common.includes(l));
  const at = ({ labels }: Labelled, letters: readonly string[]): number[] => letters.map((l) => labels.indexOf(l));
  const x = grouped(a.tensor, [at(a, batch), at(a, freeA), at(a, over)]);
  const y = grouped(b.tensor, [at(b, batch), at(b, over), at(b, freeB)]);
  const product =
    batch.length === 0 ? expandDims(matmul(reshape(x, tailOf(x)), reshape(y, tailOf(y))), 0) : matmul(x, y);
  const dims = concat(
    [lengths(a.tensor, at(a, batch)), lengths(a.tensor, at(a, freeA)), lengths(b.tensor, at(b, freeB))],
    0,
  );
  return { tensor: reshape(product, dims), labels: [...batch, ...freeA, ...freeB] };
}

/** The shape without its first axis. */
const tailOf = (x: Tensor): Tensor => lengths(x, indices(rankOf('Einsum', x)).slice(1));

/** Axes in the order of `output`. */
function ordered({ tensor, labels }: Labelled, output: readonly string[]): Tensor {
  const perm = output.map((l) => labels.indexOf(l));
  return perm.every((p, i) => p === i) ? tensor : transpose(tensor, perm);
}
