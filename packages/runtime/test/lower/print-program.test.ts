import { gradients } from '@tensorloom/autodiff';
import {
  cond,
  constant,
  group,
  matmul,
  placeholder,
  randomUniform,
  reduceSum,
  resetDefaultGraph,
  scan,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { beforeEach, expect, test } from 'vitest';
import { lower } from '../../src/lower/lower.js';
import { printProgram } from '../../src/lower/print-program.js';
import { present } from '../support.js';

beforeEach(() => resetDefaultGraph());

test('a training step', () => {
  const x = placeholder('float32', [null, 2], { name: 'x' });
  const w = variable([[1], [2]], { name: 'w' });
  const loss = reduceSum(matmul(x, w).tanh());
  const step = w.assignSub(present(gradients(loss, w)[0]).mul(0.1));
  expect(printProgram(lower([loss], [group(step)], [x]))).toMatchInlineSnapshot(`
    "program (@0: float32[?,2]) {
      %1: float32[2,1] = read w:0
      %2: float32[?,2] = upload @0
      %3: float32[?,1] = MatMul(%2, !%1)  # MatMul
      release %1
      %4: float32[?,1] = Tanh(!%3)  # Tanh
      release %3
      %5: float32[] = Sum(%4) {0 1}  # Sum
      %6: float32[] = const {1}
      @7: int32[0] = const
      %8: float32[] = Fill(%6, @7)  # gradients/ones_like
      %9: float32[1,1] = ExpandDims(!%8) {0 1}  # gradients/ExpandDims
      release %8
      @10: int32[2] = Shape(%4)  # gradients/Shape
      %11: float32[?,1] = BroadcastTo(!%9, @10)  # gradients/BroadcastTo
      release %9
      %12: float32[?,1] = Square(!%4)  # gradients/Square
      release %4
      %13: float32[?,1] = Sub(%6, !%12)  # gradients/Sub
      release %12
      %14: float32[?,1] = Mul(!%11, !%13)  # gradients/Mul
      release %11, %13
      %15: float32[2,1] = MatMul(!%2, !%14) {transposeA}  # gradients/MatMul_1
      release %2, %14
      %16: float32[] = const {0.1}
      %17: float32[2,1] = Mul(!%15, %16)  # Mul
      release %15
      %18: float32[2,1] = AssignSub w:0 %17
      release %18, %17
      @19: float32[] = download %5
      release %5
    } -> @19"
  `);
});

test('a loop over a sequence, its stack and its trips', () => {
  const x = placeholder('float32', [null, 2], { name: 'x' });
  const sums = scan((sum, row) => sum.add(row), x, { initializer: constant([0, 0]) });
  expect(printProgram(lower([sums], [], [x]))).toMatchInlineSnapshot(`
    "program (@0: float32[?,2]) {
      %1: float32[2] = const {0 0}
      %2: float32[?,2] = upload @0
      %3: float32[2], &4: list<float32[2]>, @5: int32[] = loop consts() carry(%1) xs(%2)  # scan/while
        do (%0: float32[2], %1: float32[2]) {
          %2: float32[2] = Add(!%0, !%1)  # scan/Add
          release %0, %1
        } -> %2, %2
      release %3, %2
      @6: int32[] = Dim(@0) {0}  # Dim
      %7: float32[?,2] = ListStack(&4, @6)  # ListStack
      release &4
      @8: float32[?,2] = download %7
      release %7
    } -> @8"
  `);
});

test('a loop with a condition', () => {
  const n = placeholder('int32', [], { name: 'n' });
  const [, y] = whileLoop(
    (i) => i.less(n),
    (i, y) => [i.add(1), y.mul(2)],
    [constant(0, { dtype: 'int32' }), constant([1, 2])],
  );
  expect(printProgram(lower([y], [], [n]))).toMatchInlineSnapshot(`
    "program (@0: int32[]) {
      @1: int32[] = const {0}
      %2: float32[2] = const {1 2}
      @3: int32[], %4: float32[2], @5: int32[] = loop consts(@0) carry(@1, %2) xs()  # while/while
        while (@0: int32[], @1: int32[], %2: float32[2]) {
          @3: bool[] = Less(@1, @0)  # while/Less
        } -> @3
        do (@0: int32[], @1: int32[], %2: float32[2]) {
          @3: int32[] = const {1}
          @4: int32[] = Add(@1, @3)  # while/Add
          %5: float32[] = const {2}
          %6: float32[2] = Mul(!%2, %5)  # while/Mul
          release %2
        } -> @4, %6
      @6: float32[2] = download %4
      release %4
    } -> @6"
  `);
});

test('a branch in a loop that runs backwards', () => {
  const x = placeholder('float32', [null], { name: 'x' });
  const last = scan(
    (sum, row) =>
      cond(
        row.greater(0),
        () => sum.add(row),
        () => sum,
      ),
    x,
    { initializer: constant(0), reverse: true },
  );
  expect(printProgram(lower([last], [], [x]))).toMatchInlineSnapshot(`
    "program (@0: float32[?]) {
      %1: float32[] = const {0}
      %2: float32[?] = upload @0
      %3: float32[], &4: list<float32[]>, @5: int32[] = loop reverse consts() carry(%1) xs(%2)  # scan/while
        do (%0: float32[], %1: float32[]) {
          %2: float32[] = const {0}
          %3: bool[] = Greater(%1, %2)  # scan/Greater
          @4: bool[] = download %3
          release %3
          %5: float32[] = cond @4 (%0, %1)  # scan/cond/cond
            then (%0: float32[], %1: float32[]) {
              %2: float32[] = Add(%0, %1)  # scan/cond/Add
            } -> %2
            else (%0: float32[], %1: float32[]) {
            } -> %0
          release %0, %1
        } -> %5, %5
      release %3, %2
      @6: int32[] = Dim(@0) {0}  # Dim
      %7: float32[?] = ListStack(&4, @6)  # ListStack
      release &4
      @8: float32[?] = download %7
      release %7
    } -> @8"
  `);
});

test('random numbers and assignments', () => {
  const v = variable([0, 0], { name: 'v' });
  const next = v.assignAdd(randomUniform([2], { seed: 3 }));
  expect(printProgram(lower([next], [], []))).toMatchInlineSnapshot(`
    "program () {
      @0: int32[1] = const {2}
      @1: float32[2] = RandomUniform(@0) {float32 seed 3}  # random_uniform/RandomUniform
      %2: float32[2] = upload @1
      %3: float32[2] = AssignAdd v:0 %2
      release %2
      @4: float32[2] = download %3
      release %3
    } -> @4"
  `);
});
