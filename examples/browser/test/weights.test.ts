import * as tl from 'tensorloom';
import { describe, expect, it } from 'vitest';
import { weightsOfGraph } from '../src/weights.js';

/** Two variables that are trained, and one that is not. */
function network() {
  tl.resetDefaultGraph();
  const kernel = tl.variable(
    [
      [1, 2],
      [3, 4],
    ],
    { name: 'kernel' },
  );
  const bias = tl.variable([5, 6], { name: 'bias' });
  const counter = tl.variable(7, { name: 'counter', trainable: false });
  const init = tl.globalVariablesInitializer();
  return { kernel, bias, counter, init, weights: weightsOfGraph() };
}

describe('weightsOfGraph', () => {
  it('carries what is trained from one session to another', async () => {
    const { kernel, bias, counter, init, weights } = network();
    await using from = new tl.Session();
    await using to = new tl.Session();
    await from.run(init);
    await to.run(init);
    await from.run([
      kernel.assign([
        [8, 9],
        [10, 11],
      ]),
      bias.assign([12, 13]),
      counter.assign(14),
    ]);
    const values = await weights.read(from);
    expect(values.map((value) => [...value])).toEqual([
      [8, 9, 10, 11],
      [12, 13],
    ]);
    await weights.write(to, values);
    expect((await to.run(kernel)).toArray()).toEqual([
      [8, 9],
      [10, 11],
    ]);
    expect((await to.run(bias)).toArray()).toEqual([12, 13]);
    expect((await to.run(counter)).item()).toBe(7);
  });

  it('refuses the weights of another network', async () => {
    const { init, weights } = network();
    await using session = new tl.Session();
    await session.run(init);
    await expect(weights.write(session, [new Float32Array(4)])).rejects.toThrow(
      'weights: expected 2 variables, got 1. Take them from the same network.',
    );
    await expect(weights.write(session, [new Float32Array(4), new Float32Array(3)])).rejects.toThrow(/\[2\]/);
  });
});
