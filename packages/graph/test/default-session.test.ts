import { beforeEach, expect, test } from 'vitest';
import {
  type Fetch,
  type Fetched,
  type GraphSession,
  Graph,
  GraphError,
  constant,
  defaultGraph,
  defaultSession,
  makeDefault,
  noOp,
  resetDefaultGraph,
  variable,
  withGraph,
} from '../src/index.js';

beforeEach(() => resetDefaultGraph());

/** What sessions were asked to run. */
const asked: [string, unknown, unknown][] = [];
beforeEach(() => void asked.splice(0));

/** A session that only notes what it is asked for. */
const session = (name: string, graph = defaultGraph()): GraphSession => ({
  graph,
  run<const F extends Fetch>(fetches: F, feeds?: unknown): Promise<Fetched<F>> {
    asked.push([name, fetches, feeds]);
    return Promise.reject(new Error(`${name} runs nothing`));
  },
});

test('eval and run ask the session that is given, else the default one', async () => {
  const [x, v, op] = [constant(1), variable(2), noOp()];
  const [a, b] = [session('a'), session('b')];
  const end = makeDefault(a);
  const feeds = [[x, 5]] as const;
  await expect(x.eval()).rejects.toThrow('a runs nothing');
  await expect(v.eval(feeds)).rejects.toThrow('a runs nothing');
  await expect(op.run(feeds, b)).rejects.toThrow('b runs nothing');
  expect(asked).toEqual([
    ['a', x, []],
    ['a', v.value(), feeds],
    ['b', op, feeds],
  ]);
  end();
});

test('the latest default session of a graph counts, until it ends', () => {
  const graph = defaultGraph();
  const other = new Graph();
  expect(defaultSession(graph)).toBeUndefined();
  const [a, b, c] = [session('a'), session('b'), session('c', other)];
  const ends = [a, b, c, a].map(makeDefault);
  expect([defaultSession(graph), defaultSession(other)]).toEqual([a, c]);
  ends[3]();
  ends[3]();
  expect(defaultSession(graph)).toBe(b);
  ends[0]();
  expect(defaultSession(graph)).toBe(b);
  expect(defaultSession(new Graph(graph))).toBe(b);
  ends[1]();
  expect(defaultSession(graph)).toBeUndefined();
  ends[2]();
});

test('without a session, eval and run say what to do', async () => {
  const [x, op] = withGraph(new Graph(), () => [constant(1, { name: 'c' }), noOp({ name: 'go' })]);
  const advice = (call: string, name: string): string =>
    `${call}: no session to run '${name}' in, expected one as the second argument, or a default one. Call ${call}(feeds, session), or make a new InteractiveSession() first.\n  node:    '`;
  await expect(x.eval()).rejects.toThrow(GraphError);
  await expect(x.eval()).rejects.toThrow(advice('eval', 'c:0'));
  await expect(op.run()).rejects.toThrow(advice('run', 'go'));
});
