import { gradients } from '@tensorloom/autodiff';
import { reference } from '@tensorloom/backend-reference';
import {
  GraphError,
  type Tensor,
  apply1,
  cast,
  constant,
  makeOp,
  placeholder,
  reduceSum,
  resetDefaultGraph,
  variable,
  whileLoop,
  globalVariablesInitializer,
} from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { checkGradients } from '@tensorloom/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';

const backend = reference();
let session: Session;
beforeEach(() => {
  resetDefaultGraph();
  session = new Session({ backend });
});
afterEach(() => {
  session.close();
  expect(backend.stats()).toEqual({ handles: 0, bytes: 0 });
});

const value = (t: Tensor | null): number[] => {
  if (t === null) throw new Error('no gradient');
  return Array.from(session.runSync(t).data);
};

test('one result per x, in order; null where none flows', () => {
  const [a, b, c] = [constant(2), constant(3), constant(4)];
  const found = gradients(a.mul(b), [b, c, a]);
  expect(found[1]).toBeNull();
  expect([value(found[0]), value(found[2])]).toEqual([[2], [3]]);
});

test('zeros where none flows, on request', () => {
  const [a, c] = [constant(2), constant([4, 5])];
  expect(value(gradients(a.mul(a), c, { unconnectedGradients: 'zero' })[0])).toEqual([0, 0]);
});

test('several ys are summed, weighted by gradYs', () => {
  const x = constant(3);
  expect(value(gradients([x.mul(x), x.mul(5)], x)[0])).toEqual([11]);
  expect(value(gradients([x.mul(x), x.mul(5)], x, { gradYs: [10, null] })[0])).toEqual([65]);
});

test('stopGradients holds a tensor constant', () => {
  const x = constant(3);
  const y = x.mul(x);
  expect(value(gradients(y.mul(x), [x], { stopGradients: [y] })[0])).toEqual([9]);
});

test('a y that is its own x has gradient 1', () => {
  const x = constant(3);
  expect(value(gradients(x, x)[0])).toEqual([1]);
});

test('with respect to an intermediate tensor and a variable', () => {
  const v = variable(4);
  const h = v.mul(v);
  const [dh, dv] = gradients(h.mul(3), [h, v]);
  session.runSync(globalVariablesInitializer());
  expect([value(dh), value(dv)]).toEqual([[3], [24]]);
});

test('inside the body of a loop', () => {
  const [r] = whileLoop(
    (x) => x.less(50),
    (x) => gradients(x.mul(x).mul(x), x).filter((d) => d !== null),
    [constant(1)],
  );
  // 3 x^2: 1, 3, 27, 2187
  expect(value(r)).toEqual([2187]);
});

test('an integer y is refused', () => {
  const i = placeholder('int32', [2], { name: 'i' });
  expect(() => gradients(i, i)).toThrow(
    /gradients: y 'i:0' is int32, expected float32 or float64\. Cast it before, or leave it out\./,
  );
  expect(gradients(reduceSum(cast(i, 'float32')), i)).toEqual([null]);
});

test('an op without a rule is named, with the line that made it', () => {
  const Wave = makeOp({ name: 'Wave', infer: ([x]) => [x.spec] });
  const x = constant(1);
  const y = apply1(Wave, [x], {});
  expect(() => gradients(y, x)).toThrow(GraphError);
  expect(() => gradients(y, x)).toThrow(
    /'Wave' has no gradient rule\..*\n {2}node: {4}'Wave' = Wave\(Const:0 float32\[\]\)\n {2}made at: .*gradients\.test\.ts:\d+/,
  );
});

test('a wrong rule is found by checkGradients', () => {
  const doubled: typeof gradients = (ys, xs, options) => gradients(ys, xs, options).map((d) => d && d.mul(1.01));
  const check = { inputs: [Float64Array.of(0.3, 0.4)], build: ([x]: Tensor[]) => x.sin() };
  checkGradients(check);
  expect(() => checkGradients({ ...check, gradients: doubled })).toThrow(/checkGradients: order 1, input 0/);
});

test('20,000 nodes in a row do not overflow the stack', () => {
  const x = constant(1);
  let y: Tensor = x;
  for (let i = 0; i < 20_000; i++) y = y.add(1e-6);
  expect(value(gradients(y, x)[0])).toEqual([1]);
});

test('gradYs of another shape or dtype than the ys are refused', () => {
  const x = placeholder('float32', [3]);
  expect(() => gradients(x.mul(2), x, { gradYs: [constant([1, 2])] })).toThrow(
    /^gradients: expected a weight float32\[3\] for y 'Mul:0', got float32\[2\]/,
  );
  expect(() => gradients(x.mul(2), x, { gradYs: constant([1, 2, 3], { dtype: 'float64' }) })).toThrow(
    /expected a weight float32\[3\] .*, got float64\[3\]/,
  );
});
