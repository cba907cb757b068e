import type { Graph } from '../graph.js';
import { neededNodes } from '../needed-nodes.js';
import type { Node } from '../node.js';
import { showSpec } from '../spec.js';
import type { SubGraph } from '../subgraph.js';
import type { Edge } from '../tensor.js';

/** Options of pictures of graphs. */
export interface PictureOptions {
  /** What is drawn: what these need. Default: the whole graph. */
  readonly of?: readonly (Edge | Node)[];
  /** Whether arrows say dtype and shape; default true. */
  readonly types?: boolean;
}

/** What a node is drawn as. */
export type PictureKind = 'constant' | 'control' | 'op' | 'parameter' | 'placeholder' | 'variable';

/** A node of a picture. */
export interface PictureNode {
  readonly id: string;
  readonly label: string;
  readonly kind: PictureKind;
}

/** An arrow: of data, of order only, or from what a trip of a loop ends with to what the next one begins with. */
export interface PictureArrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly kind: 'data' | 'order' | 'next';
}

/** A frame around nodes: a name scope, or the body of a loop or a branch. */
export interface PictureFrame {
  readonly id: string;
  readonly title: string;
  readonly kind: 'scope' | 'body';
  readonly nodes: PictureNode[];
  readonly frames: PictureFrame[];
}

/** A graph as nodes in frames, and arrows between them. */
export interface Picture {
  readonly frame: PictureFrame;
  readonly arrows: readonly PictureArrow[];
}

/** What a graph looks like, however it is drawn. */
export const pictureOf = (graph: Graph, { of, types = true }: PictureOptions = {}): Picture =>
  new Painter(types).paint(of === undefined ? graph.nodes : needed(of));

const isNode = (x: Edge | Node): x is Node => 'inputs' in x;
const needed = (of: readonly (Edge | Node)[]): readonly Node[] =>
  neededNodes(
    of.filter((x): x is Edge => !isNode(x)),
    new Set(),
    of.filter(isNode),
  );

class Painter {
  readonly #arrows: PictureArrow[] = [];
  readonly #ids = new Map<Node, string>();
  #frames = 0;
  #nodes = 0;

  constructor(readonly types: boolean) {}

  paint(nodes: readonly Node[]): Picture {
    const frame = this.#frame('', 'scope');
    this.#draw(nodes, frame, new Map(), true);
    return { frame, arrows: this.#arrows };
  }

  #frame(title: string, kind: PictureFrame['kind']): PictureFrame {
    return { id: `f${this.#frames++}`, title, kind, nodes: [], frames: [] };
  }

  /** Draws nodes into a frame, in frames for their scopes when `scoped`; `known` are those that have been drawn already. */
  #draw(nodes: readonly Node[], frame: PictureFrame, known: ReadonlyMap<Node, string>, scoped: boolean): void {
    const scopes = new Map<string, PictureFrame>([['', frame]]);
    const scopeOf = (path: string): PictureFrame => {
      const there = scopes.get(path);
      if (there !== undefined) return there;
      const cut = path.lastIndexOf('/');
      const inner = this.#frame(path.slice(cut + 1), 'scope');
      scopeOf(cut < 0 ? '' : path.slice(0, cut)).frames.push(inner);
      scopes.set(path, inner);
      return inner;
    };
    for (const n of nodes) {
      if (known.has(n)) continue;
      const cut = n.name.lastIndexOf('/');
      const into = scoped && cut > 0 ? scopeOf(n.name.slice(0, cut)) : frame;
      const bodies = n.op.subgraphs?.(n.attrs) ?? [];
      const id = `n${this.#nodes++}`;
      this.#ids.set(n, id);
      into.nodes.push({ id, label: labelOf(n), kind: bodies.length > 0 ? 'control' : kindOf(n) });
      for (const c of n.controlInputs) this.#arrow(this.#ids.get(c), id, '', 'order');
      if (bodies.length === 0) for (const t of n.inputs) this.#arrow(this.#ids.get(t.op), id, this.#type(t), 'data');
      else this.#drawBodies(n, id, bodies, into);
    }
  }

  /** Draws the bodies of a loop or of branches: what it reads arrives at their parameters, what they give leaves from the node itself. */
  #drawBodies(n: Node, id: string, bodies: readonly SubGraph[], into: PictureFrame): void {
    const read = new Set<Edge>();
    const skipped = n.inputs.length - Math.max(...bodies.map(({ params }) => params.length));
    const titles =
      bodies.length === 1 ? ['body'] : n.op.name === 'Loop' ? ['condition', 'body'] : ['then', 'otherwise'];
    bodies.forEach(({ params, outputs }, which) => {
      const frame = this.#frame(`${n.name}: ${titles[which] ?? 'body'}`, 'body');
      into.frames.push(frame);
      const known = new Map<Node, string>();
      // The predicate of a branch comes first, and is read by nobody inside.
      const first = n.op.name === 'Loop' ? 0 : skipped;
      params.forEach((p, i) => {
        const own = `n${this.#nodes++}`;
        known.set(p.op, own);
        this.#ids.set(p.op, own);
        frame.nodes.push({ id: own, label: shortName(p.op), kind: 'parameter' });
        const from = n.inputs[first + i];
        if (from === undefined) return;
        read.add(from);
        this.#arrow(this.#ids.get(from.op), own, this.#type(from), 'data');
      });
      this.#draw(neededNodes(outputs), frame, known, false);
      const carried = carriedBy(n, which, bodies.length);
      outputs.forEach((t, i) => {
        const from = this.#ids.get(t.op);
        this.#arrow(from, id, this.#type(t), 'data');
        const back = i < carried.count ? params[carried.first + i] : undefined;
        if (back !== undefined) this.#arrow(from, this.#ids.get(back.op), 'next', 'next');
      });
    });
    for (const t of n.inputs) if (!read.has(t)) this.#arrow(this.#ids.get(t.op), id, this.#type(t), 'data');
  }

  #type(t: Edge): string {
    return this.types ? showSpec(t.spec) : '';
  }

  #arrow(from: string | undefined, to: string | undefined, label: string, kind: PictureArrow['kind']): void {
    if (from !== undefined && to !== undefined) this.#arrows.push({ from, to, label, kind });
  }
}

/** Which results of a loop's body are what the next trip begins with, and where they arrive. */
function carriedBy(
  { op, attrs }: Node,
  which: number,
  bodies: number,
): { readonly first: number; readonly count: number } {
  const isBody = op.name === 'Loop' && which === bodies - 1;
  const { consts, carry } = attrs as { readonly consts: number; readonly carry: number };
  return isBody ? { first: consts, count: carry } : { first: 0, count: 0 };
}

const shortName = ({ name }: Node): string => name.slice(name.lastIndexOf('/') + 1);

function labelOf(n: Node): string {
  const short = shortName(n);
  return short.replace(/_\d+$/, '') === n.op.name ? short : `${short}\n${n.op.name}`;
}

function kindOf({ op }: Node): PictureKind {
  if (op.name === 'Placeholder') return 'placeholder';
  if (op.name === 'Const') return 'constant';
  return op.effect === 'read' || op.effect === 'write' ? 'variable' : 'op';
}
