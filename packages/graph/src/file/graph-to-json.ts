import type { Graph } from '../graph.js';
import { GraphError, explain, messageOf } from '../errors.js';
import type { Node } from '../node.js';
import type { Op } from '../op.js';
import type { RandomStreamId } from '../ops/random.js';
import { showSpec } from '../spec.js';
import type { Edge } from '../tensor.js';
import type { Variable } from '../variable.js';
import { scopeMemory } from '../variable-scope.js';
import type { Json, References } from './codec.js';
import { type BodyJson, FORMAT, type GraphJson, type NodeJson, VERSION, type VariableJson } from './graph-json.js';
import { type StoredOp, storedOps } from './op-codecs.js';
import { shape } from './values.js';

/** Options of graph files. */
export interface GraphFileOptions {
  /** Ops of one's own that the graph holds: `op` of what `defineOp` returned. Their attributes are plain data. */
  readonly ops?: readonly Op[];
}

/**
 * A graph as JSON: nodes with their attributes, bodies of loops and branches, variables, names, devices, seeds. `JSON.stringify` makes a
 * file of it, `graphFromJson` an equal graph. Values of variables are not in it: `Saver` keeps those. Throws a `GraphError` at ops of one's
 * own that are not among `ops`, or have attributes that are no plain data. TensorFlow: `graph.as_graph_def`.
 */
export const graphToJson = (graph: Graph, { ops = [] }: GraphFileOptions = {}): GraphJson =>
  new GraphWriter(graph.root, storedOps(ops)).write();

/** What has to be written before a node. */
interface Pending {
  readonly node: Node;
  readonly json: () => NodeJson;
  readonly before: readonly Node[];
  next: number;
}

class GraphWriter implements References {
  readonly #root: Graph;
  readonly #ops: ReadonlyMap<string, StoredOp>;
  readonly #graphs = new Map<Graph, number>();
  readonly #streams = new Map<RandomStreamId, number>();
  readonly #written = new Map<Node, NodeJson>();
  /** What the attributes that are being written refer to. */
  #met: Node[] = [];

  constructor(root: Graph, ops: ReadonlyMap<string, StoredOp>) {
    this.#root = root;
    this.#ops = ops;
    this.#indexOf(root);
  }

