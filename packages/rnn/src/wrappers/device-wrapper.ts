import { type DType, type Tensor, type TensorLike, device, nameScope } from '@tensorloom/graph';
import type { Cell, CellState, StateSize } from '../cell.js';
import type { Size } from '../tensor-shape.js';

/** A cell whose steps and zero state are placed on a device; see `device`. Adds no scope. TensorFlow: `tf.nn.rnn_cell.DeviceWrapper`. */
export class DeviceWrapper<S extends CellState> implements Cell<S> {
  readonly stateSize: StateSize;
  readonly outputSize: Size;

  constructor(
    readonly cell: Cell<S>,
    readonly device: string,
  ) {
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
  }

  zeroState(batchSize: TensorLike, dtype: DType): S {
    return nameScope('DeviceWrapperZeroState', () => device(this.device, () => this.cell.zeroState(batchSize, dtype)));
  }

  call(input: Tensor, state: S): readonly [Tensor, S] {
    return device(this.device, () => this.cell.call(input, state));
  }
}
