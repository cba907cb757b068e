import { beforeEach, describe, expect, test } from 'vitest';
import {
  Const,
  Graph,
  GraphError,
  Placeholder,
  type Tensor,
  add,
  cond,
  constant,
  defaultGraph,
  makeOp,
  resetDefaultGraph,
  tensorSpec,
  withGraph,
  zeros,
} from '../src/index.js';
import { int, messageFrom, specs, x } from './support.js';

beforeEach(() => resetDefaultGraph());

test('nodes are appended in order, with ids, names and outputs', () => {
  const [a, b] = [x([2]), constant([1, 2])];
  const sum = add(a, b);
  const { nodes } = defaultGraph();
  expect(nodes.map((n) => [n.id, n.name, n.op.name])).toEqual([
    [0, 'x', 'Placeholder'],
    [1, 'Const', 'Const'],
    [2, 'Add', 'Add'],
  ]);
  expect(nodes[2].inputs).toEqual([a, b]);
  expect(nodes[2].outputs).toEqual([sum]);
  expect(sum.toString()).toBe('Tensor(Add:0 float32[2])');
});

test('an op that refuses its inputs is named, with them and the line; nothing is added', () => {
  const [a, b] = [x([2]), constant([1, 2, 3])];
  const before = defaultGraph().nodes.length;
  const error = (): unknown => add(a, b, { name: 'sum' });
  expect(messageFrom(error)).toBe(
    'Add: shapes [2] and [3] do not broadcast. From the last axis backwards, lengths must be equal or 1.\n' +
      "  node:    'sum' = Add(x:0 float32[2], Const:0 float32[3])\n" +
      '  made at: graph.test.ts:LINE',
  );
  expect(error).toThrow(GraphError);
  expect(defaultGraph().nodes).toHaveLength(before);
  expect(add(a, a, { name: 'sum' }).name).toBe('sum:0');
});

test('an illegal name is refused like any argument', () => {
  expect(messageFrom(() => x([]).add(1, { name: 'a b' }))).toMatch(
    /^name: 'a b' is not a legal name.*\n {2}node: {4}'a b' = Add\(/,
  );
});

test('whatever inference throws becomes the cause', () => {
  const op = makeOp({
    name: 'Odd',
    infer: () => {
      throw new RangeError('Odd: no.');
    },
  });
  const odd = (): unknown => defaultGraph().apply(op, [], {});
  expect(odd).toThrow(expect.objectContaining({ cause: new RangeError('Odd: no.') }) as Error);
});

describe('bodies', () => {
  /** What `f` makes in a body, and its graph. */
  const inBody = <T>(f: (body: Graph) => T): [T, Graph] => {
    const body = new Graph(defaultGraph());
    return [withGraph(body, () => f(body)), body];
  };

  test('read outer tensors through one parameter each, of the same type', () => {
    const y = x([2, null]);
    const [r, body] = inBody(() => [y.add(1), y.mul(2)]);
    const [[outer, parameter]] = body.captured;
    expect(body.captured.size).toBe(1);
    expect(outer).toBe(y);
    expect(r.map((t) => t.op.inputs[0])).toEqual([parameter, parameter]);
    expect(parameter.op.op).toBe(Placeholder);
    expect(specs(parameter as Tensor)).toEqual(['float32[2,?]']);
  });

  test('read through every body between', () => {
    const y = x([]);
    inBody((outer) => {
      const inner = new Graph(outer);
      withGraph(inner, () => y.add(1));
      expect([...inner.captured.keys()]).toEqual([y]);
      expect([...outer.captured.keys()]).toEqual([y]);
    });
  });

  test('copy integer constants, so that shapes computed from them stay static', () => {
    const k = constant([2, 3], { dtype: 'int32' });
    const [r, body] = inBody(() => zeros(k));
    expect(specs(r)).toEqual(['float32[2,3]']);
    expect(body.captured.get(k)?.op.op).toBe(Const);
  });

  test('share names, variables and the seed with the outermost graph', () => {
    const root = defaultGraph();
    const [, body] = inBody(() => zeros([1]));
    expect(body.root).toBe(root);
    expect(body.names).toBe(root.names);
    expect(zeros([1]).name).toBe('zeros_1:0');
  });

  test('size counts the nodes of bodies too', () => {
    const root = defaultGraph();
    constant(1);
    inBody(() => constant(2));
    expect([root.nodes.length, root.size]).toEqual([1, 2]);
  });

  test('keep what they make to themselves', () => {
    const leaked: Tensor[] = [];
    const one = cond(
      true,
      () => {
        const t = x([]).add(1);
        leaked.push(t);
        return t;
      },
      () => constant(1),
    );
    expect(messageFrom(() => one.add(leaked[0]))).toBe(
      "Add: 'cond/Add:0' is inside the body of a loop or a branch, expected a tensor of the graph around. Return it from the body.\n" +
        "  node:    'Add' = Add(cond/cond:0 float32[], cond/Add:0 float32[])\n" +
        '  made at: graph.test.ts:LINE',
    );
  });
});

test('a tensor of another graph is refused', () => {
  const foreign = withGraph(new Graph(), () => x([]));
  expect(() => int(1).add(foreign)).toThrow("Add: 'x:0' belongs to another graph");
});

test('Const prints its first elements, floats as short as they read back', () => {
  const show = (t: Tensor): string | undefined => t.op.op.show?.(t.op.attrs);
  expect(show(constant([0.1, 1, 1e-7]))).toBe('0.1 1 1e-7');
  expect(show(constant(0.1, { dtype: 'float64' }))).toBe('0.1');
  expect(show(constant([1, 2, 3, 4, 5, 6, 7, 8, 9], { dtype: 'int32' }))).toBe('1 2 3 4 5 6 7 8 ...');
});

test('small constants are known while building, large ones are data', () => {
  expect(constant([1, 2]).value).toEqual([1, 2]);
  expect(constant(0, { shape: [65] }).value).toBeUndefined();
  const data = Float32Array.of(1);
  expect(
    defaultGraph()
      .apply(Const, [], { spec: tensorSpec('float32', [1]), data })
      .output().value,
  ).toEqual([1]);
});