  write(): GraphJson {
    const root = this.#root;
    for (const n of root.nodes) this.#writeWithAllBefore(n);
    const { variables, given } = scopeMemory(root);
    const scoped = new Map([...variables].map(([full, v]) => [v, full]));
    return {
      format: FORMAT,
      version: VERSION,
      ...(root.seed !== undefined && { seed: root.seed }),
      size: root.size,
      graphs: [...this.#graphs.keys()].map((g) => this.#bodyJson(g)),
      streams: [...this.#streams.keys()].map(({ graphSeed, opSeed, index }) => ({
        ...(graphSeed !== undefined && { graphSeed }),
        ...(opSeed !== undefined && { opSeed }),
        index,
      })),
      variables: root.variables.map((v) => this.#variableJson(v, scoped.get(v))),
      nodes: [...this.#written.values()],
      names: this.#names(),
      scopes: sorted(given),
    };
  }

  /** The names that do not follow from those of nodes. */
  #names(): (readonly [string, number])[] {
    const implied = new Set([...this.#written.keys()].map((n) => n.name.toLowerCase()));
    return sorted([...this.#root.names.used].filter(([name, next]) => next !== 1 || !implied.has(name)));
  }

  edge(t: Edge): string {
    this.#met.push(t.op);
    return t.name;
  }

  node(n: Node): string {
    this.#met.push(n);
    return n.name;
  }

  body({ graph, params, outputs }: { graph: Graph; params: readonly Edge[]; outputs: readonly Edge[] }): Json {
    this.#met.push(...graph.nodes.slice(-1));
    return {
      graph: this.#indexOf(graph),
      params: params.map((t) => this.edge(t)),
      outputs: outputs.map((t) => this.edge(t)),
    };
  }

  stream(id: RandomStreamId): number {
    const known = this.#streams.get(id) ?? this.#streams.size;
    this.#streams.set(id, known);
    return known;
  }

  variable(v: Variable): string {
    this.#met.push(v.value().op);
    return v.op;
  }

  /** Graphs are numbered after those around them. */
  #indexOf(graph: Graph): number {
    const around: Graph[] = [];
    for (let g: Graph | null = graph; g !== null && !this.#graphs.has(g); g = g.parent) around.push(g);
    for (const g of around.reverse()) this.#graphs.set(g, this.#graphs.size);
    return this.#graphs.get(graph) ?? 0;
  }

  /** Writes a node after what is before it in its graph, and what its attributes refer to; without recursion, as graphs are long. */
  #writeWithAllBefore(last: Node): void {
    const path: Pending[] = [];
    const onPath = new Set<Node>();
    const enter = (n: Node): void => {
      if (this.#written.has(n)) return;
      if (onPath.has(n)) this.#refuse(n, 'a body that holds itself cannot be written');
      onPath.add(n);
      path.push(this.#pending(n));
    };
    enter(last);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.next < top.before.length) enter(top.before[top.next++]);
      else {
        path.pop();
        onPath.delete(top.node);
        this.#written.set(top.node, top.json());
      }
    }
  }

  #pending(n: Node): Pending {
    const { nodes } = n.graph;
    const attrs = this.#attrsOf(n);
    // The nodes of a variable refer to it, and it to them.
    const refers = this.#met.filter((m) => m.graph !== n.graph || m.id < n.id);
    this.#met = [];
    const before = [...(n.id === 0 ? [] : [nodes[n.id - 1]]), ...refers];
    const graph = this.#indexOf(n.graph);
    const json = (): NodeJson => ({
      ...(graph !== 0 && { graph }),
      name: n.name,
      op: n.op.name,
      ...(n.inputs.length > 0 && { inputs: n.inputs.map((t) => t.name) }),
      ...(attrs !== undefined && { attrs }),
      ...(n.controlInputs.length > 0 && { after: n.controlInputs.map((c) => c.name) }),
      ...(n.device !== undefined && { device: n.device }),
      outputs: n.outputs.map((t) => showSpec(t.spec)),
    });
    return { node: n, json, before, next: 0 };
  }

  #attrsOf(n: Node): Json | undefined {
    const stored = this.#ops.get(n.op.name);
    if (stored?.op !== n.op) {
      const known = stored === undefined ? 'is not known to files' : 'is another one than that of this name in files';
      return this.#refuse(n, `op '${n.op.name}' ${known}. Pass ops of your own as { ops }`);
    }
    if (Object.keys(n.attrs ?? {}).length === 0) return undefined;
    try {
      return stored.attrs.write(n.attrs, this);
    } catch (e) {
      return this.#refuse(n, messageOf(e));
    }
  }

  #bodyJson(graph: Graph): BodyJson {
    const { parent, captured, awaited } = graph;
    const isHere = (t: Edge): boolean => this.#written.has(t.op);
    const pairs = [...captured].filter(([outer, inner]) => isHere(outer) && isHere(inner));
    const after = [...awaited].filter((n) => this.#written.has(n));
    return {
      parent: parent === null ? null : this.#indexOf(parent),
      ...(pairs.length > 0 && { captured: pairs.map(([outer, inner]) => [outer.name, inner.name] as const) }),
      ...(after.length > 0 && { awaited: after.map((n) => n.name) }),
    };
  }

  #variableJson(v: Variable, scoped: string | undefined): VariableJson {
    return {
      name: v.op,
      dtype: v.dtype,
      shape: shape.write(v.shape, this),
      trainable: v.trainable,
      ...(v.device !== undefined && { device: v.device }),
      initialValue: v.initialValue.name,
      initializer: v.initializer.name,
      read: v.value().op.name,
      ...(scoped !== undefined && { scoped }),
    };
  }

  #refuse(n: Node, wrong: string): never {
    throw new GraphError(explain(`graphToJson: ${wrong}.`, n.toString(), n.location));
  }
}

/** Names in an order that does not depend on when they were taken. */
const sorted = (names: Iterable<readonly [string, number]>): (readonly [string, number])[] =>
  [...names].sort(([a], [b]) => (a < b ? -1 : 1));
