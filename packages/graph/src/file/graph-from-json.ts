import { withGraph } from '../context.js';
import { GraphError, messageOf } from '../errors.js';
import { Graph } from '../graph.js';
import type { Node } from '../node.js';
import { here, madeAt } from '../location.js';
import { RandomStreamId } from '../ops/random.js';
import { isKnown } from '../shape.js';
import { showSpec } from '../spec.js';
import type { SubGraph } from '../subgraph.js';
import { type Edge, isTensor } from '../tensor.js';
import { Variable } from '../variable.js';
import { scopeMemory } from '../variable-scope.js';
import { type Referents, count, flag, items, listOfValues, properties, text, unexpected } from './codec.js';
import { FORMAT, type GraphJson, VERSION } from './graph-json.js';
import type { GraphFileOptions } from './graph-to-json.js';
import { parseJson } from './parse-json.js';
import { type StoredOp, storedOps } from './op-codecs.js';
import { inputCount } from './op-inputs.js';
import { dtype, shape } from './values.js';

const NODE = ['graph', 'name', 'op', 'inputs', 'attrs', 'after', 'device', 'outputs'];

/** Bodies in bodies, at most. */
const DEEPEST_BODY = 64;

/** Names in a damaged file may be as long as the file. */
const LONGEST_REASON = 500;

/** Nodes in a file, at most. */
const MOST_NODES = 2 ** 20;

/**
 * The graph that `graphToJson` wrote, from what it gave or from its text: equal to the first one, gradients and random numbers that are
 * built on it later included. Throws a `GraphError` that names the node at damaged files, at files of a later version, and at ops that
 * are neither ours nor among `ops`. TensorFlow: `tf.import_graph_def`.
 */
export function graphFromJson(json: GraphJson | string, { ops = [] }: GraphFileOptions = {}): Graph {
  const stored = storedOps(ops);
  try {
    return new GraphReader(stored).read(typeof json === 'string' ? parseJson(json) : json);
  } catch (e) {
    const wrong = messageOf(e);
    const reason = wrong.length > LONGEST_REASON ? `${wrong.slice(0, LONGEST_REASON)} ...` : wrong;
    throw new GraphError(`graphFromJson: ${reason}. The file is damaged, or no graph.`, { cause: e });
  }
}

/** A variable that is made when its initializer is reached. */
interface Waiting {
  readonly name: string;
  readonly read: string;
  make(initializer: (v: Variable) => Node, read: (v: Variable) => Node): Variable;
}

/** Says where in the file it was. */
function within<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (e) {
    // Of errors of inference, what follows the first line tells of the node again.
    const [first] = messageOf(e).split('\n');
    throw new TypeError(`${where}: ${first.replace(/\.$/, '')}`, { cause: e });
  }
}

class GraphReader implements Referents {
  readonly #ops: ReadonlyMap<string, StoredOp>;
  readonly #root = new Graph();
  readonly #graphs: Graph[] = [];
  readonly #nodes = new Map<string, Node>();
  readonly #variables = new Map<string, Variable>();
  /** Of the node that is read. */
  outputs = 0;
  #streams: readonly RandomStreamId[] = [];
  /** By the names of their initializers. */
  readonly #waiting = new Map<string, Waiting>();

  constructor(ops: ReadonlyMap<string, StoredOp>) {
    this.#ops = ops;
  }

