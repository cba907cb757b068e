import {
  type DType,
  GraphError,
  type TensorLike,
  cast,
  compatible,
  explain,
  showSpec,
  sub,
  toTensor,
} from '@tensorloom/graph';

/**
 * A hyperparameter beside tensors of `dtype`: a number stays one, a tensor (a schedule, a placeholder to feed) is cast. Throws a
 * `GraphError` unless it is a scalar.
 */
export function hyperparameter(x: TensorLike, dtype: DType, name: string): TensorLike {
  if (typeof x === 'number') return x;
  const t = toTensor(x, undefined, name);
  if (!compatible(t.shape, [])) {
    throw new GraphError(
      explain(
        `${name}: expected a scalar, got ${showSpec(t.spec)}. Pass a number or a tensor of shape [].`,
        t.op.toString(),
        t.op.location,
      ),
    );
  }
  return cast(t, dtype);
}

/** 1 - x for what `hyperparameter` gave, in the arithmetic of `dtype`: TensorFlow subtracts what float32 has made of 0.999. */
export const complement = (x: TensorLike, dtype: DType): TensorLike =>
  typeof x === 'number' ? 1 - (dtype === 'float32' ? Math.fround(x) : x) : sub(1, x);
