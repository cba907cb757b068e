import { type CondAttrs, type Edge, type LoopAttrs, type Node, type Op, control } from '@tensorloom/graph';

/** A loop or branch as a run will have it: the union of what its copies save, and where each copy's outputs are found. */
export interface Merged {
  readonly attrs: unknown;
  /** The output of the merged node that stands for an output of one of its copies. */
  readonly index: ReadonlyMap<Edge, number>;
}

const isLoop = (n: Node): n is Node<LoopAttrs> => n.op === (control.loop as Op);
const isCond = (n: Node): n is Node<CondAttrs> => n.op === (control.cond as Op);

/** The node that a loop or branch repeats, itself when it was not widened for a gradient. */
export function original(n: Node): Node {
  if (!isLoop(n) && !isCond(n)) return n;
  let base: Node<LoopAttrs> | Node<CondAttrs> = n;
  for (let next = base.attrs.widens; next !== null; next = base.attrs.widens) base = next;
  return base as Node;
}

/**
 * Merges copies of one loop or branch: gradients repeat the node they differentiate in order to save what the way back reads;
 * a run needs only one copy, which saves what any of them does. Outputs that are not in `used` are dropped from loops.
 */
export function merge(copies: readonly Node[], used: ReadonlySet<Edge>): Merged | null {
  const [first] = copies;
  if (isLoop(first)) return mergeLoops(copies.filter(isLoop), used);
  return isCond(first) ? mergeConds(copies.filter(isCond)) : null;
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
      if (!stacked.has(t)) stacked.set(t, carry + stacked.size);
      index.set(out, stacked.get(t) ?? 0);
    });
    for (let i = 0; i < carry; i++) index.set(c.outputs[i], i);
  }
  for (const c of copies) index.set(c.outputs[c.outputs.length - 1], carry + stacked.size);
  const outputs = [...body.outputs.slice(0, carry), ...stacked.keys()];
  return { attrs: { ...attrs, body: { ...body, outputs }, saved: [] }, index };
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
  return { attrs: { ...attrs, savedThen, savedOtherwise }, index };
}
