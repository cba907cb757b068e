import * as tl from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { cellNames } from '../src/jobs.js';
import { mnistCells } from '../src/mnist-cells.js';

/** What a cell remembers of a batch of two images, and the shapes of its variables. */
async function read(name: (typeof cellNames)[number]) {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const images = tl.constant(
    [0, 1].map((image) => Array.from({ length: 28 }, (_, row) => Array.from({ length: 28 }, () => (image * row) / 28))),
  );
  const features = mnistCells[name](images);
  await using sess = new tl.Session();
  await sess.run(tl.globalVariablesInitializer());
  return {
    features: await sess.run(features),
    variables: tl.globalVariables().map((v) => `${v.name} [${v.shape.join(',')}]`),
    kernels: await sess.run(tl.globalVariables().filter((v) => v.name.endsWith('/kernel:0'))),
  };
}

describe('mnistCells', () => {
  it.each(cellNames)('%s tells images apart', async (name) => {
    const { features } = await read(name);
    expect(features.shape).toEqual([2, name === 'multi' ? 300 : 150]);
    const [black, shaded] = [0, 1].map((image) =>
      Array.from({ length: features.shape[1] }, (_, i) => features.get(image, i)),
    );
    expect(shaded).not.toEqual(black);
  });

  it('lstm-peephole has peepholes', async () => {
    expect((await read('lstm-peephole')).variables).toEqual([
      'rnn/lstm_cell/kernel:0 [178,600]',
      'rnn/lstm_cell/bias:0 [600]',
      'rnn/lstm_cell/w_f_diag:0 [150]',
      'rnn/lstm_cell/w_i_diag:0 [150]',
      'rnn/lstm_cell/w_o_diag:0 [150]',
    ]);
  });

  it('multi: three layers that start from different weights, their states rectified', async () => {
    const { features, variables, kernels } = await read('multi');
    expect(variables).toContain('rnn/multi_rnn_cell/cell_2/basic_rnn_cell/kernel:0 [200,100]');
    expect(kernels).toHaveLength(3);
    expect(kernels[1].data).not.toEqual(kernels[2].data);
    expect(Math.min(...features.data)).toBe(0);
  });
});
