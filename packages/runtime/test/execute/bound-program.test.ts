import {
  NDArray,
  type Op,
  type Tensor,
  type Variable,
  assert,
  assign,
  controlDependencies,
  elementwise,
  matmul,
  placeholder,
  randomUniform,
  reduceSum,
  resetDefaultGraph,
  shapeOf,
  variable,
} from '@tensorloom/graph';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Backend, DeviceTensor, Kernel } from '../../src/backend.js';
import { bind } from '../../src/execute/bind.js';
import type { Machine } from '../../src/execute/machine.js';
import { lower } from '../../src/lower/lower.js';
import { RandomStream } from '../../src/random/random-stream.js';
import { here, leakFree, messageFrom, runProgram } from '../support.js';

beforeEach(() => resetDefaultGraph());

const array = (shape: readonly number[], ...data: number[]): NDArray =>
  new NDArray('float32', shape, Float32Array.from(data));
const run = (
  fetches: readonly Tensor[],
  feeds: readonly (readonly [Tensor, NDArray])[] = [],
  backend?: Backend,
): unknown[] =>
  runProgram(
    lower(
      fetches,
      [],
      feeds.map(([t]) => t),
    ),
    feeds.map(([, v]) => v),
    backend === undefined ? {} : { backend },
  ).map((v) => v.toArray());

/** The backend with one kernel wrapped. */
const wrapped = (backend: Backend, op: Op, wrap: (kernel: Kernel<unknown>) => Kernel<unknown>): Backend => ({
  ...backend,
  kernels: new Map(Array.from(backend.kernels, ([key, kernel]) => [key, key === op ? wrap(kernel) : kernel])),
});

test('kernels get device inputs, host inputs, attributes and what is given away', () => {
  const backend = leakFree();
  const calls: unknown[] = [];
  const spy = wrapped(backend, elementwise.mul, (kernel) => (inputs, call) => {
    calls.push([inputs.map((x) => x.shape), call.host, call.attrs, call.donated]);
    return kernel(inputs, call);
  });
  const x = placeholder('float32', [2]);
  expect(run([x.exp().mul(x).sub(x)], [[x, array([2], 0, 0)]], spy)).toEqual([[0, 0]]);
  expect(calls).toEqual([[[[2], [2]], [], {}, [true, false]]]);
});

test('a kernel may overwrite what it is given, and return it', () => {
  const backend = leakFree();
  // What the reference backend holds is in `data` of its handles: overwriting is seen by whoever still reads it.
  const inPlace = wrapped(backend, elementwise.neg, () => ([x], { donated }) => {
    const { data } = x.buffer as { data: Float32Array };
    if (donated[0]) return (data.forEach((v, i) => (data[i] = -v)), backend.retain(x));
    return backend.upload({ dtype: x.dtype, shape: x.shape, data: data.map((v) => -v) });
  });
  const x = placeholder('float32', [2]);
  const y = x.exp();
  expect(run([y.neg(), y], [[x, array([2], 0, 0)]], inPlace)).toEqual([
    [-1, -1],
    [1, 1],
  ]);
  expect(run([y.neg()], [[x, array([2], 0, 0)]], inPlace)).toEqual([[-1, -1]]);
});

test('shapes are read without moving elements', () => {
  const backend = leakFree();
  const noDownload = { ...backend, download: backend.download.bind(backend) };
  const x = placeholder('float32', [null, 3]);
  noDownload.download = () => expect.fail('nothing should be downloaded');
  expect(run([shapeOf(x.exp())], [[x, array([2, 3], 1, 2, 3, 4, 5, 6)]], noDownload)).toEqual([[2, 3]]);
});

test('random numbers are drawn from the stream of their op', () => {
  const x = randomUniform([3], { seed: 20 });
  const stream = x.op.attrs as { stream: ConstructorParameters<typeof RandomStream>[0] };
  const expected = new RandomStream(stream.stream).draw(x.op.op, 'float32', [
    { dtype: 'int32', shape: [1], data: Int32Array.of(3) },
  ]);
  expect(run([x])).toEqual([Array.from(expected.data)]);
});

