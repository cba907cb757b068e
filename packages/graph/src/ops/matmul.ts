import { apply1 } from '../context.js';
import { makeOp, tensorInput } from '../op.js';
import { broadcastShapes, compatible, mergeShapes, showShape } from '../shape.js';
import { isFloating } from '../dtype.js';
import { type TensorSpec, showSpec, tensorSpec } from '../spec.js';
import type { Tensor } from '../tensor.js';
import { type TensorLike, toTensors } from './convert.js';
import type { Named } from './elementwise.js';

/** Which operands of a matrix product are read transposed. */
export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const showTransposes = ({ transposeA, transposeB }: MatmulAttrs): string =>
  [transposeA && 'transposeA', transposeB && 'transposeB'].filter(Boolean).join(' ');

/** The type of the product of two matrices. */
function inferProduct(
  op: string,
  [a, b]: readonly TensorSpec[],
  { transposeA, transposeB }: MatmulAttrs,
): [TensorSpec] {
  if (a.dtype !== b.dtype || a.dtype === 'bool')
    throw new TypeError(
      `${op}: expected two numeric operands of one dtype, got ${a.dtype} and ${b.dtype}. Use cast().`,
    );
  for (const s of [a, b]) {
    if (!compatible(s.shape, [null, null]))
      throw new TypeError(`${op}: expected two matrices, got ${showSpec(a)} and ${showSpec(b)}. Reshape to rank 2.`);
  }
  const [m, k] = transposeA ? [a.shape?.[1], a.shape?.[0]] : [a.shape?.[0], a.shape?.[1]];
  const [l, n] = transposeB ? [b.shape?.[1], b.shape?.[0]] : [b.shape?.[0], b.shape?.[1]];
  if (k != null && l != null && k !== l) {
    throw new TypeError(
      `${op}: inner dimensions differ: ${showShape(a.shape)}${transposeA ? ' transposed' : ''} has ${k} columns, ${showShape(b.shape)}${transposeB ? ' transposed' : ''} has ${l} rows. Make them equal, or transpose an operand.`,
    );
  }
  return [tensorSpec(a.dtype, [m ?? null, n ?? null])];
}

/** The family of products. */
export const matrix = {
  matmul: makeOp<MatmulAttrs>({
    name: 'MatMul',
    infer: (inputs, attrs) =>
      inferProduct(
        'MatMul',
        inputs.map((i) => tensorInput('MatMul', i)),
        attrs,
      ),
    show: showTransposes,
  }),
  /** The products of the matrices in the last two axes; the axes before them broadcast. */
  batchMatmul: makeOp<MatmulAttrs>({
    name: 'BatchMatMulV2',
    infer(inputs, attrs) {
      const [a, b] = inputs.map((i) => tensorInput('BatchMatMulV2', i));
      const matrices = [a, b].map((s) => tensorSpec(s.dtype, s.shape?.slice(-2)));
      for (const s of [a, b]) {
        if (s.shape !== undefined && s.shape.length < 2)
          throw new TypeError(
            `BatchMatMulV2: expected operands of rank 2 or more, got ${showSpec(a)} and ${showSpec(b)}. Add axes with expandDims().`,
          );
      }
      const [product] = inferProduct('BatchMatMulV2', matrices, attrs);
      const batch = broadcastShapes(a.shape?.slice(0, -2), b.shape?.slice(0, -2));
      if (batch === null) {
        throw new TypeError(
          `BatchMatMulV2: the axes before the matrices of ${showSpec(a)} and ${showSpec(b)} do not broadcast. From the last one backwards, lengths must be equal or 1.`,
        );
      }
      return [tensorSpec(a.dtype, batch && product.shape && [...batch, ...product.shape])];
    },
    show: showTransposes,
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
  /** (x[m, n], m >= n): the columns made orthonormal, from the first on: the Q of x = QR with R's diagonal positive. */
  orthonormalize: makeOp({
    name: 'Orthonormalize',
    infer([x]) {
      const { dtype, shape } = tensorInput('Orthonormalize', x);
      const [m, n] = shape ?? [null, null];
      if (!isFloating(dtype) || !compatible(shape, [null, null]) || (m ?? Infinity) < (n ?? 0)) {
        throw new TypeError(
          `Orthonormalize: expected a floating matrix with no more columns than rows, got ${showSpec(x.spec)}. Transpose it.`,
        );
      }
      return [tensorSpec(dtype, shape)];
    },
  }),
};

/**
 * Matrix product, each operand read transposed on request; of tensors of higher rank, of the matrices in their last two axes, the axes
 * before broadcasting. Throws when inner dimensions differ. TensorFlow: `tf.matmul`.
 */
export function matmul(
  a: TensorLike,
  b: TensorLike,
  { transposeA = false, transposeB = false, name }: Partial<MatmulAttrs> & Named = {},
): Tensor {
  const operands = toTensors('MatMul', [a, b]);
  const op = operands.some(({ shape }) => (shape?.length ?? 0) > 2) ? matrix.batchMatmul : matrix.matmul;
  return apply1(op, operands, { transposeA, transposeB }, name);
}

/** x + bias, the bias running along the last axis. TensorFlow: `tf.nn.bias_add`. */
export const biasAdd = (x: TensorLike, bias: TensorLike, { name }: Named = {}): Tensor =>
  apply1(matrix.biasAdd, toTensors('BiasAdd', [x, bias]), {}, name);

/** The functions of this file that are methods of tensors. */
export const matrixMethods = { matmul, biasAdd };
