import { beforeEach, expect, test } from 'vitest';
import {
  GraphError,
  apply1,
  constant,
  controlDependencies,
  defaultGraph,
  device,
  getVariable,
  graphToJson,
  makeOp,
  placeholder,
  randomUniform,
  resetDefaultGraph,
  setRandomSeed,
  tensorSpec,
  whileLoop,
} from '../../src/index.js';

beforeEach(() => resetDefaultGraph());

test('the JSON of a small graph', () => {
  setRandomSeed(7);
  const x = placeholder('float32', [null, 2], { name: 'x' });
  const y = device('a', () => x.add(1));
  controlDependencies([y], () => randomUniform([2], { seed: 3, name: 'r' }));
  expect(graphToJson(defaultGraph())).toEqual({
    format: 'tensorloom graph',
    version: 1,
    seed: 7,
    size: 5,
    graphs: [{ parent: null }],
    streams: [{ graphSeed: 7, opSeed: 3, index: 4 }],
    variables: [],
    nodes: [
      {
        name: 'x',
        op: 'Placeholder',
        attrs: { spec: { dtype: 'float32', shape: [null, 2] } },
        outputs: ['float32[?,2]'],
      },
      {
        name: 'Const',
        op: 'Const',
        attrs: { spec: { dtype: 'float32', shape: [] }, data: 'AACAPw==' },
        device: 'a',
        outputs: ['float32[]'],
      },
      { name: 'Add', op: 'Add', inputs: ['x:0', 'Const:0'], device: 'a', outputs: ['float32[?,2]'] },
      {
        name: 'r/Const',
        op: 'Const',
        attrs: { spec: { dtype: 'int32', shape: [1] }, data: 'AgAAAA==' },
        after: ['Add'],
        outputs: ['int32[1]'],
      },
      {
        name: 'r/RandomUniform',
        op: 'RandomUniform',
        inputs: ['r/Const:0'],
        attrs: { dtype: 'float32', stream: 0 },
        after: ['Add'],
        outputs: ['float32[2]'],
      },
    ],
    names: [['r', 1]],
    scopes: [],
  });
});

test('variables are told by the nodes that go with them', () => {
  getVariable('v', [2], { initializer: [1, 2], trainable: false });
  const { variables, nodes } = graphToJson(defaultGraph());
  expect(variables).toEqual([
    {
      name: 'v',
      dtype: 'float32',
      shape: [2],
      trainable: false,
      initialValue: 'v/Initializer/Const:0',
      initializer: 'v/Assign',
      read: 'v/read',
      scoped: 'v',
    },
  ]);
  expect(nodes.map(({ name }) => name)).toEqual(['v/Initializer/Const', 'v/Assign', 'v/read']);
});

test('bodies lie beside the graph that holds them, before what holds them', () => {
  const x = constant(1);
  whileLoop(
    (i) => i.less(3),
    (i) => [i.add(x)],
    [constant(0)],
  );
  const { graphs, nodes } = graphToJson(defaultGraph());
  expect(graphs).toHaveLength(3);
  expect(graphs.slice(1).every(({ parent }) => parent === 0)).toBe(true);
  const loop = nodes.findIndex(({ op }) => op === 'Loop');
  const inBodies = nodes.flatMap(({ graph }, i) => (graph === undefined ? [] : [i]));
  expect(inBodies.length).toBeGreaterThan(4);
  expect(Math.max(...inBodies)).toBeLessThan(loop);
});

test('ops of one’s own are told, and have plain attributes', () => {
  const own = makeOp<object>({ name: 'Own', infer: ([x]) => [x.spec] });
  const y = apply1(own, [constant(1)], { scale: Infinity });
  expect(() => graphToJson(defaultGraph())).toThrow(GraphError);
  expect(() => graphToJson(defaultGraph())).toThrow(
    "graphToJson: op 'Own' is not known to files. Pass ops of your own as { ops }.",
  );
  const { nodes } = graphToJson(defaultGraph(), { ops: [own] });
  expect(nodes[1]).toEqual({
    name: 'Own',
    op: 'Own',
    inputs: ['Const:0'],
    attrs: { object: { scale: { number: 'Infinity' } } },
    outputs: ['float32[]'],
  });
  const another = makeOp({ name: 'Own', infer: () => [tensorSpec('float32', [])] });
  expect(() => graphToJson(defaultGraph(), { ops: [another] })).toThrow(
    "op 'Own' is another one than that of this name in files.",
  );
  apply1(own, [y], { scale: new Map() });
  expect(() => graphToJson(defaultGraph(), { ops: [own] })).toThrow('graphToJson: expected attributes of plain data');
});

test('a graph of ten thousand nodes in a row', () => {
  let x = placeholder('float32', []);
  for (let i = 0; i < 5000; i++) x = x.neg().sin();
  expect(graphToJson(defaultGraph()).nodes).toHaveLength(10_001);
});
