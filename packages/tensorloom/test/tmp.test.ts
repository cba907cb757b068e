import { expect, test } from 'vitest';
import * as tl from '@tensorloom/graph';
import { gradients } from '@tensorloom/autodiff';
import { Session } from '@tensorloom/runtime';
import { reference } from '@tensorloom/backend-reference';
import { dynamicRnn, staticRnn, BasicRNNCell } from '@tensorloom/rnn';
import golden from '../../testkit/golden/rnn.json' with { type: 'json' };

const close = (a: any, b: any, tol = 1e-5) => {
  const fa = a.flat(9), fb = b.flat(9);
  expect(fa.length).toBe(fb.length);
  fa.forEach((x: number, i: number) => expect(Math.abs(x - fb[i])).toBeLessThan(tol));
};

test('whileLoop', async () => {
  tl.resetDefaultGraph();
  const v0 = tl.constant(2);
  const [v] = tl.whileLoop((v) => v.less(100), (v) => [v.mul(v)], [v0]);
  const b = reference();
  const s = new Session({ backend: b });
  const [g] = gradients(v, [v0]);
  const [g2] = gradients(g!, [v0]);
  console.log(s.printProgram([v, g!]));
  console.log((await s.run([v, g!, g2!])).map((x) => x.item()));
  s.close();
  console.log(b.stats());
});
test('dynamic', async () => {
  tl.resetDefaultGraph();
  tl.setRandomSeed(42);
  const c = golden.chapter;
  const X = tl.placeholder('float32', [null, 2, 3], { name: 'X' });
  const [o, st] = tl.variableScope('', { initializer: tl.glorotUniformInitializer({ seed: 106 }) }, () => dynamicRnn(new BasicRNNCell(5), X, { dtype: 'float32', sequenceLength: [2, 1, 2, 2] }));
  const b = reference();
  const s = new Session({ backend: b });
  await s.run(tl.globalVariablesInitializer());
  const r = await s.run({ o, st }, [[X, c.X]]);
  close(r.o.toArray(), c.sequenceLengths.outputs);
  close(r.st.toArray(), c.sequenceLengths.state);
  const loss = tl.reduceSum(tl.square(o)).add(tl.reduceSum(st));
  const gs = gradients(loss, [X, ...tl.trainableVariables()]);
  console.log(tl.trainableVariables().map(v => v.name));
  console.log(s.printProgram(gs as any, [X]));
  await s.run(gs as any, [[X, c.X]]);
  s.close();
  console.log(b.stats());
});
test('bptt', async () => {
  tl.resetDefaultGraph();
  const c = golden.bptt.basicRnn;
  for (const mode of ['dynamic', 'static']) {
    tl.resetDefaultGraph();
    const X = tl.placeholder('float32', [2, 3, 2], { name: 'X' });
    const vars = c.variables as any;
    const cell = new BasicRNNCell(2);
    const [o, st] = mode === 'dynamic' ? dynamicRnn(cell, X, { dtype: 'float32', sequenceLength: c.sequenceLength }) : (() => { const [os, st] = staticRnn(cell, tl.unstack(X, { axis: 1 }), { dtype: 'float32', sequenceLength: c.sequenceLength }); return [tl.stack(os, { axis: 1 }), st] as const; })();
    const loss = tl.reduceSum(tl.square(o)).add(tl.reduceSum(st));
    const b = reference();
    const s = new Session({ backend: b });
    for (const v of tl.globalVariables()) await s.run(v.assign(vars[v.op]));
    const gs = gradients(loss, [X, ...tl.trainableVariables()]);
    const [l, gx, gk, gb] = await s.run([loss, ...gs] as any, [[X, c.X]]) as any;
    expect(l.item()).toBeCloseTo(c.loss, 5);
    close(gx.toArray(), c.gradients.X);
    close(gk.toArray(), c.gradients['rnn/basic_rnn_cell/kernel']);
    close(gb.toArray(), c.gradients['rnn/basic_rnn_cell/bias']);
    s.close();
    console.log(b.stats());
  }
});
