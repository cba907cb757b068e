import * as tl from 'tensorloom';

const nInputs = 5;
const nSteps = 20;
const nNeurons = 100;

/** A cell whose steps are placed on a device. Any object with these four members is a cell. */
export class DeviceCellWrapper implements tl.rnn.Cell<tl.Tensor> {
  readonly stateSize: tl.rnn.StateSize;
  readonly outputSize: tl.rnn.Cell['outputSize'];

  constructor(
    private readonly device: string,
    private readonly cell: tl.rnn.Cell<tl.Tensor>,
  ) {
    this.stateSize = cell.stateSize;
    this.outputSize = cell.outputSize;
  }

  zeroState(batchSize: tl.TensorLike, dtype: tl.DType): tl.Tensor {
    return tl.device(this.device, () => this.cell.zeroState(batchSize, dtype));
  }

  call(input: tl.Tensor, state: tl.Tensor): readonly [tl.Tensor, tl.Tensor] {
    return tl.device(this.device, () => this.cell.call(input, state));
  }
}

/** Layers placed on devices. Placement is a wish: a session has one backend today, which runs them all. */
export async function run(options?: tl.SessionOptions) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);

  const devices = ['/cpu:0', '/gpu:0', '/gpu:1'];
  const cells = devices.map((device) => new DeviceCellWrapper(device, new tl.rnn.BasicRNNCell(nNeurons)));
  const multiLayerCell = new tl.rnn.MultiRNNCell(cells);

  const X = tl.placeholder('float32', [null, nSteps, nInputs]);
  const [outputs] = tl.rnn.dynamicRnn(multiLayerCell, X, { dtype: 'float32' });

  const init = tl.globalVariablesInitializer();

  const XBatch = tl.randomUniform([2, nSteps, nInputs], { seed: 42 });

  await using sess = new tl.Session(options);
  await sess.run(init);
  return await sess.run({ outputs }, [[X, await sess.run(XBatch)]]);
}
