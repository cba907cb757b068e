import type { Tensor } from '@tensorloom/graph';

/** A function on tensors that follows a layer's sum. */
export type Activation = (x: Tensor) => Tensor;