  read(json: unknown): Graph {
    const file = properties(json, [
      'format',
      'version',
      'seed',
      'size',
      'graphs',
      'streams',
      'variables',
      'nodes',
      'names',
      'scopes',
    ]);
    const [format, version] = [file.get('format'), file.get('version')];
    if (format !== FORMAT) return unexpected(`format '${FORMAT}'`, format);
    if (version !== VERSION) return unexpected(`version ${VERSION}`, version);
    if (file.has('seed')) this.#root.seed = number(file.get('seed'));
    const bodies = within('graphs', () => items(file.get('graphs')).map((g, i) => this.#readBody(g, i)));
    this.#streams = within('streams', () => items(file.get('streams')).map(readStream));
    const variables = within('variables', () => items(file.get('variables')).map((v) => this.#readVariable(v)));
    // All nodes are made where the file is read: finding that out once is enough.
    madeAt(here(), () => withGraph(this.#root, () => this.#readNodes(items(file.get('nodes')))));
    const [unmade] = this.#waiting.values();
    if (unmade !== undefined) throw new TypeError(`variable '${unmade.name}' has no initializer among the nodes`);
    // In the order in which they were made, which is not that of their nodes where one is made inside another's initial value.
    this.#root.variables.splice(0, Infinity, ...variables.map((name) => this.variable(name)));
    bodies.forEach((rest, i) => within(`graph ${i}`, rest));
    within('names', () => this.#root.names.take(pairs(file.get('names'))));
    within('scopes', () =>
      pairs(file.get('scopes')).forEach(([name, n]) => scopeMemory(this.#root).given.set(name, n)),
    );
    this.#root.count(within('size', () => count.read(file.get('size'), this)));
    return this.#root;
  }

  edge(name: unknown): Edge {
    const [, node = '', index = ''] = /^(.+):(\d+)$/.exec(text.read(name, this)) ?? [];
    const found = this.node(node === '' ? name : node).outputs.at(Number(index));
    return found ?? unexpected(`an output of '${node}'`, name);
  }

  node(name: unknown): Node {
    return this.#nodes.get(text.read(name, this)) ?? unexpected('a node that comes before', name);
  }

  body(json: unknown): SubGraph {
    const given = properties(json, ['graph', 'params', 'outputs']);
    const graph = this.#graph(given.get('graph'));
    const edges = (key: string): Edge[] =>
      items(given.get(key)).map((name) => {
        const t = this.edge(name);
        return t.graph === graph ? t : unexpected(`${key} in the body itself`, name);
      });
    return { graph, params: edges('params'), outputs: edges('outputs') };
  }

  stream(index: unknown): RandomStreamId {
    return this.#streams.at(count.read(index, this)) ?? unexpected('a stream of random numbers', index);
  }

  variable(name: unknown): Variable {
    return this.#variables.get(text.read(name, this)) ?? unexpected('a variable whose nodes come before', name);
  }

  #graph(index: unknown): Graph {
    return this.#graphs.at(count.read(index, this)) ?? unexpected('a graph that comes before', index);
  }

  /** Makes a graph; gives what remains to be read of it when there are nodes. */
  #readBody(json: unknown, index: number): () => void {
    const given = properties(json, ['parent', 'captured', 'awaited']);
    const parent = given.get('parent');
    if (index === 0 && parent !== null) return unexpected('the outermost graph first, of no parent', parent);
    const graph = index === 0 ? this.#root : new Graph(this.#graph(parent));
    let depth = 0;
    for (let g: Graph | null = graph; g !== null; g = g.parent) depth++;
    if (depth > DEEPEST_BODY) return unexpected(`bodies at most ${DEEPEST_BODY} deep`, depth);
    this.#graphs.push(graph);
    return () => {
      for (const pair of items(given.get('captured') ?? [])) {
        const [outer, inner] = items(pair).map((name) => this.edge(name));
        if (inner?.graph !== graph || outer.graph === graph) unexpected('an outer edge and an inner one', pair);
        graph.captured.set(outer, inner);
      }
      for (const name of items(given.get('awaited') ?? [])) graph.awaited.add(this.node(name));
    };
  }

  /** Keeps a variable until its nodes come; gives its name. */
  #readVariable(json: unknown): string {
    const given = properties(json, [
      'name',
      'dtype',
      'shape',
      'trainable',
      'device',
      'initialValue',
      'initializer',
      'read',
      'scoped',
    ]);
    const name = text.read(given.get('name'), this);
    return within(`'${name.slice(0, 100)}'`, () => {
      const dims = shape.read(given.get('shape'), this);
      if (!isKnown(dims)) return unexpected('a fully known shape', given.get('shape'));
      const type = {
        dtype: dtype.read(given.get('dtype'), this),
        shape: dims,
        trainable: flag.read(given.get('trainable'), this),
        device: given.has('device') ? text.read(given.get('device'), this) : undefined,
      };
      const initializer = text.read(given.get('initializer'), this);
      if (this.#waiting.has(initializer)) return unexpected('an initializer of its own', initializer);
      const make: Waiting['make'] = (initialize, read) =>
        new Variable(this.#root, name, type, (v) => {
          const initialValue = this.edge(given.get('initialValue'));
          if (!isTensor(initialValue) || initialValue.graph !== this.#root)
            return unexpected('a tensor of the outermost graph as initial value', given.get('initialValue'));
          if (this.#variables.has(name)) return unexpected('variables of different names', name);
          this.#variables.set(name, v);
          if (given.has('scoped')) scopeMemory(this.#root).variables.set(text.read(given.get('scoped'), this), v);
          return { initialValue, initializer: initialize(v), read: read(v).output() };
        });
      this.#waiting.set(initializer, { name, read: text.read(given.get('read'), this), make });
      return name;
    });
  }

  #readNodes(all: readonly unknown[]): void {
    if (all.length > MOST_NODES) unexpected(`at most ${MOST_NODES} nodes`, all.length);
    for (let i = 0; i < all.length; i++) {
      const given = properties(all[i], NODE);
      const name = within(`node ${i}`, () => text.read(given.get('name'), this));
      const waiting = this.#waiting.get(name);
      if (waiting === undefined) this.#readNode(given);
      else {
        this.#waiting.delete(name);
        // Its two nodes follow each other, as they were made.
        const next = (): Node => this.#readNode(properties(all[++i], NODE));
        const variable = waiting.make(
          () => this.#readNode(given),
          () => next(),
        );
        if (variable.value().op.name !== waiting.read)
          unexpected(`node '${waiting.read}' after '${name}'`, variable.value().op.name);
      }
    }
  }

  #readNode(given: ReadonlyMap<string, unknown>): Node {
    const name = text.read(given.get('name'), this);
    return within(`node '${name.slice(0, 100)}'`, () => {
      const opName = text.read(given.get('op'), this);
      const stored = this.#ops.get(opName);
      if (stored === undefined)
        throw new TypeError(`op '${opName.slice(0, 100)}' is unknown, expected one of ours or of { ops }`);
      const graph = this.#graph(given.get('graph') ?? 0);
      const own = <T extends Edge | Node>(x: T): T =>
        x.graph === graph ? x : unexpected('what is in the same graph', x.name);
      const inputs = items(given.get('inputs') ?? []).map((t) => own(this.edge(t)));
      const control = items(given.get('after') ?? []).map((n) => own(this.node(n)));
      const [least, most] = inputCount(stored.op);
      if (inputs.length < least || inputs.length > most)
        return unexpected(`${least}${most === least ? '' : ' or more'} inputs`, inputs.length);
      const expected = listOfValues(text).read(given.get('outputs'), this);
      this.outputs = expected.length;
      const attrs = stored.attrs.read(given.get('attrs') ?? {}, this);
      const device = given.has('device') ? text.read(given.get('device'), this) : undefined;
      const node = graph.place(stored.op, inputs, attrs, { name, device, control });
      if (node.name !== name) return unexpected('names that occur once', name);
      const outputs = node.outputs.map((t) => showSpec(t.spec)).join(', ');
      if (outputs !== expected.join(', '))
        return unexpected(`the outputs ${outputs || '(none)'}, as its inputs have it`, expected.join(', '));
      this.#nodes.set(name, node);
      return node;
    });
  }
}

const number = (json: unknown): number => (typeof json === 'number' ? json : unexpected('a number', json));

const pairs = (json: unknown): (readonly [string, number])[] =>
  items(json).map((pair) => {
    const [name, n] = items(pair);
    return typeof name === 'string' && Number.isSafeInteger(n)
      ? [name, Number(n)]
      : unexpected('a name and a number', pair);
  });

function readStream(json: unknown): RandomStreamId {
  const given = properties(json, ['graphSeed', 'opSeed', 'index']);
  const seed = (key: string): number | undefined => (given.has(key) ? number(given.get(key)) : undefined);
  const index = given.get('index');
  return new RandomStreamId(
    seed('graphSeed'),
    seed('opSeed'),
    Number.isSafeInteger(index) ? Number(index) : unexpected('an integer', index),
  );
}
