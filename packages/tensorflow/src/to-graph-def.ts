import {
  Const,
  type Edge,
  type Graph,
  GraphError,
  NoOp,
  type Node,
  type Op,
  Placeholder,
  defaultGraph,
  explain,
  families,
  neededNodes,
} from '@tensorloom/graph';
import { copiesOf, isCond, isLoop, merge } from '@tensorloom/runtime';
import { Emitter, type Library, type Ref, shapeOfEdge, typeAttr } from './emitter.js';
import { type FunctionDef, encodeGraphDef } from './messages/graph-def.js';
import {
  alongAxisTranslations,
  createTranslations,
  indexingTranslations,
  matrixTranslations,
  reduceTranslations,
} from './translate/compute.js';
import { controlTranslations, writeCond, writeLoop } from './translate/control.js';
import { checkTranslations, randomTranslations, stateTranslations } from './translate/effects.js';
import { elementwiseTranslations, mixedTranslations } from './translate/elementwise.js';
import { listTranslations } from './translate/list.js';
import { shapeTranslations, stridedTranslations } from './translate/shape.js';
import { type Translation, Unavailable, translationsOf } from './translate/translation.js';

/** What each op is in TensorFlow; loops and branches, which have copies, are written by `GraphWriter`. */
const translations: ReadonlyMap<Op, Translation<unknown>> = new Map([
  ...translationsOf(
    { Const, Placeholder, NoOp },
    {
      Const: (node, e) => {
        const { spec, data } = node.attrs;
        if (spec.kind === 'list' || spec.shape === undefined) throw new Unavailable('Const: expected a tensor');
        const shape = spec.shape.map((d) => d ?? 0);
        const value = { dtype: spec.dtype, shape, data };
        return [e.main('Const', [], { dtype: { type: spec.dtype }, value: { tensor: value } })];
      },
      Placeholder: (node, e) => [
        e.main('Placeholder', [], {
          dtype: typeAttr(node.outputs[0]),
          shape: { shape: shapeOfEdge(node.outputs[0]) },
        }),
      ],
      NoOp: (_, e) => {
        e.main('NoOp', [], {});
        return [];
      },
    },
  ),
  ...translationsOf(families.elementwise, elementwiseTranslations),
  ...translationsOf(families.mixed, mixedTranslations),
  ...translationsOf(families.shape, shapeTranslations),
  ...translationsOf(families.strided, stridedTranslations),
  ...translationsOf(families.reduce, reduceTranslations),
  ...translationsOf(families.matrix, matrixTranslations),
  ...translationsOf(families.create, createTranslations),
  ...translationsOf(families.indexing, indexingTranslations),
  ...translationsOf(families.alongAxis, alongAxisTranslations),
  ...translationsOf(families.random, randomTranslations),
  ...translationsOf(families.state, stateTranslations),
  ...translationsOf(families.list, listTranslations),
  ...translationsOf(families.control, controlTranslations),
  ...translationsOf(families.check, checkTranslations),
]);

/** A graph for TensorFlow. */
export interface GraphDefExport {
  /** A serialized `GraphDef`. */
  readonly bytes: Uint8Array;
  /** What TensorFlow calls a tensor of the graph, to feed or to fetch it: `MatMul:0`, as here but for outputs of loops and branches. */
  readonly tensorName: (tensor: Edge) => string;
}

/**
 * A graph as TensorFlow's `GraphDef`, with the same names: variables as resources, loops and branches as `While` and `If` with functions, lists
 * as tensor lists, random ops with the same seeds. TensorFlow 2 loads it with `tf.graph_util.import_graph_def`, TensorBoard shows it. Throws
 * a `GraphError` at an op that TensorFlow does not have, one of one's own among them. Values of variables are not in it: run their initializers.
 */
export function toGraphDef(graph: Graph = defaultGraph()): GraphDefExport {
  const writer = new GraphWriter(graph.root);
  const root = writer.write();
  return {
    bytes: encodeGraphDef({ nodes: root.nodes, functions: writer.functions }),
    tensorName: (tensor) => {
      const ref = root.at(tensor);
      return 'argument' in ref ? ref.argument : `${ref.node}:${ref.index}`;
    },
  };
}

/** Whether leaving a node of a body out would be noticed. */
const acts = ({ op, attrs }: Node): boolean =>
  op.effect === 'write' ||
  op.effect === 'external' ||
  (op.subgraphs?.(attrs) ?? []).some(({ outputs }) => outputs.some((t) => t.graph.nodes.some(acts)));

class GraphWriter implements Library {
  readonly functions: FunctionDef[] = [];
  readonly #functionNames = new Set<string>();

  constructor(readonly root: Graph) {}

  write(): Emitter {
    const e = new Emitter(this, false);
    this.#writeNodes(e, this.root.nodes);
    return e;
  }

  functionName(wanted: string): string {
    const plain = wanted.replace(/[^A-Za-z0-9]+/g, '_');
    let name = plain;
    for (let i = 1; this.#functionNames.has(name); i++) name = `${plain}_${i}`;
    this.#functionNames.add(name);
    return name;
  }

  isTaken(name: string): boolean {
    return this.root.names.used.has(name.toLowerCase());
  }

  writeBody(e: Emitter, outputs: readonly Edge[], given: ReadonlyMap<Edge, Ref>): void {
    const graphs = new Set([...outputs, ...given.keys()].map((t) => t.graph));
    const acting = [...graphs].flatMap((g) => g.nodes.filter(acts));
    this.#writeNodes(
      e,
      neededNodes(outputs, given, acting).filter(({ outputs: own }) => !own.some((t) => given.has(t))),
    );
  }

  #writeNodes(e: Emitter, nodes: readonly Node[]): void {
    const copies = copiesOf(nodes);
    for (const node of nodes) {
      const group = copies.get(node) ?? [];
      try {
        if (group.length > 0 && group[0] !== node) e.define(node, () => node.outputs.map((t) => e.at(t)));
        else e.define(node, () => this.#write(e, node, group));
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        throw new GraphError(explain(`toGraphDef: ${error.message}.`, node.toString(), node.location), {
          cause: error,
        });
      }
    }
  }

  #write(e: Emitter, node: Node, copies: readonly Node[]): readonly Ref[] {
    const merged = copies.length > 0 ? merge(copies, new Set(copies.flatMap((c) => c.outputs))) : null;
    if (merged !== null && (isLoop(node) || isCond(node))) {
      const outputs = isLoop(node) ? writeLoop(node, merged, e) : writeCond(node, merged, e);
      for (const [edge, index] of merged.index) e.bind(edge, outputs[index]);
      return node.outputs.map((t) => e.at(t));
    }
    const translation = translations.get(node.op);
    if (translation === undefined) throw new Unavailable(`TensorFlow has no op '${node.op.name}'`);
    return translation(node, e);
  }
}