describe('variables', () => {
  test('take what is assigned; the result is the new value', () => {
    const v = variable([1, 2]);
    const next = v.assign([5, 6]);
    const later = controlDependencies([next], () => v.assignAdd([1, 1]));
    const last = controlDependencies([later], () => v.assignSub([10, 20]));
    expect(run([next, later, last, v.value()].slice(0, 3))).toEqual([
      [5, 6],
      [6, 7],
      [-4, -13],
    ]);
  });

  /** A session's worth of state, by hand. */
  function machineWith(backend: Backend, v: Variable, ...elements: number[]): Machine {
    const value: DeviceTensor = backend.upload(array([elements.length], ...elements));
    return { backend, variables: new Map([[v, value]]), stream: () => expect.fail('nothing is drawn') };
  }

  test('are given away to the kernel that adds to them', () => {
    const backend = leakFree();
    const given: (readonly boolean[])[] = [];
    const spy = wrapped(backend, elementwise.add, (kernel) => (inputs, call) => {
      given.push(call.donated);
      return kernel(inputs, call);
    });
    const v = variable([1, 2]);
    const machine = machineWith(spy, v, 1, 2);
    const program = bind(lower([], [v.assignAdd([1, 1]).op], []), machine);
    program.run([]).next();
    expect(given).toEqual([[true, false]]);
    for (const value of machine.variables.values()) backend.free(value);
    program.dispose();
  });

  test('are as they were before the step that fails', () => {
    const backend = leakFree();
    const [v, x] = [variable([1, 2]), placeholder('float32', [null])];
    const next = v.assignAdd([1, 1]);
    const fails = controlDependencies([next], () => v.assignAdd(x));
    const machine = machineWith(backend, v, 1, 2);
    const program = bind(lower([fails], [], [x]), machine);
    expect(() => program.run([array([3], 1, 2, 3)]).next()).toThrow('AssignAdd');
    const values = [...machine.variables.values()];
    expect(values.map((value) => backend.download(value))).toMatchObject([{ data: Float32Array.of(2, 3) }]);
    values.forEach((value) => backend.free(value));
    program.dispose();
  });

  test('keep their shape, whatever is assigned', () => {
    const x = placeholder('float32', [null]);
    const v = variable([1, 2], { name: 'v' });
    const [set, at] = [assign(v, x, { name: 'set' }), here()];
    expect(messageFrom(() => run([set], [[x, array([3], 1, 2, 3)]]))).toBe(
      "Assign: variable 'v:0' has shape [2], got [3]. Reshape the value, or make a variable of that shape.\n" +
        "  node:    'set' = Assign(Placeholder:0 float32[3])\n" +
        `  made at: ${at}`,
    );
    const w = variable([1]);
    expect(() => run([w.assignAdd(x)], [[x, array([3], 1, 2, 3)]])).toThrow(
      "AssignAdd: variable 'Variable:0' has shape [1], got [3].",
    );
  });

  test('must have a value to be read or added to', () => {
    const [v, at] = [variable([1, 2], { name: 'v' }), here()];
    const message = (op: string): string =>
      `${op}: variable 'v:0' has no value yet. Run globalVariablesInitializer() first, or assign to it.\n` +
      '  node:    Variable(v:0 float32[2])\n' +
      `  made at: ${at}`;
    expect(messageFrom(() => run([v.value()]))).toBe(message('ReadVariable'));
    expect(messageFrom(() => run([v.assignAdd([1, 1])]))).toBe(message('AssignAdd'));
  });
});

describe('a step that fails', () => {
  test('is named with the shapes it got', () => {
    const [x, w] = [placeholder('float32', [null, null], { name: 'x' }), placeholder('float32', [5, 3], { name: 'w' })];
    const [y, at] = [matmul(x, w, { name: 'y' }), here()];
    expect(
      messageFrom(() =>
        run(
          [y],
          [
            [x, array([2, 4], ...new Float32Array(8))],
            [w, array([5, 3], ...new Float32Array(15))],
          ],
        ),
      ),
    ).toBe(
      'MatMul: inner dimensions differ: [2,4] has 4 columns, [5,3] has 5 rows. Make them equal, or transpose an operand.\n' +
        "  node:    'y' = MatMul(x:0 float32[2,4], w:0 float32[5,3])\n" +
        `  made at: ${at}`,
    );
  });

  test('is named when an assertion fails, with the values it shows', () => {
    const x = placeholder('float32', [2], { name: 'x' });
    const [check, at] = [assert(reduceSum(x).greater(0), 'the sum must be positive:', [x]), here()];
    const y = controlDependencies([check], () => x.exp());
    expect(run([y], [[x, array([2], 0, 1)]])).toEqual([[1, Math.fround(Math.E)]]);
    expect(messageFrom(() => run([y], [[x, array([2], 1, -2)]]))).toBe(
      'Assert: the sum must be positive: [1 -2]\n' +
        "  node:    'Assert' = Assert(Greater:0 bool[], x:0 float32[2])\n" +
        `  made at: ${at}`,
    );
  });

  test('is named when moving its values fails', () => {
    const backend = leakFree();
    const full = {
      ...backend,
      upload: () => {
        throw new Error('out of memory');
      },
    };
    const [x, at] = [placeholder('float32', [2], { name: 'x' }), here()];
    expect(messageFrom(() => run([x.exp()], [[x, array([2], 1, 2)]], full))).toBe(
      `out of memory\n  node:    'x' = Placeholder(x:0 float32[2])\n  made at: ${at}`,
    );
  });

  test('leaves what it was thrown as the cause', () => {
    const backend = leakFree();
    const cause = new Error('broken');
    const broken = wrapped(backend, elementwise.exp, () => () => {
      throw cause;
    });
    const x = placeholder('float32', [2]);
    expect(() => run([x.neg().exp().add(x)], [[x, array([2], 1, 2)]], broken)).toThrow(
      expect.objectContaining({ cause }),
    );
  });
});
