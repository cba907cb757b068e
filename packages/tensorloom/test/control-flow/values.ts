import * as tl from 'tensorloom';

/** An int32 constant, as TensorFlow makes of a Python integer. */
export const int = (x: number | readonly number[]): tl.Tensor => tl.constant(x, { dtype: 'int32' });

/** The gradient by one x; a missing one is `null`. */
export const gradient = (ys: tl.Tensor | readonly tl.Tensor[], x: tl.Tensor | tl.Variable): tl.Tensor | null =>
  tl.gradients(ys, x)[0];
