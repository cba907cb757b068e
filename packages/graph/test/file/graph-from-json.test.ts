import { beforeEach, describe, expect, test } from 'vitest';
import {
  GraphError,
  apply1,
  constant,
  defaultGraph,
  device,
  getVariable,
  globalVariables,
  graphFromJson,
  graphToJson,
  makeOp,
  placeholder,
  printGraph,
  randomUniform,
  resetDefaultGraph,
  setRandomSeed,
  variable,
  variableScope,
  whileLoop,
  withGraph,
} from '../../src/index.js';

beforeEach(() => resetDefaultGraph());

const reloaded = () => graphFromJson(JSON.stringify(graphToJson(defaultGraph())));

test('an empty graph', () => {
  const graph = reloaded();
  expect([graph.nodes, graph.variables, graph.size, graph.seed]).toEqual([[], [], 0, undefined]);
});

test('from the object, too', () => {
  placeholder('float32', [null]).mul(2);
  expect(printGraph(graphFromJson(graphToJson(defaultGraph())))).toBe(printGraph(defaultGraph()));
});

test('variables: what they are, where they are, and that scopes find them', () => {
  variable([1, 2], { name: 'a', trainable: false });
  variableScope('s', () => device('gpu', () => getVariable('b', [2, 3])));
  const graph = reloaded();
  const tell = (all: ReturnType<typeof globalVariables>) =>
    all.map(({ name, dtype, shape, trainable, device: at }) => ({ name, dtype, shape, trainable, at }));
  expect(tell(graph.variables)).toEqual(tell(globalVariables()));
  withGraph(graph, () => {
    expect(variableScope('s', { reuse: true }, () => getVariable('b', [2, 3]))).toBe(graph.variables[1]);
    expect(() => variableScope('s', () => getVariable('b', [2, 3]))).toThrow("variable 's/b' exists already");
    expect(graph.variables[0].assign([3, 4]).name).toBe('a/Assign_1:0');
  });
});

test('what is built later has the names and the random numbers that it would have had', () => {
  setRandomSeed(3);
  const x = placeholder('float32', []);
  whileLoop(
    (i) => i.less(3),
    (i) => [i.add(randomUniform([]))],
    [x],
  );
  const graph = reloaded();
  const build = () => {
    const [y] = whileLoop(
      (i) => i.less(3),
      (i) => [i.add(randomUniform([]))],
      [constant(0)],
    );
    return y.name;
  };
  expect(withGraph(graph, build)).toBe(build());
  expect(graphToJson(graph)).toEqual(graphToJson(defaultGraph()));
});

test('nodes and tensors are found by their names', () => {
  placeholder('float32', [2], { name: 'x' }).mul(2);
  const graph = reloaded();
  expect(graph.getTensorByName('x:0').shape).toEqual([2]);
  expect(graph.getOperationByName('Mul').inputs[0]).toBe(graph.getTensorByName('x:0'));
  expect(() => graph.getTensorByName('x')).toThrow("getTensorByName: the graph has no tensor 'x'");
  expect(() => graph.getOperationByName('x:0')).toThrow("getOperationByName: the graph has no op 'x:0'");
});

test('nodes are made where the file is read', () => {
  placeholder('float32', [2], { name: 'x' });
  variable([1, 2], { name: 'v' });
  const graph = reloaded();
  const lines = graph.nodes.map(({ location }) => location.line);
  expect(new Set(lines).size).toBe(1);
  expect(lines[0]).toMatch(/graph-from-json\.test\.ts:/);
});

test('an op of one’s own', () => {
  const own = makeOp<object>({ name: 'Own', infer: ([x]) => [x.spec] });
  apply1(own, [constant(1)], { scale: [NaN, -0] });
  apply1(own, [constant(1)], {});
  const text = JSON.stringify(graphToJson(defaultGraph(), { ops: [own] }));
  const { nodes } = graphFromJson(text, { ops: [own] });
  expect(nodes.map(({ attrs }) => attrs)).toEqual(defaultGraph().nodes.map(({ attrs }) => attrs));
  expect(() => graphFromJson(text)).toThrow(
    "graphFromJson: node 'Own': op 'Own' is unknown, expected one of ours or of { ops }.",
  );
});

