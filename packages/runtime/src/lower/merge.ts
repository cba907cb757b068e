import {
  type CondAttrs,
  type Edge,
  type Graph,
  type LoopAttrs,
  type Node,
  type SubGraph,
  control,
} from '@tensorloom/graph';

/** A loop or branch as a run will have it: the union of what its copies save, and where each copy's outputs are found. */
export interface Merged {
  readonly attrs: LoopAttrs | CondAttrs;
  /** Body and condition of a loop, or both branches; what is saved is among their outputs. */
  readonly bodies: readonly Pick<SubGraph, 'params' | 'outputs'>[];
  /** The output of the merged node that stands for an output of one of its copies. */
  readonly index: ReadonlyMap<Edge, number>;
}

/** Whether a node is a loop. */
export const isLoop = (n: Node): n is Node<LoopAttrs> => n.op === control.loop;
/** Whether a node is a branch. */
export const isCond = (n: Node): n is Node<CondAttrs> => n.op === control.cond;

/**
 * The copies of each loop and branch among `nodes`, itself one of them. Gradients repeat the node they differentiate, with the
 * same body and the same inputs, in order to save what the way back reads.
 */
export function copiesOf(nodes: readonly Node[]): ReadonlyMap<Node, readonly Node[]> {
  const byBody = new Map<Graph, Node[][]>();
  const copies = new Map<Node, readonly Node[]>();
  for (const n of nodes) {
    const body = isLoop(n) ? n.attrs.body.graph : isCond(n) ? n.attrs.then.graph : undefined;
    if (body === undefined) continue;
    const groups = byBody.get(body) ?? [];
    byBody.set(body, groups);
    let group = groups.find(([first]) => first.inputs.every((t, i) => t === n.inputs[i]));
    if (group === undefined) groups.push((group = []));
    group.push(n);
    copies.set(n, group);
  }
  return copies;
}

/**
 * Merges copies of one loop or branch: a run needs only one, which saves what any of them does. Outputs that are not in `used`
 * are dropped from loops. `null` for any other node.
 */
export function merge(copies: readonly Node[], used: ReadonlySet<Edge>): Merged | null {
  const loops = copies.filter(isLoop);
  if (loops.length > 0) return mergeLoops(loops, used);
  const conds = copies.filter(isCond);
  return conds.length > 0 ? mergeConds(conds) : null;
}

function mergeLoops(copies: readonly Node<LoopAttrs>[], used: ReadonlySet<Edge>): Merged {
  const { attrs } = copies[0];
  const { carry, body } = attrs;
  // What each list output stacks, one entry for values that several copies save.
  const stacked = new Map<Edge, number>();
  const index = new Map<Edge, number>();
  for (const c of copies) {
    const collected = [...body.outputs.slice(carry), ...c.attrs.saved];
    collected.forEach((t, i) => {
      const out = c.outputs[carry + i];
      if (!used.has(out)) return;
      const at = stacked.get(t) ?? carry + stacked.size;
      stacked.set(t, at);
      index.set(out, at);
    });
    for (let i = 0; i < carry; i++) index.set(c.outputs[i], i);
  }
  for (const c of copies) index.set(c.outputs[c.outputs.length - 1], carry + stacked.size);
  const turned = { ...body, outputs: [...body.outputs.slice(0, carry), ...stacked.keys()] };
  const bodies = attrs.cond === null ? [turned] : [turned, attrs.cond];
  return { attrs: { ...attrs, body: turned, saved: [] }, bodies, index };
}

function mergeConds(copies: readonly Node<CondAttrs>[]): Merged {
  const { attrs } = copies[0];
  const n = attrs.then.outputs.length;
  const savedThen = [...new Set(copies.flatMap((c) => c.attrs.savedThen))];
  const savedOtherwise = [...new Set(copies.flatMap((c) => c.attrs.savedOtherwise))];
  const index = new Map<Edge, number>();
  for (const c of copies) {
    c.outputs.forEach((out, i) => {
      const k = i - n;
      const own = c.attrs.savedThen.length;
      if (k < 0) index.set(out, i);
      else if (k < own) index.set(out, n + savedThen.indexOf(c.attrs.savedThen[k]));
      else index.set(out, n + savedThen.length + savedOtherwise.indexOf(c.attrs.savedOtherwise[k - own]));
    });
  }
  const bodies = [
    { ...attrs.then, outputs: [...attrs.then.outputs, ...savedThen] },
    { ...attrs.otherwise, outputs: [...attrs.otherwise.outputs, ...savedOtherwise] },
  ];
  return { attrs: { ...attrs, savedThen, savedOtherwise }, bodies, index };
}
