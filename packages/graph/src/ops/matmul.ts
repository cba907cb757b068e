import { apply1 } from '../context.js';
import { makeOp, tensorInput } from '../op.js';
import { compatible, mergeShapes, showShape } from '../shape.js';
import { isFloating } from '../dtype.js';
import { showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensors } from './convert.js';
import type { Named } from './elementwise.js';

/** Which operands of a matrix product are read transposed. */
export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The family of products. */
export const matrix = {
  matmul: makeOp<MatmulAttrs>({
    name: 'MatMul',
    infer(inputs, { transposeA, transposeB }) {
      const [a, b] = inputs.map((i) => tensorInput('MatMul', i));
      if (a.dtype !== b.dtype || a.dtype === 'bool')
        throw new TypeError(
          `MatMul: expected two numeric operands of one dtype, got ${a.dtype} and ${b.dtype}. Use cast().`,
        );
      for (const s of [a, b]) {
        if (!compatible(s.shape, [null, null]))
          throw new TypeError(
            `MatMul: expected two matrices, got ${showSpec(a)} and ${showSpec(b)}. Reshape to rank 2.`,
          );
      }
      const [m, k] = transposeA ? [a.shape?.[1], a.shape?.[0]] : [a.shape?.[0], a.shape?.[1]];
      const [l, n] = transposeB ? [b.shape?.[1], b.shape?.[0]] : [b.shape?.[0], b.shape?.[1]];
      if (k != null && l != null && k !== l) {
        throw new TypeError(
          `MatMul: inner dimensions differ: ${showShape(a.shape)}${transposeA ? ' transposed' : ''} has ${k} columns, ${showShape(b.shape)}${transposeB ? ' transposed' : ''} has ${l} rows. Make them equal, or transpose an operand.`,
        );
      }
      return [tensorSpec(a.dtype, [m ?? null, n ?? null])];
    },
    show: ({ transposeA, transposeB }) =>
      [transposeA && 'transposeA', transposeB && 'transposeB'].filter(Boolean).join(' '),
  }),
  /** (x, bias[n]): adds a bias along the last axis. */
  biasAdd: makeOp({
    name: 'BiasAdd',
    infer(inputs) {
      const [x, b] = inputs.map((i) => tensorInput('BiasAdd', i));
      if (x.dtype !== b.dtype || !isFloating(x.dtype))
        throw new TypeError(
          `BiasAdd: expected floating operands of one dtype, got ${x.dtype} and ${b.dtype}. Use cast().`,
        );
      if (x.shape?.length === 0) {
        throw new TypeError(`BiasAdd: expected operands of rank 1 or more, got ${showSpec(x)}. Use add().`);
      }
      const last = mergeShapes(x.shape?.slice(-1) ?? [null], b.shape);
      if (last === null) {
        throw new TypeError(
          `BiasAdd: expected a bias of shape ${showShape(x.shape?.slice(-1) ?? [null])} for ${showSpec(x)}, got ${showShape(b.shape)}. Make it as long as the last axis.`,
        );
      }
      return [tensorSpec(x.dtype, x.shape && [...x.shape.slice(0, -1), ...(last ?? [null])])];
    },
  }),
};

/** Matrix product of two matrices, each read transposed on request. Throws when inner dimensions differ. TensorFlow: `tf.matmul`. */
export function matmul(
  a: TensorLike,
  b: TensorLike,
  { transposeA = false, transposeB = false, name }: Partial<MatmulAttrs> & Named = {},
): Tensor {
  return apply1(matrix.matmul, toTensors('MatMul', [a, b]), { transposeA, transposeB }, name);
}

/** x + bias, the bias running along the last axis. TensorFlow: `tf.nn.bias_add`. */
export const biasAdd = (x: TensorLike, bias: TensorLike, { name }: Named = {}): Tensor =>
  apply1(matrix.biasAdd, toTensors('BiasAdd', [x, bias]), {}, name);

/** The functions of this file that are methods of tensors. */
export const matrixMethods = { matmul, biasAdd };