describe('refuses', () => {
  type Path = readonly (string | number)[];

  /** The key in an array or object: of an array also the name of an item; one that is not there is the end. */
  const keyIn = (holder: object, key: string | number): PropertyKey => {
    if (!Array.isArray(holder) || typeof key === 'number') return key;
    const at = holder.findIndex((item: { readonly name?: string }) => item.name === key);
    return at === -1 ? holder.length : at;
  };
  const valueAt = (json: object, path: Path): unknown =>
    path.reduce<unknown>(
      (x, key) => (typeof x === 'object' && x !== null ? Reflect.get(x, keyIn(x, key)) : undefined),
      json,
    );

  /** The file of a graph with a loop and a variable, with another value at a path; `undefined` leaves it out, a path in a path copies. */
  const changed = (path: Path, value: unknown): string => {
    const v = variable([1], { name: 'v' });
    whileLoop(
      (i) => i.less(3),
      (i) => [i.add(1)],
      [constant(0)],
      { name: 'w' },
    );
    v.add(1);
    const file = JSON.parse(JSON.stringify(graphToJson(defaultGraph()))) as object;
    const holder = valueAt(file, path.slice(0, -1));
    if (typeof holder !== 'object' || holder === null) throw new Error('there is no such place');
    const key = keyIn(holder, path[path.length - 1]);
    if (value === undefined) Reflect.deleteProperty(holder, key);
    else Reflect.set(holder, key, value instanceof Copy ? valueAt(file, value.from) : value);
    return JSON.stringify(file);
  };
  class Copy {
    readonly from: Path;
    constructor(...from: Path) {
      this.from = from;
    }
  }

  const cases: [string, Path, unknown, string][] = [
    ['another format', ['format'], 'x', "expected format 'tensorloom graph', got 'x'"],
    ['a later version', ['version'], 2, 'expected version 1, got 2'],
    [
      'what is not of the format',
      ['more'],
      1,
      "expected format, version, seed, size, graphs, streams, variables, nodes, names, scopes, got 'more'",
    ],
    ['a missing part', ['nodes'], undefined, 'expected an array, got undefined'],
    [
      'too many nodes',
      ['nodes'],
      new Array<number>(2 ** 20 + 1).fill(0),
      'expected at most 1048576 nodes, got 1048577',
    ],
    ['a size that is none', ['size'], -1, 'size: expected an integer from 0, got -1'],
    ['a graph before its parent', ['graphs', 1, 'parent'], 2, 'graphs: expected a graph that comes before, got 2'],
    ['two outermost graphs', ['graphs', 1, 'parent'], null, 'graphs: expected an integer from 0, got null'],
    [
      'bodies that are too deep',
      ['graphs'],
      Array.from({ length: 70 }, (_, i) => ({ parent: i === 0 ? null : i - 1 })),
      'graphs: expected bodies at most 64 deep, got 65',
    ],
    ['an unknown op', ['nodes', 'Add', 'op'], 'Plus', "node 'Add': op 'Plus' is unknown"],
    ['an op that JavaScript knows', ['nodes', 'Add', 'op'], '__proto__', "node 'Add': op '__proto__' is unknown"],
    [
      'an input that comes later',
      ['nodes', 'v/Assign', 'inputs'],
      ['Add:0'],
      "node 'v/Assign': expected a node that comes before, got 'Add'",
    ],
    [
      'an output that is not there',
      ['nodes', 'Add', 'inputs', 0],
      'v/read:1',
      "node 'Add': expected an output of 'v/read', got 'v/read:1'",
    ],
    [
      'an input of another graph',
      ['nodes', 'Add', 'inputs', 0],
      'w/Add:0',
      "node 'Add': expected what is in the same graph, got 'w/Add:0'",
    ],
    ['a missing input', ['nodes', 'Add', 'inputs'], ['v/read:0'], "node 'Add': expected 2 inputs, got 1"],
    ['inputs that do not fit', ['nodes', 'Add', 'inputs', 1], 'w/while:1', "node 'Add': Add: "],
    [
      'outputs that are others',
      ['nodes', 'Add', 'outputs'],
      ['float32[2]'],
      "node 'Add': expected the outputs float32[1], as its inputs have it, got 'float32[2]'",
    ],
    [
      'a name that occurs twice',
      ['nodes', 'end'],
      new Copy('nodes', 'Const'),
      "node 'Const': expected names that occur once, got 'Const'",
    ],
    ['a name that is none', ['nodes', 'Add', 'name'], ' ', "node ' ': name: ' ' is not a legal name"],
    ['attributes of other ops', ['nodes', 'Add', 'attrs'], { axis: 1 }, "node 'Add': expected nothing, got 'axis'"],
    [
      'missing attributes',
      ['nodes', 'Const', 'attrs'],
      undefined,
      "node 'Const': spec: expected an object, got undefined",
    ],
    [
      'a body of another graph',
      ['nodes', 'w/while', 'attrs', 'body', 'graph'],
      0,
      "node 'w/while': body: expected params in the body itself",
    ],
    [
      'a loop that carries more than there is',
      ['nodes', 'w/while', 'attrs', 'carry'],
      2 ** 40,
      "node 'w/while': Loop: got 1 values, 0 of them constant and 1099511627776 carried",
    ],
    [
      'a loop that widens what is none',
      ['nodes', 'w/while', 'attrs', 'widens'],
      'Const',
      "node 'w/while': widens: expected a node of the same op, got 'Const'",
    ],
    [
      'a variable without nodes',
      ['variables', 0, 'initializer'],
      'x',
      "node 'v/Assign': variable: expected a variable whose nodes come before, got 'v'",
    ],
    [
      'a variable of unknown shape',
      ['variables', 0, 'shape'],
      [null],
      "variables: 'v': expected a fully known shape, got an array",
    ],
    [
      'a variable of another type',
      ['variables', 0, 'dtype'],
      'int32',
      "node 'v/Assign': Assign: variable 'v:0' is int32, got float32",
    ],
    [
      'a variable that is read elsewhere',
      ['variables', 0, 'read'],
      'x',
      "expected node 'x' after 'v/Assign', got 'v/read'",
    ],
    [
      'two variables of one name',
      ['variables', 'end'],
      new Copy('variables', 0),
      "variables: 'v': expected an initializer of its own, got 'v/Assign'",
    ],
    ['names that are none', ['names'], [['a']], 'names: expected a name and a number, got an array'],
  ];
  test.each(cases)('%s', (_, path, value, message) => {
    const text = changed(path, value);
    expect(() => graphFromJson(text)).toThrow(GraphError);
    expect(() => graphFromJson(text)).toThrow(`graphFromJson: ${message}`);
    expect(() => graphFromJson(text)).toThrow('The file is damaged, or no graph.');
  });

  test('long names, in a short sentence', () => {
    const text = changed(['nodes', 'Add', 'name'], ' '.repeat(1e6));
    expect(() => graphFromJson(text)).toThrow(/^graphFromJson: node ' {100}': name: '.{300,500} \.\.\.\. The file/);
  });

  test('text that is no JSON, or too deep', () => {
    expect(() => graphFromJson('')).toThrow('graphFromJson: expected JSON: ');
    expect(() => graphFromJson('['.repeat(1e6))).toThrow('graphFromJson: expected JSON nested at most 128 deep');
    expect(() => graphFromJson('[]')).toThrow('graphFromJson: expected an object, got an array');
  });
});
