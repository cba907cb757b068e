import {
  Graph,
  add,
  cond,
  constant,
  controlDependencies,
  defaultGraph,
  device,
  nameScope,
  noOp,
  placeholder,
  resetDefaultGraph,
  square,
  variable,
  whileLoop,
} from '@tensorloom/graph';
import { GradientDescentOptimizer } from '@tensorloom/train';
import { beforeEach, expect, test } from 'vitest';
import { graphForDisplay } from '../../src/summary/graph-for-display.js';
import { fieldsOf, messages, number, strings } from './support.js';

beforeEach(() => resetDefaultGraph());

/** The nodes of a `GraphDef`, by name. */
const drawn = (graph: Graph = defaultGraph()) =>
  new Map(
    messages(fieldsOf(graphForDisplay(graph)), 1).map((node) => {
      const attrs = new Map(messages(node, 5).map((entry) => [strings(entry, 1)[0], messages(entry, 2)[0]]));
      const shapes = attrs.has('_output_shapes')
        ? messages(attrs.get('_output_shapes') ?? {}, 1).flatMap((list) =>
            messages(list, 7).map((s) => (s[3] === undefined ? messages(s, 2).map((dim) => number(dim, 1)) : null)),
          )
        : undefined;
      const [name] = strings(node, 1);
      return [
        name,
        {
          op: strings(node, 2)[0],
          inputs: strings(node, 3),
          device: strings(node, 4)[0] ?? '',
          dtype: number(attrs.get('dtype') ?? {}, 6),
          shapes,
          attrs: strings(attrs.get('attributes') ?? {}, 2)[0] ?? '',
        },
      ] as const;
    }),
  );

/** Every input names a node that there is. */
function expectWhole(nodes: ReturnType<typeof drawn>): void {
  for (const { inputs } of nodes.values()) {
    for (const input of inputs) expect([...nodes.keys()]).toContain(input.replace(/^\^/, '').replace(/:\d+$/, ''));
  }
}

test('nodes have names, ops, inputs, devices, types and shapes', () => {
  const x = placeholder('float32', [null, 3], { name: 'x' });
  const any = placeholder('int32', undefined, { name: 'any' });
  const y = nameScope('layer', () => device('gpu', () => add(x, constant([1, 2, 3], { name: 'c' }), { name: 'y' })));
  controlDependencies([any, y], () => noOp({ name: 'done' }));
  const nodes = drawn();
  expectWhole(nodes);
  expect([...nodes.keys()]).toEqual(['x', 'any', 'layer/c', 'layer/y', 'done']);
  expect(nodes.get('x')).toEqual({ op: 'Placeholder', inputs: [], device: '', dtype: 1, shapes: [[-1, 3]], attrs: '' });
  expect(nodes.get('any')).toMatchObject({ dtype: 3, shapes: [null] });
  expect(nodes.get('layer/c')).toMatchObject({ op: 'Const', shapes: [[3]], attrs: '{1 2 3}' });
  expect(nodes.get('layer/y')).toMatchObject({ op: 'Add', inputs: ['x', 'layer/c'], device: 'gpu', shapes: [[-1, 3]] });
  expect(nodes.get('done')).toMatchObject({ op: 'NoOp', inputs: ['^any', '^layer/y'], shapes: [] });
});

test('a variable is a node, which its ops read', () => {
  const v = variable([1, 2], { name: 'v' });
  v.assignAdd([1, 1]);
  const nodes = drawn();
  expectWhole(nodes);
  expect(nodes.get('v')).toMatchObject({ op: 'VariableV2', inputs: [], shapes: [[2]], dtype: 1 });
  expect([...nodes.values()].filter(({ inputs }) => inputs.includes('v')).map(({ op }) => op)).toEqual([
    'Assign',
    'ReadVariable',
    'AssignAdd',
  ]);
});

test('bodies are drawn where they were made, between what they are given and who holds them', () => {
  const [n, k] = [constant(0, { name: 'n' }), constant(2, { name: 'k' })];
  const [out] = whileLoop(
    (i) => i.less(10),
    (i) => [i.mul(k)],
    [n],
    { name: 'turn' },
  );
  cond(
    out.less(5),
    () => square(out),
    () => out,
    { name: 'choose' },
  );
  const nodes = drawn();
  expectWhole(nodes);
  const loop = nodes.get(out.op.name);
  const product = [...nodes.entries()].find(([, { op }]) => op === 'Mul') ?? ['', undefined];
  expect(product[0]).toMatch(/^turn\//);
  expect(loop?.inputs).toContain(product[0]);
  // The body's parameters read what enters the loop.
  const params = product[1]?.inputs.map((name) => nodes.get(name)?.inputs) ?? [];
  expect(params).toContainEqual(['n']);
  const branch = [...nodes.entries()].find(([, { op }]) => op === 'Square') ?? ['', undefined];
  expect(branch[0]).toMatch(/^choose\//);
  expect(nodes.get(branch[1]?.inputs[0] ?? '')?.inputs).toEqual([out.op.name]);
});

test('a training step through a loop is whole, each body drawn once', () => {
  const w = variable(0.5, { name: 'w' });
  const [y] = whileLoop(
    (x) => x.less(100),
    (x) => [x.mul(w).add(3)],
    [constant(1)],
    { maximumIterations: 5 },
  );
  new GradientDescentOptimizer({ learningRate: 0.1 }).minimize(square(y));
  const nodes = messages(fieldsOf(graphForDisplay(defaultGraph())), 1).flatMap((node) => strings(node, 1));
  expect(new Set(nodes).size).toBe(nodes.length);
  expectWhole(drawn());
  expect(drawn().size).toBe(nodes.length);
});
