import { type ShapeLike, type Tensor, type TensorLike, cond, identity, toTensor } from '@tensorloom/graph';
import { dropout as drop } from '../dropout.js';

/** Options of the dropout layer. */
export interface DropoutLayerOptions {
  /** The part that is dropped, in [0, 1); default 0.5. */
  readonly rate?: TensorLike;
  /** Shape of the mask, as for `nn.dropout`; default: that of the inputs. */
  readonly noiseShape?: ShapeLike;
  /** Op seed. */
  readonly seed?: number;
  /** Whether to drop at all: a boolean, or a bool scalar such as a placeholder; default false. */
  readonly training?: TensorLike;
  readonly name?: string;
}

/**
 * Dropout while training, the inputs themselves otherwise, when no random numbers are drawn. TensorFlow: `tf.layers.dropout`.
 */
export function dropout(inputs: TensorLike, options: DropoutLayerOptions = {}): Tensor {
  const { rate = 0.5, training = false, noiseShape, seed, name = 'dropout' } = options;
  const x = toTensor(inputs, undefined, 'dropout');
  const dropped = (): Tensor =>
    drop(x, { rate, name, ...(noiseShape !== undefined && { noiseShape }), ...(seed !== undefined && { seed }) });
  if (training === true) return dropped();
  return training === false ? x : cond(training, dropped, () => identity(x), { name: `${name}/cond` });
}
